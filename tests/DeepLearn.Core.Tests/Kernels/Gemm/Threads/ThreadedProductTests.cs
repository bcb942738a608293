using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Threads;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Threads;

/// <summary>A product is taken on as many threads as pay, and no more.</summary>
public class ThreadedProductTests
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
    public void ThreadedProduct_splits_a_product_only_over_threads_that_pay(int m, int n, int k, int threads, int parts)
    {
        using var pool = new WorkerPool(threads);
        var product = new Product<float> { Rows = m, Columns = n, Depth = k };
        Assert.Equal(parts, ThreadedProduct.PartsFor(product, pool));
    }

    [Theory]
    [InlineData(1000, 50, 4, 4)] // rows
    [InlineData(1, 700, 4, 4)] // columns
    [InlineData(5, 2, 8, 5)] // no more than there are rows
    [InlineData(1, 5, 4, 1)] // a vector is not cut
    public unsafe void ThreadedProduct_gives_every_part_of_a_product_some_work(int m, int n, int threads, int parts)
    {
        var product = new Product<float> { Rows = m, Columns = n, Depth = 100 };
        KernelSet<float> widest = KernelSet<float>.CreateAll()[0];
        Assert.Equal(parts, new PartsOfProduct<float>(product, widest, threads).Parts);
        float packed = 0;
        product.Panels = &packed;
        Assert.Equal(parts, new PartsOfProduct<float>(product, widest, threads).Parts);
    }

    [Fact]
    public void MatrixProduct_inside_a_part_of_a_pool_equals_one_outside()
    {
        // Each product has work for several threads: those of the pool it runs on, which is in use, or those of a pool that all parts
        // share.
        using WorkerPool outer = new(3), other = new(2);
        Matrix<float> a = Random(60, 300, 1), b = Random(300, 50, 2), expected = new(60, 50);
        MatrixProduct.Multiply<float>(a, b, new ProductOptions<float>(), WorkerPool.Single, expected);
        var body = new Products { A = a, B = b, Pools = [outer, other] };
        for (int round = 0; round < 50; round++)
        {
            body.Results = [.. Enumerable.Range(0, 6).Select(_ => new Matrix<float>(60, 50))];
            outer.Run(ref body, 6);
            foreach (Matrix<float> result in body.Results)
                Bits.AssertSame<float>(expected.AsSpan(), result.AsSpan(), "a product inside a part");
        }
    }

    private static Matrix<float> Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix<float>(rows, columns);
        foreach (ref float element in matrix.AsSpan())
            element = random.NextSingle() - 0.5f;
        return matrix;
    }

    private struct Products : IParallelBody
    {
        public Matrix<float> A, B;
        public Matrix<float>[] Results;
        public WorkerPool[] Pools;

        public readonly void Run(int part) =>
            MatrixProduct.Multiply<float>(A, B, new ProductOptions<float>(), Pools[part % Pools.Length], Results[part]);
    }
}
