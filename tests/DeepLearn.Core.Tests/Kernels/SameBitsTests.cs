using System.Numerics;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels;

[Collection(Alone.Name)]
public class SameBitsTests
{
    [Fact]
    public void Kernels_in_float_at_every_width_and_length_are_reproducible_bit_for_bit() => AtEveryWidth<float>();

    [Fact]
    public void Kernels_in_double_at_every_width_and_length_are_reproducible_bit_for_bit() => AtEveryWidth<double>();

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Kernels_hash_is_reproducible_without_instruction_sets(string variable) =>
        Assert.Equal(KernelHash.Compute(), ChildProbe.Run("kernels", (variable, "0")));

    [Fact]
    public void VectorMath_logarithms_at_their_edges_in_float_are_reproducible_bit_for_bit() =>
        LogarithmsAtTheirEdges(-150, 127, float.Epsilon, float.MaxValue);

    [Fact]
    public void VectorMath_logarithms_at_their_edges_in_double_are_reproducible_bit_for_bit() =>
        LogarithmsAtTheirEdges(-1075, 1023, double.Epsilon, double.MaxValue);

    /// <summary>Where the exponent that is taken off changes, for every exponent; where numbers end; and what has no logarithm.</summary>
    private static void LogarithmsAtTheirEdges<T>(int lowest, int highest, T least, T greatest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T root = T.Sqrt(T.One + T.One);
        List<T> numbers = [T.Zero, T.NegativeZero, least, -least, greatest, -greatest, T.PositiveInfinity, T.NegativeInfinity, T.NaN];
        for (int exponent = lowest; exponent <= highest; exponent++)
        {
            foreach (T border in (T[])[T.One, T.BitDecrement(root), root, T.BitIncrement(root), T.BitDecrement(T.One + T.One)])
                numbers.Add(T.ScaleB(border, exponent));
        }
        T[] x = [.. numbers];
        Action<T[], T[]>[] logs = [(from, to) => Transcendentals.Log<T>(from, to), (from, to) => Transcendentals.Log1p<T>(from, to)];
        foreach (Action<T[], T[]> log in logs)
        {
            T[] expected = new T[x.Length], found = new T[x.Length];
            Widths.At(1, () => log(x, expected));
            foreach (int width in Widths.All[1..])
            {
                Widths.At(width, () => log(x, found));
                Bits.AssertSame<T>(expected, found, $"a logarithm at {width} bits");
            }
        }
    }

    private static void AtEveryWidth<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Every length where vectors begin and end, then some, and one of more than two blocks of a canonical sum.
        int[] lengths = [.. Enumerable.Range(1, 140), 191, 192, 193, 255, 256, 257, 300, 9001];
        foreach (int length in lengths)
        {
            var expected = new List<(string Name, T[] Values)>();
            Widths.At(1, () => KernelRuns.All<T>(length, (name, values) => expected.Add((name, values))));
            foreach (int width in Widths.All[1..])
            {
                int next = 0;
                Widths.At(width, () => KernelRuns.All<T>(length, (name, values) =>
                {
                    Bits.AssertSame<T>(expected[next].Values, values, $"{expected[next].Name} at {width} bits");
                    next++;
                }));
                Assert.Equal(expected.Count, next);
            }
        }
    }
}
