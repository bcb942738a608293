using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Kernels.Gemm.Threads;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

[Collection(Alone.Name)]
public unsafe class ProductPromisesTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void MatrixProduct_hash_is_reproducible_without_instruction_sets(string variable) =>
        Assert.Equal(ProductHash.Compute(), ChildProbe.Run("products", (variable, "0")));

    [Theory]
    [InlineData(16, 16, 16, false, false)]
    [InlineData(100, 50, 600, false, false)]
    [InlineData(600, 50, 100, true, false)]
    [InlineData(100, 600, 50, false, true)]
    [InlineData(400, 200, 300, false, false)]
    [InlineData(1, 300, 200, false, true)]
    [InlineData(300, 1, 200, false, false)]
    public void MatrixProduct_after_the_first_call_allocates_nothing(int m, int n, int k, bool transposeA, bool transposeB)
    {
        RequireNoAllocation<float>(m, n, k, transposeA, transposeB);
        RequireNoAllocation<double>(m, n, k, transposeA, transposeB);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(33)]
    [InlineData(70)]
    public void MatrixProduct_of_rows_gigabytes_apart_equals_one_of_near_rows(int rows)
    {
        // Some rows of twenty numbers, as far apart as so many rows can be; memory that is not touched is not used.
        const int Columns = 20;
        int stride = (int.MaxValue - Columns) / (rows - 1), count = ((rows - 1) * stride) + Columns;
        float* memory;
        try
        {
            memory = (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
        }
        catch (OutOfMemoryException)
        {
            Assert.Skip("The system does not hand out 8 GB of addresses.");
            return;
        }
        try
        {
            var far = new MatrixView<float>(new Span<float>(memory, count), rows, Columns, stride);
            var near = new Matrix<float>(rows, Columns);
            var square = new Matrix<float>(Columns, Columns);
            var column = new Matrix<float>(Columns, 1);
            for (int i = 0; i < Columns; i++)
            {
                column[i, 0] = i - 3;
                for (int j = 0; j < Columns; j++)
                    square[i, j] = (i * 7) + j;
            }
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < Columns; j++)
                    near[i, j] = far[i, j] = (i * 3) - j;
            }
            RequireEqual(near, far, square, new ProductOptions<float>());
            RequireEqual(near, far, square, new ProductOptions<float> { Alpha = 2 });
            RequireEqual(near, far, column, new ProductOptions<float>());
            RequireEqual(near, far, near, new ProductOptions<float> { TransposeA = true });
            RequireEqual(near, far, near, new ProductOptions<float> { TransposeB = true });
            RequireEqual(near, far, near, new ProductOptions<float> { TransposeB = true, Alpha = 2 });

            // As the right operand, as it is and packed.
            Matrix<float> expected = new(Columns, Columns), found = new(Columns, Columns);
            MatrixProduct.Multiply<float>(near, near, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, expected);
            MatrixProduct.Multiply<float>(near, far, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, found);
            Assert.Equal(expected.AsSpan(), found.AsSpan());
            var packed = new PackedMatrix<float>(rows, Columns);
            packed.Pack(far);
            MatrixProduct.Multiply<float>(near, packed, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, found);
            Assert.Equal(expected.AsSpan(), found.AsSpan());

            // By every path and all kernels.
            fixed (float* a = near.AsSpan(), b = square.AsSpan(), c = found.AsSpan())
            {
                foreach (KernelSet<float> set in KernelSet<float>.CreateAll())
                {
                    for (int packs = 0; packs < 4; packs++)
                    {
                        bool packA = (packs & 1) != 0, packB = (packs & 2) != 0;
                        var blocking = new Blocking { Kc = 6, Mc = 4, NcPanels = 1, PanelVectors = 1, PackA = packA, PackB = packB };
                        var options = new ProductOptions<float> { TransposeA = true };
                        MatrixProduct.Describe(
                            memory, stride, memory, stride, c, Columns, Columns, rows, Columns, options, null, out Product<float> product);
                        BlockedProduct.Multiply(product, set, blocking);
                        Assert.Equal(expected.AsSpan(), found.AsSpan());
                        ColumnProduct.Multiply(product, set, 5);
                        Assert.Equal(expected.AsSpan(), found.AsSpan());
                    }
                }
            }

            // One row and the transpose: a number of each row. And bytes, which are on the left alone.
            Matrix<float> one = new(1, Columns), expectedRow = new(1, rows), foundRow = new(1, rows);
            near.Row(1).CopyTo(one.Row(0));
            var transposed = new ProductOptions<float> { TransposeB = true };
            MatrixProduct.Multiply<float>(one, near, transposed, WorkerPool.Single, expectedRow);
            MatrixProduct.Multiply(one, far, transposed, WorkerPool.Single, foundRow);
            Assert.Equal(expectedRow.AsSpan(), foundRow.AsSpan());
            var bytes = new ByteRows<float>([3, 1, 2], [.. Enumerable.Range(0, rows).Select(i => i % 3)], [2], [-1]);
            expectedRow = new(1, Columns);
            foundRow = new(1, Columns);
            MatrixProduct.Multiply(bytes, near, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, expectedRow);
            MatrixProduct.Multiply(bytes, far, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, foundRow);
            Assert.Equal(expectedRow.AsSpan(), foundRow.AsSpan());

            // And the result, whole and in the parts of threads, of rows and of columns.
            Matrix<float> before = new(rows, Columns);
            MatrixProduct.Multiply<float>(near, square, new ProductOptions<float>(), WorkerPool.Single, before);
            MatrixProduct.Multiply(near, square, new ProductOptions<float>(), WorkerPool.Single, far);
            RequireSameRows(before, far);
            Matrix<float> foundRows = new(rows, Columns);
            fixed (float* a = near.AsSpan(), b = square.AsSpan(), c = foundRows.AsSpan())
            {
                foreach (KernelSet<float> set in KernelSet<float>.CreateAll())
                {
                    far.Fill(0);
                    MatrixProduct.Describe(
                        a, Columns, b, Columns, memory, stride, rows, Columns, Columns, new ProductOptions<float>(), null,
                        out Product<float> product);
                    RunParts(product, set);
                    RequireSameRows(before, far);
                    for (int i = 0; i < rows; i++)
                        near.Row(i).CopyTo(far.Row(i));
                    MatrixProduct.Describe(
                        memory, stride, b, Columns, c, Columns, rows, Columns, Columns, new ProductOptions<float>(), null, out product);
                    foundRows.View.Fill(0);
                    RunParts(product, set);
                    Assert.Equal(before.AsSpan(), foundRows.AsSpan());
                }
            }
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private static void RunParts(in Product<float> product, KernelSet<float> set)
    {
        var parts = new PartsOfProduct<float>(product, set, 3);
        for (int part = 0; part < parts.Parts; part++)
            parts.Run(part);
    }

    private static void RequireSameRows(Matrix<float> expected, ReadOnlyMatrixView<float> found)
    {
        for (int i = 0; i < expected.Rows; i++)
            Assert.Equal(expected.Row(i), found.Row(i));
    }

    private static void RequireEqual(Matrix<float> near, ReadOnlyMatrixView<float> far, Matrix<float> b, in ProductOptions<float> options)
    {
        int m = options.TransposeA ? near.Columns : near.Rows, n = options.TransposeB ? b.Rows : b.Columns;
        Matrix<float> expected = new(m, n), found = new(m, n);
        MatrixProduct.Multiply<float>(near, b, options, WorkerPool.Single, expected);
        MatrixProduct.Multiply(far, b, options, WorkerPool.Single, found);
        Assert.Equal(expected.AsSpan(), found.AsSpan());
    }

    private static void RequireNoAllocation<T>(int m, int n, int k, bool transposeA, bool transposeB)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> a = transposeA ? new(k, m) : new(m, k), b = transposeB ? new(n, k) : new(k, n), c = new(m, n);
        var packed = new PackedMatrix<T>(k, n);
        packed.Pack(b, transposeB);
        byte[] bytes = new byte[a.Count];
        int[] starts = [.. Enumerable.Range(0, a.Rows).Select(row => row * a.Columns)];
        T[] scale = new T[a.Columns];
        foreach (int threads in (int[])[1, 2])
        {
            using var pool = new WorkerPool(threads);
            void Work()
            {
                MatrixProduct.Multiply<T>(
                    a, b, new ProductOptions<T> { TransposeA = transposeA, TransposeB = transposeB, Alpha = T.CreateChecked(2) }, pool, c);
                MatrixProduct.Multiply<T>(
                    a, b, new ProductOptions<T> { TransposeA = transposeA, TransposeB = transposeB, Beta = T.One }, pool, c);
                packed.Pack(b, transposeB);
                MatrixProduct.Multiply<T>(a, packed, new ProductOptions<T> { TransposeA = transposeA, Relu = true }, pool, c);
                MatrixProduct.Multiply(
                    new ByteRows<T>(bytes, starts, scale, scale), b,
                    new ProductOptions<T> { TransposeA = transposeA, TransposeB = transposeB }, pool, c);
            }

            // So often that the other thread, which the caller does not wait for, comes to take parts. A worker has memory of its own,
            // which it takes when it first gets a part: that may be late, but it is not every time.
            void ManyTimes()
            {
                for (int i = 0; i < 20; i++)
                    Work();
            }
            Assert.Equal(0, Allocation.Of(Work));
            Assert.Equal(0, Allocation.OfAllThreads(ManyTimes));
        }
    }
}
