using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>A product is taken on as many threads as pay, and no more.</summary>
public class DispatchTests
{
    [Theory]
    [InlineData(16, 16, 16, 8, 1)]
    [InlineData(100, 50, 10, 8, 1)] // 50,000 multiplications
    [InlineData(100, 50, 63, 8, 1)] // 315,000: less than two parts
    [InlineData(100, 50, 64, 8, 2)]
    [InlineData(100, 50, 3072, 1, 1)]
    [InlineData(100, 50, 3072, 2, 2)]
    [InlineData(100, 50, 3072, 8, 8)]
    [InlineData(100, 50, 200, 8, 6)]
    [InlineData(3072, 50, 1, 8, 1)] // 153,600
    [InlineData(2048, 512, 16, 8, 8)] // 4 MiB of float
    [InlineData(2048, 96, 16, 8, 3)] // 768 KiB
    [InlineData(100_000, 100_000, 100_000, 8, 8)] // more multiplications than an int counts
    public void ThreadsThatDoNotPayAreLeftOut(int m, int n, int k, int threads, int parts)
    {
        using var pool = new WorkerPool(threads);
        var product = new Product<float> { Rows = m, Columns = n, Depth = k };
        Assert.Equal(parts, Dispatch.PartsFor(product, pool));
    }
}
