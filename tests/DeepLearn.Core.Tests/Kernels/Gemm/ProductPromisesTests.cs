using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
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
    public void TheSameBitsWithoutInstructionSets(string variable) =>
        Assert.Equal(ProductHash.Compute(), ChildProbe.Run("products", (variable, "0")));

    [Theory]
    [InlineData(16, 16, 16, false, false)]
    [InlineData(100, 50, 600, false, false)]
    [InlineData(600, 50, 100, true, false)]
    [InlineData(100, 600, 50, false, true)]
    [InlineData(400, 200, 300, false, false)]
    [InlineData(1, 300, 200, false, true)]
    [InlineData(300, 1, 200, false, false)]
    public void NothingIsAllocatedAfterTheFirstCall(int m, int n, int k, bool transposeA, bool transposeB)
    {
        Matrix<float> a = transposeA ? new(k, m) : new(m, k), b = transposeB ? new(n, k) : new(k, n), c = new(m, n);
        var packed = new PackedMatrix<float>(k, n);
        packed.Pack(b, transposeB);
        foreach (int threads in (int[])[1, 2])
        {
            using var pool = new WorkerPool(threads);
            Assert.Equal(0, Allocation.Of(() =>
            {
                MatrixProduct.Multiply<float>(
                    a, b, new ProductOptions<float> { TransposeA = transposeA, TransposeB = transposeB, Alpha = 2 }, pool, c);
                MatrixProduct.Multiply<float>(
                    a, b, new ProductOptions<float> { TransposeA = transposeA, TransposeB = transposeB, Beta = 1 }, pool, c);
                packed.Pack(b, transposeB);
                MatrixProduct.Multiply<float>(a, packed, new ProductOptions<float> { TransposeA = transposeA, Relu = true }, pool, c);
            }));
        }
    }

    [Theory]
    [InlineData(20, 30, 10)]
    [InlineData(50, 10, 3000)]
    public void TheErrorIsWithinTheBoundOfAChain(int m, int n, int k)
    {
        // Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. (2002), section 3.1: |error| <= k u / (1 - k u) * |A| |B|.
        var random = new Random(k);
        Matrix<float> a = new(m, k), b = new(k, n), c = new(m, n);
        foreach (ref float element in a.AsSpan())
            element = random.NextSingle() - 0.5f;
        foreach (ref float element in b.AsSpan())
            element = random.NextSingle() - 0.5f;
        MatrixProduct.Multiply<float>(a, b, new ProductOptions<float>(), WorkerPool.Single, c);
        double unit = Math.ScaleB(1, -24), bound = k * unit / (1 - (k * unit));
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double exact = 0, magnitude = 0;
                for (int p = 0; p < k; p++)
                {
                    exact += (double)a[i, p] * b[p, j];
                    magnitude += Math.Abs((double)a[i, p] * b[p, j]);
                }
                Assert.InRange(Math.Abs(c[i, j] - exact), 0, bound * magnitude);
            }
        }
    }

    [Fact]
    public void DistancesBeyondTheRangeOfAnIntAreNoDifficulty()
    {
        // Three rows of twenty numbers, a thousand million numbers apart; memory that is not touched is not used.
        const int Stride = 1_000_000_000, Columns = 20;
        const int Count = (2 * Stride) + Columns;
        float* memory;
        try
        {
            memory = (float*)NativeMemory.Alloc(Count, sizeof(float));
        }
        catch (OutOfMemoryException)
        {
            Assert.Skip("The system does not hand out 8 GB of addresses.");
            return;
        }
        try
        {
            var far = new MatrixView<float>(new Span<float>(memory, Count), 3, Columns, Stride);
            var near = new Matrix<float>(3, Columns);
            var square = new Matrix<float>(Columns, Columns);
            for (int i = 0; i < Columns; i++)
            {
                for (int j = 0; j < Columns; j++)
                    square[i, j] = (i * 7) + j;
            }
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < Columns; j++)
                    near[i, j] = far[i, j] = (i * 3) - j;
            }
            Matrix<float> expected = new(3, Columns), found = new(3, Columns);
            Matrix<float> expectedBack = new(Columns, Columns), back = new(Columns, Columns);
            MatrixProduct.Multiply<float>(near, square, new ProductOptions<float>(), WorkerPool.Single, expected);
            MatrixProduct.Multiply<float>(far, square, new ProductOptions<float>(), WorkerPool.Single, found);
            Assert.Equal(expected.AsSpan(), found.AsSpan());

            MatrixProduct.Multiply<float>(near, near, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, expectedBack);
            MatrixProduct.Multiply<float>(far, far, new ProductOptions<float> { TransposeA = true }, WorkerPool.Single, back);
            Assert.Equal(expectedBack.AsSpan(), back.AsSpan());

            MatrixProduct.Multiply(near, square, new ProductOptions<float>(), WorkerPool.Single, far);
            for (int i = 0; i < 3; i++)
                Assert.Equal(expected.Row(i), far.Row(i));
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }
}
