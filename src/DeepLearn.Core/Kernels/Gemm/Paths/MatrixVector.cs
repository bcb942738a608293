using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The product of a matrix, stored by rows, and a vector: one column of the result, or one row where B is transposed. Every element of
/// the matrix is used once, so nothing is packed.
/// </summary>
/// <remarks>
/// A chain must not be divided among lanes, so the lanes are rows of the matrix: a few k of as many rows as there are lanes are read
/// and transposed in registers, and then each k is one fused multiply-add for all those rows. Four such groups of rows go side by side,
/// since each one's chain waits for itself.
/// </remarks>
internal static unsafe class MatrixVector
{
    private const int Groups = 4;

    /// <summary>How much of a row is read at once, see <see cref="IRowGroup{T, TVector}.Advance"/>.</summary>
    private const int ChunkBytes = 16;

    /// <summary>Whether a product is one of these, and the hardware has what is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Rows != 1 && product.Columns != 1)
            return false;
        int lanes = LanesOf(set);
        return (lanes == Vector256<T>.Count ? Fma.IsSupported : lanes > 1 && Interleave.IsSupported)
            && (IsRow(product, lanes) || IsColumn(product, lanes));
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = LanesOf(set);
        bool row = IsRow(product, lanes);
        T* matrix = row ? product.B : product.A;
        nint stride = row ? product.ColumnB : product.RowA;
        int count = row ? product.Columns : product.Rows;
        nint resultStep = row ? 1 : product.RowC;
        T* vector = row ? product.A : product.B;
        nint vectorStep = row ? product.DepthA : product.DepthB;
        if (vectorStep != 1 || product.Alpha != T.One)
        {
            // A factor belongs to the elements of B, which are the vector's only in a column.
            T* copy = (T*)PanelMemory.Rent((nuint)product.Depth * (nuint)sizeof(T));
            for (int k = 0; k < product.Depth; k++)
                copy[k] = row ? vector[k * vectorStep] : product.Alpha * vector[k * vectorStep];
            vector = copy;
        }

        Vector256<T>* memory = stackalloc Vector256<T>[Groups];
        T* chains = (T*)memory;
        int first = 0;
        for (; first <= count - (Groups * lanes); first += Groups * lanes)
        {
            Start(product, row, first, Groups * lanes, chains, resultStep);
            RunFour(lanes, matrix + (first * stride), stride, vector, product.Depth, chains);
            Finish(product, chains, first, Groups * lanes, resultStep);
        }
        for (; first < count; first += lanes)
        {
            // The last group steps back to be a full one; what it computes again is not written again.
            int again = Math.Max(0, first + lanes - count);
            Start(product, row, first - again, lanes, chains, resultStep);
            RunOne(lanes, matrix + ((first - again) * stride), stride, vector, product.Depth, chains);
            Finish(product, chains + again, first, lanes - again, resultStep);
        }
    }

    /// <summary>Vectors of 512 bits would be put together from twice as many rows, which takes longer than it saves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int LanesOf<T>(KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Math.Min(set.Width, Vector256<T>.Count);

    private static bool IsRow<T>(in Product<T> product, int lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Rows == 1 && product.DepthB == 1 && product.Columns >= lanes && product.Alpha == T.One;

    private static bool IsColumn<T>(in Product<T> product, int lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Columns == 1 && product.DepthA == 1 && product.Rows >= lanes;

    private static void Start<T>(in Product<T> product, bool row, int first, int count, T* chains, nint resultStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Start == ChainStart.Zero)
        {
            new Span<T>(chains, count).Clear();
            return;
        }
        if (product.Start == ChainStart.Bias && !row)
        {
            new Span<T>(chains, count).Fill(product.Bias[0]);
            return;
        }
        T* from = product.Start == ChainStart.Bias ? product.Bias + first : product.C + (first * resultStep);
        nint step = product.Start == ChainStart.Bias ? 1 : resultStep;
        if (step == 1)
        {
            new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(chains, count));
        }
        else
        {
            for (int i = 0; i < count; i++)
                chains[i] = from[i * step];
        }
        if (product.Start == ChainStart.ScaledResult)
        {
            for (int i = 0; i < count; i++)
                chains[i] = product.Beta * chains[i];
        }
    }

    private static void Finish<T>(in Product<T> product, T* chains, int first, int count, nint resultStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* to = product.C + (first * resultStep);
        if (resultStep == 1 && !product.Relu)
        {
            new ReadOnlySpan<T>(chains, count).CopyTo(new Span<T>(to, count));
            return;
        }
        for (int i = 0; i < count; i++)
            to[i * resultStep] = product.Relu && chains[i] < T.Zero ? T.Zero : chains[i];
    }

    private static void RunFour<T>(int lanes, T* matrix, nint stride, T* vector, int depth, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && lanes == Vector256<float>.Count)
            FourGroups<float, Vector256<float>, FloatRows256>((float*)matrix, stride, (float*)vector, depth, (Vector256<float>*)chains);
        else if (typeof(T) == typeof(float))
            FourGroups<float, Vector128<float>, FloatRows128>((float*)matrix, stride, (float*)vector, depth, (Vector128<float>*)chains);
        else if (lanes == Vector256<double>.Count)
        {
            FourGroups<double, Vector256<double>,
            DoubleRows256>((double*)matrix, stride, (double*)vector, depth, (Vector256<double>*)chains);
        }
        else
        {
            FourGroups<double, Vector128<double>,
            DoubleRows128>((double*)matrix, stride, (double*)vector, depth, (Vector128<double>*)chains);
        }
    }

    private static void RunOne<T>(int lanes, T* matrix, nint stride, T* vector, int depth, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && lanes == Vector256<float>.Count)
            OneGroup<float, Vector256<float>, FloatRows256>((float*)matrix, stride, (float*)vector, depth, (Vector256<float>*)chains);
        else if (typeof(T) == typeof(float))
            OneGroup<float, Vector128<float>, FloatRows128>((float*)matrix, stride, (float*)vector, depth, (Vector128<float>*)chains);
        else if (lanes == Vector256<double>.Count)
            OneGroup<double, Vector256<double>, DoubleRows256>((double*)matrix, stride, (double*)vector, depth, (Vector256<double>*)chains);
        else
            OneGroup<double, Vector128<double>, DoubleRows128>((double*)matrix, stride, (double*)vector, depth, (Vector128<double>*)chains);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourGroups<T, TVector, TRows>(T* matrix, nint stride, T* vector, int depth, TVector* chains)
        where T : unmanaged
        where TVector : unmanaged
        where TRows : struct, IRowGroup<T, TVector>
    {
        int rows = sizeof(TVector) / sizeof(T), chunk = ChunkBytes / sizeof(T), line = 4 * chunk;
        TVector c0 = chains[0], c1 = chains[1], c2 = chains[2], c3 = chains[3];
        T* m1 = matrix + (rows * stride);
        T* m2 = m1 + (rows * stride);
        T* m3 = m2 + (rows * stride);
        int k = 0;
        for (; k <= depth - line; k += line)
        {
            c0 = Line<T, TVector, TRows>(matrix + k, stride, vector + k, c0);
            c1 = Line<T, TVector, TRows>(m1 + k, stride, vector + k, c1);
            c2 = Line<T, TVector, TRows>(m2 + k, stride, vector + k, c2);
            c3 = Line<T, TVector, TRows>(m3 + k, stride, vector + k, c3);
        }
        for (; k <= depth - chunk; k += chunk)
        {
            c0 = TRows.Advance(matrix + k, stride, vector + k, c0);
            c1 = TRows.Advance(m1 + k, stride, vector + k, c1);
            c2 = TRows.Advance(m2 + k, stride, vector + k, c2);
            c3 = TRows.Advance(m3 + k, stride, vector + k, c3);
        }
        if (k < depth)
        {
            c0 = TRows.AdvanceLast(matrix + k, stride, vector + k, depth - k, k > 0, c0);
            c1 = TRows.AdvanceLast(m1 + k, stride, vector + k, depth - k, k > 0, c1);
            c2 = TRows.AdvanceLast(m2 + k, stride, vector + k, depth - k, k > 0, c2);
            c3 = TRows.AdvanceLast(m3 + k, stride, vector + k, depth - k, k > 0, c3);
        }
        (chains[0], chains[1], chains[2], chains[3]) = (c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneGroup<T, TVector, TRows>(T* matrix, nint stride, T* vector, int depth, TVector* chains)
        where T : unmanaged
        where TVector : unmanaged
        where TRows : struct, IRowGroup<T, TVector>
    {
        int chunk = ChunkBytes / sizeof(T);
        TVector c0 = chains[0];
        int k = 0;
        for (; k <= depth - chunk; k += chunk)
            c0 = TRows.Advance(matrix + k, stride, vector + k, c0);
        if (k < depth)
            c0 = TRows.AdvanceLast(matrix + k, stride, vector + k, depth - k, k > 0, c0);
        chains[0] = c0;
    }

    /// <summary>
    /// A cache line of each row: with rows a power of two apart, it would not be there any more after the other groups.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Line<T, TVector, TRows>(T* m, nint stride, T* v, TVector chain)
        where T : unmanaged
        where TVector : unmanaged
        where TRows : struct, IRowGroup<T, TVector>
    {
        int chunk = ChunkBytes / sizeof(T);
        chain = TRows.Advance(m, stride, v, chain);
        chain = TRows.Advance(m + chunk, stride, v + chunk, chain);
        chain = TRows.Advance(m + (2 * chunk), stride, v + (2 * chunk), chain);
        return TRows.Advance(m + (3 * chunk), stride, v + (3 * chunk), chain);
    }
}
