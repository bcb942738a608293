using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

/// <summary>Bytes to numbers in spans that no cache holds, which are written past the caches.</summary>
[Collection(Alone.Name)]
public class ByteConversionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void ByteConversion_of_huge_spans_equals_that_of_small_ones(int start)
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                Check<float>(start);
                Check<double>(start);
            });
        }
    }

    private static unsafe void Check<T>(int start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = ((int)StreamingStore.Threshold / sizeof(T)) + 29;
        byte[] source = new byte[length];
        new Random(start).NextBytes(source);
        T scale = T.CreateTruncating(0.37), offset = T.CreateTruncating(-1.3), untouched = T.CreateTruncating(77);
        T[] table = [.. Enumerable.Range(0, 256).Select(value => T.FusedMultiplyAdd(T.CreateTruncating(value), scale, offset))];
        T[] found = new T[start + length + 40];
        found.AsSpan().Fill(untouched);
        ByteConversion.Convert(source, scale, offset, found.AsSpan(start, length));
        for (int i = 0; i < found.Length; i++)
        {
            T expected = i >= start && i < start + length ? table[source[i - start]] : untouched;
            if (found[i] != expected)
                Assert.Fail($"{typeof(T).Name} at {i} from {start}: expected {expected}; found {found[i]}.");
        }
    }
}
