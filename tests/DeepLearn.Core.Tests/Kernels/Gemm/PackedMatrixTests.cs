using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>A packed matrix is what its owner packed last, whatever has become of the matrix since.</summary>
public sealed class PackedMatrixTests : IDisposable
{
    private readonly WorkerPool _two = new(2);

    public void Dispose() => _two.Dispose();

    [Property(MaxTest = 60)]
    public void PackedMatrix_changes_only_when_it_is_packed_again(byte m, byte n, byte k, int seed)
    {
        Check<float>(1 + m, 1 + n, 1 + k, seed);
        Check<double>(1 + m, 1 + n, 1 + k, seed);
    }

    /// <summary>Rows come in pieces, in any order, from a wider matrix, and a piece may lie in two blocks of k.</summary>
    [Property(MaxTest = 60)]
    public void PackedMatrix_of_rows_in_pieces_equals_the_one_of_the_whole(int seed)
    {
        CheckRows<float>(seed);
        CheckRows<double>(seed);
    }

    private void CheckRows<T>(int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        int n = random.Next(1, 150), k = random.Next(1, 3 * Blocking.PackedKc);
        Matrix<T> a = new(3, k), wide = new(k, n + random.Next(20)), weights = new(k, n);
        Fill(a, random);
        Fill(wide, random);
        for (int row = 0; row < k; row++)
            wide.Row(row)[..n].CopyTo(weights.Row(row));
        int[] cuts = [0, .. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(k + 1)).Order(), k];
        int[] pieces = [.. Enumerable.Range(0, cuts.Length - 1)];
        random.Shuffle(pieces);
        var packed = new PackedMatrix<T>(k, n);
        foreach (int piece in pieces.Where(piece => cuts[piece] < cuts[piece + 1]))
        {
            int first = cuts[piece], rows = cuts[piece + 1] - first;
            packed.PackRows(first, new(wide.AsSpan()[(first * wide.Columns)..], rows, n, wide.Columns));
        }
        Same(Product(a, weights, transpose: false), a, packed);
    }

    private void Check<T>(int m, int n, int k, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        bool transpose = random.Next(2) == 0;
        Matrix<T> a = new(m, k), weights = transpose ? new(n, k) : new(k, n);
        Fill(a, random);
        Fill(weights, random);
        var packed = new PackedMatrix<T>(k, n);
        packed.Pack(weights, transpose);
        Matrix<T> before = Product(a, weights, transpose);
        Same(before, a, packed);

        Fill(weights, random);
        Same(before, a, packed);
        packed.Pack(weights, transpose);
        Matrix<T> after = Product(a, weights, transpose);
        Same(after, a, packed);
        Assert.False(before.AsSpan().SequenceEqual(after.AsSpan()));
    }

    private void Same<T>(Matrix<T> expected, Matrix<T> a, PackedMatrix<T> packed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (WorkerPool pool in (WorkerPool[])[WorkerPool.Single, _two])
        {
            var found = new Matrix<T>(expected.Rows, expected.Columns);
            MatrixProduct.Multiply(a, packed, new ProductOptions<T>(), pool, found.View);
            Assert.Equal(expected.AsSpan(), found.AsSpan());
        }
    }

    private static Matrix<T> Product<T>(Matrix<T> a, Matrix<T> weights, bool transpose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new Matrix<T>(a.Rows, transpose ? weights.Rows : weights.Columns);
        MatrixProduct.Multiply(a, weights, new ProductOptions<T> { TransposeB = transpose }, WorkerPool.Single, result.View);
        return result;
    }

    private static void Fill<T>(Matrix<T> matrix, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T element in matrix.AsSpan())
            element = T.CreateTruncating(random.NextDouble() - 0.5);
    }
}
