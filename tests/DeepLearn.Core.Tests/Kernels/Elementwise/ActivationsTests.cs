using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

public class ActivationsTests
{
    private delegate void Forward(ReadOnlySpan<double> input, Span<double> output);

    private delegate void Backward(ReadOnlySpan<double> source, ReadOnlySpan<double> gradient, Span<double> destination);

    [Fact]
    public void Activations_values_equal_their_formulas()
    {
        Check(Activations.Relu, x => Math.Max(x, 0));
        Check((x, y) => Activations.LeakyRelu(x, 0.2, y), x => x > 0 ? x : 0.2 * x);
        Check((x, y) => Activations.Elu(x, 1.5, y), x => x > 0 ? x : 1.5 * (Math.Exp(x) - 1));
        Check(Activations.Gelu, x => x * (1 + VectorMath.Erf(x / Math.Sqrt(2))) / 2);
        Check(Activations.GeluTanh, x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))));
        Check(Activations.Silu, x => x / (1 + Math.Exp(-x)));
        Check(Activations.Sigmoid, x => 1 / (1 + Math.Exp(-x)));
        Check(Activations.Tanh, Math.Tanh);
        Check(Activations.Softplus, x => Math.Log(1 + Math.Exp(x)));

        static void Check(Forward f, Func<double, double> formula)
        {
            double[] x = [.. Enumerable.Range(-60, 121).Select(i => i / 10.0)], y = new double[x.Length];
            f(x, y);
            for (int i = 0; i < x.Length; i++)
                Assert.Equal(formula(x[i]), y[i], 1e-14);
        }
    }

    [Fact]
    public void Activations_backward_equals_the_numeric_derivative()
    {
        Check(Activations.Relu, Activations.ReluBackward, true);
        Check((x, y) => Activations.LeakyRelu(x, 0.2, y), (x, g, d) => Activations.LeakyReluBackward(x, g, 0.2, d), false);
        Check((x, y) => Activations.Elu(x, 1.5, y), (x, g, d) => Activations.EluBackward(x, g, 1.5, d), false);
        Check(Activations.Gelu, Activations.GeluBackward, false);
        Check(Activations.GeluTanh, Activations.GeluTanhBackward, false);
        Check(Activations.Silu, Activations.SiluBackward, false);
        Check(Activations.Sigmoid, Activations.SigmoidBackward, true);
        Check(Activations.Tanh, Activations.TanhBackward, true);
        Check(Activations.Softplus, Activations.SoftplusBackward, false);

        static void Check(Forward f, Backward backward, bool fromOutput)
        {
            const double Step = 1e-6;
            double[] x = [.. Enumerable.Range(-50, 101).Select(i => (i / 10.0) + 0.03)];
            double[] above = new double[x.Length], below = new double[x.Length], y = new double[x.Length],
            derivative = new double[x.Length];
            f([.. x.Select(value => value + Step)], above);
            f([.. x.Select(value => value - Step)], below);
            f(x, y);
            double[] gradient = [.. x.Select((_, i) => 1 + (i % 3))];
            backward(fromOutput ? y : x, gradient, derivative);
            for (int i = 0; i < x.Length; i++)
                Assert.Equal(gradient[i] * (above[i] - below[i]) / (2 * Step), derivative[i], 1e-8);
        }
    }

    [Fact]
    public void Relu_keeps_NaN_and_its_gradient_at_zero_is_zero()
    {
        float[] y = new float[4];
        Activations.Relu([float.NaN, -1, 0, 2], y);
        Assert.Equal([float.NaN, 0, 0, 2], y);
        Activations.ReluBackward([0, -0f, 1, float.NaN], [5, 5, 5, 5], y);
        Assert.Equal([0, 0, 5, 0], y);
    }

    [Fact]
    public void Activations_in_float_follow_double_within_their_bound()
    {
        // Absolute error in units in the last place of the larger of argument and result.
        (Action<float[], float[]>, Action<double[], double[]>)[] pairs =
        [
            ((x, y) => Activations.Gelu<float>(x, y), (x, y) => Activations.Gelu<double>(x, y)),
            ((x, y) => Activations.GeluTanh<float>(x, y), (x, y) => Activations.GeluTanh<double>(x, y)),
            ((x, y) => Activations.Silu<float>(x, y), (x, y) => Activations.Silu<double>(x, y)),
            ((x, y) => Activations.Elu(x, 1.5f, y), (x, y) => Activations.Elu(x, 1.5, y)),
        ];
        foreach ((Action<float[], float[]> single, Action<double[], double[]> wide) in pairs)
        {
            // And every 65,521st float: all exponents, both signs, subnormal numbers.
            float[] x =
            [
                .. Enumerable.Range(-4000, 8001).Select(i => i / 300f),
                .. Enumerable.Range(0, 65550).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 65521)).Where(float.IsFinite),
                .. FunctionEdges.Finite<float>().Where(value => Math.Abs(value) < 1e38f),
            ];
            float[] y = new float[x.Length];
            double[] exact = new double[x.Length];
            single(x, y);
            wide([.. x.Select(value => (double)value)], exact);
            for (int i = 0; i < x.Length; i++)
            {
                double bound = 4 * Ulp.Of(Math.Max(Math.Abs(x[i]), (float)Math.Abs(exact[i])));
                if (!(Math.Abs(exact[i] - y[i]) <= bound))
                    Assert.Fail($"f({x[i]:R}) = {y[i]:R}, not {exact[i]:R}");
            }
        }
    }

    [Fact]
    public void Activations_in_double_follow_256_bit_arithmetic_within_their_bound()
    {
        // The same bound as that of float, against 256 bits.
        BigReal root = BigReal.SquareRoot(2), derivative = BigReal.SquareRoot(BigReal.From(2) / BigReal.Pi) * 2;
        BigReal cubic = (BigReal)44715 / 1000000;
        Check(Activations.Gelu, x => x * (BigReal.One + BigReal.Erf(x / root)) / 2);
        Check(Activations.GeluTanh, x => x / (BigReal.One + BigReal.Exp(-(derivative * (x + (cubic * x * x * x))))));
        Check(Activations.Silu, x => x / (BigReal.One + BigReal.Exp(-x)));
        Check((x, y) => Activations.Elu(x, 1.5, y), x => x.Mantissa.Sign > 0 ? x : Expm1(x) * 3 / 2);

        static BigReal Expm1(BigReal x) => x.Mantissa.GetBitLength() + x.Exponent < -70 ? x : BigReal.Exp(x) - BigReal.One;

        static void Check(Forward f, Func<BigReal, BigReal> formula)
        {
            var random = new Random(3);
            double[] x = new double[900], y = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                double magnitude = (i % 3) switch
                {
                    0 => 8 * random.NextDouble(),
                    1 => 2 * random.NextDouble(),
                    _ => Math.ScaleB(1 + random.NextDouble(), random.Next(-1074, 3)),
                };
                x[i] = random.Next(2) == 0 ? magnitude : -magnitude;
            }
            x = [.. x, .. FunctionEdges.Finite<double>().Where(value => Math.Abs(value) < 12)];
            y = new double[x.Length];
            f(x, y);
            for (int i = 0; i < x.Length; i++)
            {
                BigReal exact = formula(BigReal.From(x[i]));
                double error = Ulp.Error(exact, y[i], Math.Max(Math.Abs(x[i]), Math.Abs(exact.ToDouble())));
                if (!(error <= 4))
                    Assert.Fail($"f({x[i]:R}) = {y[i]:R} is off by {error} ulp");
            }
        }
    }

    [Fact]
    public void Activations_of_infinities_NaN_and_zeros_in_float_have_their_limits() => CheckSpecialValues<float>(float.MaxValue);

    [Fact]
    public void Activations_of_infinities_NaN_and_zeros_in_double_have_their_limits() => CheckSpecialValues<double>(double.MaxValue);

    private static void CheckSpecialValues<T>(T greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T infinity = T.PositiveInfinity, zero = T.Zero, minusZero = T.NegativeZero, half = T.One / (T.One + T.One);
        foreach ((string name, Action<T[], T[]> f) in (ReadOnlySpan<(string, Action<T[], T[]>)>)[
            ("GELU", (x, y) => Activations.Gelu<T>(x, y)), ("its tanh form", (x, y) => Activations.GeluTanh<T>(x, y)),
            ("SiLU", (x, y) => Activations.Silu<T>(x, y))])
        {
            T[] y = new T[7];
            f([T.NaN, infinity, -infinity, greatest, -greatest, zero, minusZero], y);
            Assert.True(T.IsNaN(y[0]), name);
            Bits.AssertSame<T>([infinity, minusZero, greatest, minusZero, zero, minusZero], y[1..], name);
        }
        T alpha = T.CreateChecked(1.5);
        T[] elu = new T[5];
        Activations.Elu<T>([T.NaN, infinity, -infinity, greatest, -greatest], alpha, elu);
        Assert.Equal([T.NaN, infinity, -alpha, greatest, -alpha], elu);
        foreach ((string name, Action<T[], T[], T[]> derivative) in (ReadOnlySpan<(string, Action<T[], T[], T[]>)>)[
            ("GELU", (x, g, d) => Activations.GeluBackward<T>(x, g, d)),
            ("its tanh form", (x, g, d) => Activations.GeluTanhBackward<T>(x, g, d)),
            ("SiLU", (x, g, d) => Activations.SiluBackward<T>(x, g, d))])
        {
            T[] d = new T[7];
            derivative(
                [T.NaN, infinity, -infinity, greatest, -greatest, zero, minusZero], [T.One, T.One, T.One, T.One, T.One, T.One, T.One], d);
            Assert.True(T.IsNaN(d[0]), name);
            Assert.Equal([T.One, zero, T.One, zero, half, half], d[1..]);
        }
    }
}
