using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Up to three rows by up to three columns, both stored along k: a few dot products, too few to fill the lanes of a vector. Each is one
/// chain, and all of them advance together.
/// </summary>
internal static unsafe class DotProducts
{
    private const int MaxRows = 3;

    /// <summary>The least k; with less, what a call costs outweighs the chains.</summary>
    private const int MinDepth = 8;

    /// <summary>Whether a product with a transposed B is one of these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(int m, int k, int n, T alpha)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => m <= MaxRows && n <= MaxRows && k >= MinDepth && alpha == T.One;

    /// <summary>Computes a product on the calling thread.</summary>
    /// <param name="a">A.</param>
    /// <param name="rowA">The stride from one row of A to the next, in elements.</param>
    /// <param name="b">The transpose of B.</param>
    /// <param name="columnB">The stride from one column of B to the next.</param>
    /// <param name="c">The result.</param>
    /// <param name="rowC">The stride from one row of the result to the next.</param>
    /// <param name="m">The rows of the result.</param>
    /// <param name="k">The length of the chains.</param>
    /// <param name="n">The columns of the result.</param>
    /// <param name="start">What the chains start from.</param>
    /// <param name="beta">The factor on the old result.</param>
    /// <param name="bias">The bias, if the chains start from it.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply<T>(
        T* a, nint rowA, T* b, nint columnB, T* c, nint rowC, int m, int k, int n, ChainStart start, T beta, T* bias, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* chains = stackalloc T[MaxRows * MaxRows];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                chains[(i * MaxRows) + j] = start switch
                {
                    ChainStart.Zero => T.Zero,
                    ChainStart.Bias => bias[j],
                    ChainStart.Result => c[(i * rowC) + j],
                    _ => beta * c[(i * rowC) + j],
                };
            }
        }
        switch (m)
        {
            case 1: ByColumns<T, Count1>(a, rowA, b, columnB, k, n, chains); break;
            case 2: ByColumns<T, Count2>(a, rowA, b, columnB, k, n, chains); break;
            default: ByColumns<T, Count3>(a, rowA, b, columnB, k, n, chains); break;
        }
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T x = chains[(i * MaxRows) + j];
                c[(i * rowC) + j] = relu && x < T.Zero ? T.Zero : x;
            }
        }
    }

    private static void ByColumns<T, TRows>(T* a, nint rowA, T* b, nint columnB, int k, int n, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRows : unmanaged
    {
        switch (n)
        {
            case 1: Run<T, TRows, Count1>(a, rowA, b, columnB, k, chains); break;
            case 2: Run<T, TRows, Count2>(a, rowA, b, columnB, k, chains); break;
            default: Run<T, TRows, Count3>(a, rowA, b, columnB, k, chains); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<T, TRows, TColumns>(T* a, nint rowA, T* b, nint columnB, int depth, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRows : unmanaged
        where TColumns : unmanaged
    {
        T* a1 = a + rowA, a2 = a1 + rowA, b1 = b + columnB, b2 = b1 + columnB;
        T c00 = chains[0], c01 = chains[1], c02 = chains[2];
        T c10 = chains[3], c11 = chains[4], c12 = chains[5];
        T c20 = chains[6], c21 = chains[7], c22 = chains[8];
        for (nint k = 0; k < depth; k++)
        {
            T y0 = b[k], y1 = default, y2 = default;
            if (sizeof(TColumns) > 1 + 1)
                y1 = b1[k];
            if (sizeof(TColumns) > 1 + 2)
                y2 = b2[k];
            T x = a[k];
            c00 = T.FusedMultiplyAdd(x, y0, c00);
            if (sizeof(TColumns) > 1 + 1)
                c01 = T.FusedMultiplyAdd(x, y1, c01);
            if (sizeof(TColumns) > 1 + 2)
                c02 = T.FusedMultiplyAdd(x, y2, c02);
            if (sizeof(TRows) > 1 + 1)
            {
                x = a1[k];
                c10 = T.FusedMultiplyAdd(x, y0, c10);
                if (sizeof(TColumns) > 1 + 1)
                    c11 = T.FusedMultiplyAdd(x, y1, c11);
                if (sizeof(TColumns) > 1 + 2)
                    c12 = T.FusedMultiplyAdd(x, y2, c12);
            }
            if (sizeof(TRows) > 1 + 2)
            {
                x = a2[k];
                c20 = T.FusedMultiplyAdd(x, y0, c20);
                if (sizeof(TColumns) > 1 + 1)
                    c21 = T.FusedMultiplyAdd(x, y1, c21);
                if (sizeof(TColumns) > 1 + 2)
                    c22 = T.FusedMultiplyAdd(x, y2, c22);
            }
        }
        chains[0] = c00;
        chains[1] = c01;
        chains[2] = c02;
        chains[3] = c10;
        chains[4] = c11;
        chains[5] = c12;
        chains[6] = c20;
        chains[7] = c21;
        chains[8] = c22;
    }
}
