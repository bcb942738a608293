using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The matrix product: <c>C = beta C + op(A) (alpha op(B))</c>, or <c>C = bias + op(A) (alpha op(B))</c>, then optionally ReLU.
/// </summary>
/// <remarks>
/// Each element of the result is one chain of fused multiply-adds over k, in order, started from beta C, the bias or zero. So its
/// bits depend neither on the path taken, nor on the number of threads, nor on the width of the vectors.
/// </remarks>
public static class MatrixProduct
{
    /// <summary>Multiplies two matrices.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> where transposed.</param>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> where transposed.</param>
    /// <param name="options">Transpositions, factors and what happens to the result on the way out.</param>
    /// <param name="workers">The threads to share the work; they do not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it overlaps neither operand.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a bias is not of n numbers or comes with a beta, or memory overlaps. Nothing has been written then.</exception>
    public static void Multiply<T>(
        ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = options.TransposeA ? a.Columns : a.Rows;
        int k = options.TransposeA ? a.Rows : a.Columns;
        int n = options.TransposeB ? b.Rows : b.Columns;
        int kOfB = options.TransposeB ? b.Columns : b.Rows;
        if (k != kOfB || c.Rows != m || c.Columns != n)
            throw new ArgumentException($"op(A) [{m}, {k}] times op(B) [{kOfB}, {n}] does not fit a result of {c.ToString()}.");
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = !options.Bias.IsEmpty ? options.Bias[j] : T.IsZero(options.Beta) ? T.Zero : options.Beta * c[i, j];
                for (int p = 0; p < k; p++)
                {
                    T left = options.TransposeA ? a[p, i] : a[i, p];
                    T right = options.TransposeB ? b[j, p] : b[p, j];
                    sum = T.FusedMultiplyAdd(left, options.Alpha * right, sum);
                }
                c[i, j] = options.Relu && sum < T.Zero ? T.Zero : sum;
            }
        }
    }
}
