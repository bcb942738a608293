using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

public class ProductBoundTests
{
    private const int VectorBits = 256;

    private static readonly MachineSpeeds Machine = new(
        LinkNanoseconds: 1,
        FloatTransposing: 64,
        DoubleTransposing: 32,
        [
            new("the first cache", 32 << 10, Reading: 100, Writing: 50, Updating: 40),
            new("the core's cache", 1 << 20, Reading: 80, Writing: 40, Updating: 30),
            new("the last cache", 16 << 20, Reading: 60, Writing: 30, Updating: 20),
            new("memory", long.MaxValue, Reading: 10, Writing: 5, Updating: 4),
        ]);

    [Theory]
    [InlineData(104, 100, 100, "NN", 2.0 * 104 * 100 * 100 / 100, "multiplying")]
    [InlineData(1, 1000, 1, "NT", 1000, "the latency of a chain")]
    [InlineData(400, 100, 1, "NN", 400 * 100 * 4 / 64, "transposing in registers")]
    [InlineData(2, 100, 400, "NT", 400 * 100 * 4 / 64, "transposing in registers")]
    [InlineData(60, 1, 60, "TN", 60 * 60 * 4.0 / 50, "writing, the first cache")]
    [InlineData(200, 1, 200, "TN", 200 * 200 * 4 / 40, "writing, the core's cache")]
    [InlineData(1, 1000, 1000, "NN", 4.0 * 1_001_000 / 60, "reading, the last cache")]
    [InlineData(1, 3000, 3000, "NN", 4.0 * 9_003_000 / 10, "reading, memory")]
    public void ProductBound_is_the_longest_of_its_parts(
        int m, int k, int n, string transposition, double nanoseconds, string cause)
    {
        ProductBound bound = Of(Shape(m, k, n, transposition));
        Assert.Equal(nanoseconds, bound.Nanoseconds, 6);
        Assert.Equal(cause, bound.Cause);
    }

    [Fact]
    public void ProductBound_transposes_doubles_at_their_own_speed() =>
        Assert.Equal(
            400 * 100 * 8 / 32,
            ProductBound.Of(Shape(400, 100, 1, "NN"), sizeof(double), threads: 1, 100, VectorBits, Machine).Nanoseconds,
            6);

    [Theory]
    [InlineData(9, 9, 9 * 16)]
    [InlineData(9, 16, 9 * 16)]
    [InlineData(8, 9, 8 * 9)]
    [InlineData(3, 17, 3 * 24)]
    public void ProductBound_multiplies_whole_vectors_along_rows_or_columns(int m, int n, int elements) =>
        Assert.Equal(2.0 * elements * 1000 / 1e-3, Of(Shape(m, 1000, n, "TN"), peakGflops: 1e-3).Nanoseconds, 3);

    [Fact]
    public void ProductBound_threads_divide_multiplications_but_neither_a_chain_nor_memory()
    {
        Assert.Equal(2.0 * 104 * 100 * 100 / 200, Of(Shape(104, 100, 100, "NN"), threads: 2).Nanoseconds, 6);
        Assert.Equal(1000, Of(Shape(1, 1000, 1, "NN"), threads: 2).Nanoseconds, 6);
        Assert.Equal(4.0 * 9_003_000 / 10, Of(Shape(1, 3000, 3000, "NN"), threads: 2).Nanoseconds, 6);
    }

    [Fact]
    public void ProductBound_half_of_a_working_set_may_stay_in_a_smaller_cache() =>
        Assert.Equal("writing, the core's cache", Of(Shape(600, 1, 600, "TN"), threads: 2).Cause);

    [Fact]
    public void ProductBound_of_a_sum_on_the_old_result_reads_it_too()
    {
        ProductShape shape = Shape(200, 1, 200, "TN") with { Accumulates = true };
        Assert.Equal(200 * 200 * 4.0 / 30, Of(shape).Nanoseconds, 6);
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

    private static ProductBound Of(ProductShape shape, int threads = 1, double peakGflops = 100) =>
        ProductBound.Of(shape, elementBytes: 4, threads, peakGflops, VectorBits, Machine);

    private static ProductShape Shape(int m, int k, int n, string transposition) =>
        new(m, k, n, Enum.Parse<Transposition>(transposition), "random", 0, "beta 0");
}
