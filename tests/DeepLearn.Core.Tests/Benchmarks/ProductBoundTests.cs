using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class ProductBoundTests
{
    // A cycle is 0.25 ns; 80 and 10 bytes a nanosecond.
    private static readonly MachineSpeeds Machine =
        new(LinkNanoseconds: 1, CacheBytesPerNanosecond: 80, MemoryBytesPerNanosecond: 10);

    [Theory]
    [InlineData(100, 100, 100, "NN", 2e6 / 100, "multiplying")]
    [InlineData(1, 1000, 1, "NT", 1000, "the latency of a chain")]
    [InlineData(400, 100, 1, "NN", 400 * 100 * 4 / 16 * 0.25, "transposing in registers")]
    [InlineData(2, 100, 400, "NT", 400 * 100 * 4 / 16 * 0.25, "transposing in registers")]
    [InlineData(200, 1, 200, "TN", 200 * 200 * 4 / 32 * 0.25, "writing the result")]
    [InlineData(1, 1000, 1000, "NN", 4.0 * 1_002_000 / 80, "the last cache")]
    [InlineData(1, 3000, 3000, "NN", 4.0 * 9_006_000 / 10, "memory")]
    public void ProductBound_is_the_longest_of_its_parts(
        int m, int k, int n, string transposition, double nanoseconds, string cause)
    {
        var bound = ProductBound.Of(Shape(m, k, n, transposition), elementBytes: 4, threads: 1, peakGflops: 100, Machine);
        Assert.Equal(nanoseconds, bound.Nanoseconds, 6);
        Assert.Equal(cause, bound.Cause);
    }

    [Fact]
    public void ProductBound_threads_divide_multiplications_but_neither_a_chain_nor_memory()
    {
        Assert.Equal(2e6 / 200, Of(Shape(100, 100, 100, "NN"), 2).Nanoseconds, 6);
        Assert.Equal(1000, Of(Shape(1, 1000, 1, "NN"), 2).Nanoseconds, 6);
        Assert.Equal(4.0 * 9_006_000 / 10, Of(Shape(1, 3000, 3000, "NN"), 2).Nanoseconds, 6);
        static ProductBound Of(ProductShape shape, int threads) => ProductBound.Of(shape, 4, threads, 100, Machine);
    }

    [Fact]
    public void ProductBound_of_a_sum_on_the_old_result_reads_it_too()
    {
        ProductShape shape = Shape(200, 1, 200, "TN") with { Accumulates = true };
        Assert.Equal(1.5 * 200 * 200 * 4 / 32 * 0.25, ProductBound.Of(shape, 4, 1, 100, Machine).Nanoseconds, 6);
    }

    [Theory]
    [InlineData(100, 100, 8, "NN", "1 to 8 columns, NN")]
    [InlineData(8, 100, 9, "NT", "1 to 8 rows, NT")]
    [InlineData(8, 16, 9, "NN", "K of 1 to 16, NN")]
    [InlineData(8, 17, 9, "TN", "1 to 8 rows, TN")]
    [InlineData(64, 17, 9, "NT", "9 to 64 rows, NT")]
    [InlineData(65, 17, 9, "NT", "all others")]
    public void ProductBound_family_is_named_by_sizes(int m, int k, int n, string transposition, string family) =>
        Assert.Equal(family, ProductBound.Family(Shape(m, k, n, transposition)));

    private static ProductShape Shape(int m, int k, int n, string transposition) =>
        new(m, k, n, Enum.Parse<Transposition>(transposition), "random", 0, "beta 0");
}
