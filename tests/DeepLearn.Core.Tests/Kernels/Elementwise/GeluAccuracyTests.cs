using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

/// <summary>GELU within 4 units in the last place of its argument, its derivative within 4 of 1: everywhere, in both precisions.</summary>
public class GeluAccuracyTests
{
    private static readonly Lazy<GeluReference> Reference = new();

    /// <summary>Where approximations are likely to change or to leave off: ends of ranges, and what other libraries divide at.</summary>
    private static readonly double[] Borders =
    [
        0.5, 0.66, 0.75, 0.84, 0.92, 1, 1.25, 1.3, Math.Sqrt(2), 1.5, 2, 2.5, 2.86, 3, 3.5, 3.93, 4, 4.5, 5, 5.4, 5.5, 5.56, 5.93, 6, 6.5,
        7,
        7.5, 8, 8.3, 8.39, 8.5, 8.8, 9, 9.5,
    ];

    private static readonly double[] FarInBoth = [10, 12, 14.5, 20, 26.5, 37.6, 38.5, 40, 60.5, 1e4, 1e19];

    [Fact]
    public void GeluReference_agrees_with_256_bit_arithmetic()
    {
        var random = new Random(11);
        for (int i = 0; i < 300; i++)
        {
            double x = i < 20 ? Math.ScaleB(i - 10.5, -20) : 20 * (random.NextDouble() - 0.5);
            BigReal gelu = GeluReference.Gelu(x), derivative = GeluReference.Derivative(x);
            double nearGelu = gelu.ToDouble() * 1.0001, nearDerivative = derivative.ToDouble() + 0.0001;
            double offGelu = Math.Abs((gelu - BigReal.From(nearGelu)).ToDouble()),
            offDerivative = Math.Abs((derivative - BigReal.From(nearDerivative)).ToDouble());
            Assert.Equal(offGelu, Reference.Value.ErrorOfGelu(x, nearGelu), Math.ScaleB(Math.Abs(x), -58));
            Assert.Equal(offDerivative, Reference.Value.ErrorOfDerivative(x, nearDerivative), Math.ScaleB(1, -58));
        }
    }

    [Fact]
    public void Gelu_in_float_is_within_its_bound_everywhere() => Judge(FloatsWithin10(), 6);

    [Fact]
    public void Gelu_in_double_is_within_its_bound_everywhere() => Judge(DoublesWithin10(), 8.8);

    [Fact]
    public void Gelu_at_the_ends_of_the_range_in_float_is_within_its_bound() =>
        JudgeEnds<float>([.. FarInBoth, 1e38, float.MaxValue], float.Epsilon);

    [Fact]
    public void Gelu_at_the_ends_of_the_range_in_double_is_within_its_bound() =>
        JudgeEnds<double>([.. FarInBoth, 1e154, 1e200, double.MaxValue], double.Epsilon);

    [Fact]
    public void Gelu_of_infinities_NaN_and_zeros_in_float_has_its_limits() => CheckSpecialValues<float>();

    [Fact]
    public void Gelu_of_infinities_NaN_and_zeros_in_double_has_its_limits() => CheckSpecialValues<double>();

    [Fact]
    public void GeluBackward_of_tiny_and_huge_gradients_in_float_is_within_its_bound() =>
        JudgeGradients<float>([1e-40, 1e-38, 1e-30, 0.3, -1.7, 1e30, 2e38]);

    [Fact]
    public void GeluBackward_of_tiny_and_huge_gradients_in_double_is_within_its_bound() =>
        JudgeGradients<double>([1e-310, 1e-308, 1e-30, 0.3, -1.7, 1e300, 1e308]);

    /// <summary>Up to 10 in magnitude: every 61st float from 1/16 on, every 8191st below, and all floats next to a border.</summary>
    private static float[] FloatsWithin10()
    {
        var numbers = new List<float>();
        uint dense = BitConverter.SingleToUInt32Bits(1f / 16), last = BitConverter.SingleToUInt32Bits(10);
        for (uint pattern = 0; pattern <= last; pattern += pattern < dense ? 8191u : 61)
        {
            numbers.Add(BitConverter.UInt32BitsToSingle(pattern));
            numbers.Add(-BitConverter.UInt32BitsToSingle(pattern));
        }
        return [.. numbers, .. Borders.SelectMany(border => Ulp.Around<float>(border, 100))];
    }

    private static double[] DoublesWithin10()
    {
        var random = new Random(5);
        return
        [
            .. Enumerable.Range(0, 400_000).Select(_ => 20 * (random.NextDouble() - 0.5)),
            .. Enumerable.Range(0, 100_000).Select(_ => Math.ScaleB(random.NextDouble() - 0.5, -random.Next(0, 60))),
            .. Borders.SelectMany(border => Ulp.Around<double>(border, 100)),
        ];
    }

    /// <summary>The largest errors seen are 2.9 ulp for GELU in float and 3.0 in double, for its derivative 2.4 and 3.3.</summary>
    private static void Judge<T>(T[] x, double flat)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = new T[x.Length], d = new T[x.Length];
        Activations.Gelu<T>(x, y);
        Activations.GeluBackward<T>(x, Ones<T>(x.Length), d);
        double ulpOfOne = Ulp.Of(T.One);
        for (int i = 0; i < x.Length; i++)
        {
            double argument = double.CreateChecked(x[i]);
            double error = Reference.Value.ErrorOfGelu(argument, double.CreateChecked(y[i])) / Ulp.Of(x[i]);
            double ofDerivative = Reference.Value.ErrorOfDerivative(argument, double.CreateChecked(d[i])) / ulpOfOne;
            if (!(error <= 4))
                Assert.Fail($"gelu({x[i]:R}) = {y[i]:R} is off by {error} ulp of the argument");
            if (!(ofDerivative <= 4))
                Assert.Fail($"the derivative at {x[i]:R}, {d[i]:R}, is off by {ofDerivative} ulp of 1");
            if (Math.Abs(argument) >= flat && d[i] != (argument > 0 ? T.One : T.Zero))
                Assert.Fail($"the derivative at {x[i]:R} is {d[i]:R}");
        }
    }

    /// <summary>Far out and next to zero, against 256 bits.</summary>
    private static void JudgeEnds<T>(double[] far, T least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The least subnormal number is a last place of the smallest normal one.
        T leastNormal = least / T.CreateChecked(Ulp.Of(T.One));
        List<T> numbers = [.. far.Select(T.CreateChecked), leastNormal - least, leastNormal, leastNormal + least, T.ScaleB(leastNormal, 1)];
        for (int i = 1; i < 40; i++)
        {
            numbers.Add(least * T.CreateChecked(i));
            numbers.Add(T.ScaleB(T.CreateChecked(0.9 + i), -10 * i));
        }
        T[] x = [.. numbers, .. numbers.Select(value => -value)], y = new T[x.Length], d = new T[x.Length];
        Activations.Gelu<T>(x, y);
        Activations.GeluBackward<T>(x, Ones<T>(x.Length), d);
        for (int i = 0; i < x.Length; i++)
        {
            double argument = double.CreateChecked(x[i]);
            Assert.True(Ulp.Error(GeluReference.Gelu(argument), y[i], x[i]) <= 4, $"gelu({x[i]:R}) = {y[i]:R}");
            Assert.True(Ulp.Error(GeluReference.Derivative(argument), d[i], T.One) <= 4, $"the derivative at {x[i]:R} is {d[i]:R}");
            if (Math.Abs(argument) >= 10)
                Assert.Equal(argument > 0 ? T.One : T.Zero, d[i]);
        }
    }

    private static void CheckSpecialValues<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T infinity = T.PositiveInfinity, half = T.One / (T.One + T.One);
        T[] x = [infinity, -infinity, T.NaN, T.Zero, T.NegativeZero], result = new T[x.Length];
        Activations.Gelu<T>(x, result);
        Bits.AssertSame<T>([infinity, T.NegativeZero, T.NaN, T.Zero, T.NegativeZero], result, "GELU");
        Activations.GeluBackward<T>(x, Ones<T>(x.Length), result);
        Assert.Equal([T.One, T.Zero, T.NaN, half, half], result);
        Activations.GeluBackward<T>(x, [T.NaN, T.NaN, T.NaN, T.NaN, T.NaN], result);
        Assert.All(result, value => Assert.True(T.IsNaN(value)));
    }

    /// <summary>The derivative's error times the gradient, and one rounding, whatever the gradient's magnitude.</summary>
    private static void JudgeGradients<T>(double[] gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = [.. Enumerable.Range(-95, 191).Select(i => T.CreateChecked(i * 0.1))], d = new T[x.Length], gradient = new T[x.Length];
        BigReal[] derivatives = [.. x.Select(value => GeluReference.Derivative(double.CreateChecked(value)))];
        foreach (double value in gradients)
        {
            Array.Fill(gradient, T.CreateChecked(value));
            Activations.GeluBackward<T>(x, gradient, d);
            for (int i = 0; i < x.Length; i++)
            {
                BigReal exact = derivatives[i] * BigReal.From(double.CreateChecked(gradient[i]));
                BigReal bound = BigReal.From(Math.Abs(double.CreateChecked(gradient[i]))) * BigReal.From(4 * Ulp.Of(T.One));
                double most = (bound / BigReal.From(Ulp.Of(d[i]))).ToDouble() + 0.5;
                Assert.True(Ulp.Error(exact, d[i], d[i]) <= most, $"{gradient[i]:R} times the derivative at {x[i]:R} is {d[i]:R}");
            }
        }
    }

    private static T[] Ones<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var ones = new T[count];
        Array.Fill(ones, T.One);
        return ones;
    }
}
