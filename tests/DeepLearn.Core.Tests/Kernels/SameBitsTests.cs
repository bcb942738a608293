using System.Numerics;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels;

[Collection(Alone.Name)]
public class SameBitsTests
{
    [Fact]
    public void AtEveryWidthAndLengthInFloat() => AtEveryWidth<float>();

    [Fact]
    public void AtEveryWidthAndLengthInDouble() => AtEveryWidth<double>();

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void WithoutInstructionSets(string variable) =>
        Assert.Equal(KernelHash.Compute(), ChildProbe.Run("kernels", (variable, "0")));

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
