using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Kernels;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>The product that threads take by turns along k: the bits of the plain one.</summary>
public class ChainedProductTests
{
    // By rows and by columns of the result, with sizes that nothing divides, few rows, and strides.
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 100, 3072, 50 },
        { 71, 1037, 70 },
        { 13, 1500, 517 },
        { 2, 2500, 300 },
        { 1, 3072, 512 },
        { 40, 700, 65 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ChainedProduct_on_two_threads_equals_the_plain_product_bit_for_bit(int rows, int depth, int columns)
    {
        Check<float>(rows, depth, columns);
        Check<double>(rows, depth, columns);
        CheckBytes<float>(rows, depth, columns);
        CheckBytes<double>(rows, depth, columns);
    }

    [Fact]
    public void ChainedProduct_where_threads_do_not_pay_declines_and_writes_nothing()
    {
        using WorkerPool two = new(2), five = new(5);
        Assert.False(Tried(100, 3072, 50, WorkerPool.Single));
        Assert.False(Tried(100, 3072, 50, five));
        Assert.False(Tried(100, 50, 10, two));
        Assert.False(Tried(100, 300, 3072, two));
        Assert.True(Tried(100, 3072, 50, two));

        static bool Tried(int rows, int depth, int columns, WorkerPool workers)
        {
            Matrix<float> output = new(rows, columns);
            output.View.Fill(5);
            bool done = ChainedProduct.TryMultiply<float>(
                new Matrix<float>(rows, depth), new Matrix<float>(depth, columns), default, false, workers, output.View);
            Assert.All(output.AsSpan().ToArray(), value => Assert.Equal(done ? 0 : 5, value));
            return done;
        }
    }

    [Fact]
    public void ChainedProduct_on_a_pool_in_use_completes()
    {
        using var workers = new WorkerPool(2);
        var nested = new Nested { Workers = workers };
        workers.Run(ref nested, 2);
    }

    private static void Check<T>(int rows, int depth, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> input = Made<T>(rows, depth, 3, 1), weights = Made<T>(depth, columns, 5, 2);
        T[] bias = KernelRuns.Numbers<T>(columns, 3);
        for (int threads = 2; threads <= 4; threads++)
        {
            using var workers = new WorkerPool(threads);
            for (int kind = 0; kind < 4; kind++)
            {
                ReadOnlySpan<T> added = kind % 2 == 0 ? default : bias;
                Matrix<T> plain = new(rows, columns), chained = new(rows, columns + 1);
                MatrixProduct.Multiply(
                    input, weights, new ProductOptions<T> { Bias = added, Relu = kind > 1 }, WorkerPool.Single, plain.View);
                chained.View.Fill(T.NaN);
                MatrixView<T> window = chained.View.Slice(0, 0, rows, columns);
                Assert.Equal(
                    (long)rows * depth * columns / threads >= 1 << 17,
                    ChainedProduct.TryMultiply(input, weights, added, kind > 1, workers, window));
                if ((long)rows * depth * columns / threads < 1 << 17)
                    continue;
                for (int row = 0; row < rows; row++)
                {
                    Assert.True(window.Row(row).SequenceEqual(plain.Row(row)), $"row {row} with {threads} threads");
                    Assert.True(T.IsNaN(chained[row, columns]));
                }
            }
        }
    }

    private static void CheckBytes<T>(int rows, int depth, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> weights = Made<T>(depth, columns, 5, 2);
        T[] bias = KernelRuns.Numbers<T>(columns, 3), scale = KernelRuns.Numbers<T>(depth, 4), offset = KernelRuns.Numbers<T>(depth, 5);
        var bytes = new byte[(depth + 7) * 40];
        var random = new Random(rows);
        random.NextBytes(bytes);
        int[] indices = [.. Enumerable.Range(0, rows).Select(_ => random.Next(40))];
        var input = new ByteRows<T>(bytes, [.. indices.Select(index => index * (depth + 7))], scale, offset);
        Matrix<T> plain = new(rows, columns), chained = new(rows, columns);
        MatrixProduct.Multiply(input, weights, new ProductOptions<T> { Bias = bias, Relu = true }, WorkerPool.Single, plain.View);
        for (int threads = 2; threads <= 4; threads++)
        {
            using var workers = new WorkerPool(threads);
            chained.View.Fill(T.NaN);
            if (ChainedProduct.TryMultiply(input, weights, bias, true, workers, chained.View))
                Assert.True(chained.AsSpan().SequenceEqual(plain.AsSpan()), $"bytes with {threads} threads");
            else
                Assert.True((long)rows * depth * columns / threads < 1 << 17);
        }
    }

    private static ReadOnlyMatrixView<T> Made<T>(int rows, int columns, int gap, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(KernelRuns.Numbers<T>(rows * (columns + gap), seed), rows, columns, columns + gap);

    private struct Nested : IParallelBody
    {
        public WorkerPool Workers;

        public readonly void Run(int part)
        {
            var output = new Matrix<float>(100, 50);
            output.View.Fill(5);
            Assert.True(ChainedProduct.TryMultiply<float>(
                new Matrix<float>(100, 3072), new Matrix<float>(3072, 50), default, false, Workers, output.View));
            Assert.Equal(0, output[99, 49]);
        }
    }
}
