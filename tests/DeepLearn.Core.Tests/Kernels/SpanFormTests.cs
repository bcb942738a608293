using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels;

/// <summary>
/// The functions over spans, at every width, give the bits of those of one number, which <see cref="AccuracyTests"/> judges: at every edge,
/// and where results are subnormal, overflow or vanish. (That places in a span and lengths do not matter is shown by
/// <see cref="SameBitsTests"/>.)
/// </summary>
[Collection(Alone.Name)]
public class SpanFormTests
{
    private delegate void OverSpan<T>(ReadOnlySpan<T> source, Span<T> destination);

    [Fact]
    public void VectorMath_spans_at_the_edges_in_float_equal_single_numbers_bit_for_bit() =>
        Check<float>([.. FunctionEdges.All<float>(), .. Walk()]);

    [Fact]
    public void VectorMath_spans_at_the_edges_in_double_equal_single_numbers_bit_for_bit() =>
        Check<double>([.. FunctionEdges.All<double>(), .. Walk().Select(x => (double)x), .. Magnitudes()]);

    [Fact]
    public void VectorMath_spans_of_subnormal_exponentials_in_float_equal_single_numbers_bit_for_bit()
    {
        // From beyond where powers vanish to the least normal one: every 50th float, and every one where results are the smallest.
        List<float> x = [];
        for (float value = -87; value > -105; value = Advance(value, value < -103 ? 1 : 50))
            x.Add(value);
        CheckExponentials<float>([.. x]);

        static float Advance(float value, int steps) =>
            BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) + (uint)steps);
    }

    [Fact]
    public void VectorMath_spans_of_subnormal_exponentials_in_double_equal_single_numbers_bit_for_bit()
    {
        var random = new Random(13);
        CheckExponentials<double>(
        [
            .. Enumerable.Range(0, 200_000).Select(_ => -708 - (37.3 * random.NextDouble())),
            .. Enumerable.Range(0, 20_000).Select(_ => -743.7 - (1.5 * random.NextDouble())),
        ]);
    }

    /// <summary>Every 65,521st float: all exponents, both signs.</summary>
    private static IEnumerable<float> Walk() => Enumerable.Range(0, 65550).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 65521));

    private static IEnumerable<double> Magnitudes()
    {
        var random = new Random(17);
        return Enumerable.Range(0, 40_000).Select(_ => Math.ScaleB((2 * random.NextDouble()) - 1, random.Next(-1074, 1024)));
    }

    private static void Check<T>(T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(x, "exp", Transcendentals.Exp, VectorMath.Exp);
        Compare(x, "expm1", Transcendentals.Expm1, VectorMath.Expm1);
        Compare(x, "log", Transcendentals.Log, VectorMath.Log);
        Compare(x, "log1p", Transcendentals.Log1p, VectorMath.Log1p);
        Compare(x, "tanh", Transcendentals.Tanh, VectorMath.Tanh);
        Compare(x, "sigmoid", Transcendentals.Sigmoid, VectorMath.Sigmoid);
        Compare(x, "softplus", Transcendentals.Softplus, VectorMath.Softplus);
        Compare(x, "erf", Transcendentals.Erf, VectorMath.Erf);
        if (x is double[] wide)
        {
            Compare(wide, "sin", Transcendentals.Sin, VectorMath.Sin);
            Compare(wide, "cos", Transcendentals.Cos, VectorMath.Cos);
        }
        CheckActivations(x);
    }

    /// <summary>Activations have no form for one number: a width of one number stands for it.</summary>
    private static void CheckActivations<T>(T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T alpha = T.CreateChecked(1.3);
        T[] gradient = [.. x.Select((_, i) => T.CreateChecked((i % 5) - 2.5))];
        Compare(x, "elu", (from, to) => Activations.Elu(from, alpha, to));
        Compare(x, "gelu", Activations.Gelu);
        Compare(x, "gelu back", (from, to) => Activations.GeluBackward(from, gradient, to));
        Compare(x, "gelu tanh", Activations.GeluTanh);
        Compare(x, "gelu tanh back", (from, to) => Activations.GeluTanhBackward(from, gradient, to));
        Compare(x, "silu", Activations.Silu);
        Compare(x, "silu back", (from, to) => Activations.SiluBackward(from, gradient, to));
        Compare(x, "softplus back", (from, to) => Activations.SoftplusBackward(from, gradient, to));
    }

    private static void CheckExponentials<T>(T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Compare(x, "exp", Transcendentals.Exp, VectorMath.Exp);
        Compare(x, "sigmoid", Transcendentals.Sigmoid, VectorMath.Sigmoid);
        Compare(x, "softplus", Transcendentals.Softplus, VectorMath.Softplus);
    }

    private static void Compare<T>(T[] x, string name, OverSpan<T> f, Func<T, T>? ofOne = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] expected = new T[x.Length], found = new T[x.Length];
        if (ofOne is null)
            Widths.At(1, () => f(x, expected));
        else
            expected = [.. x.Select(ofOne)];
        foreach (int width in Widths.All)
        {
            Widths.At(width, () => f(x, found));
            for (int i = 0; i < x.Length; i++)
            {
                if (Bits.Of(expected[i]) != Bits.Of(found[i]))
                    Assert.Fail($"{name}({x[i]:R}) = {found[i]:R} at {width} bits, {expected[i]:R} by itself");
            }
        }
    }
}
