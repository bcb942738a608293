using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The kernel of <see cref="MatrixVectors"/>. It multiplies one to four groups of rows by one to eight vectors; a group has as many rows as
/// there are lanes. The chains of all rows and vectors stay in registers while k runs.
/// </summary>
/// <remarks>
/// Two groups go with up to four vectors, and four groups with up to two, since a chain alone would wait for its own latency. As in
/// <see cref="Tile{T, TLanes, TEdge, TMask, TShared, TRows, TVectors}"/>, accumulators are separate local variables: <c>c21</c> is group 2,
/// vector 1.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes.</typeparam>
/// <typeparam name="TRows">How rows are read into lanes.</typeparam>
/// <typeparam name="TGroups">The number of groups, as the size of a type less one byte.</typeparam>
/// <typeparam name="TVectors">The number of vectors, likewise.</typeparam>
internal static unsafe class RowLanes<T, TLanes, TRows, TGroups, TVectors>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : unmanaged, ITileLanes<TLanes, T>
    where TRows : struct, IRowGroup<T, TLanes>
    where TGroups : unmanaged
    where TVectors : unmanaged
{
    /// <summary>The number of k that are read at once.</summary>
    private const int Chunk = 4;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Computes the chains of all groups and vectors.</summary>
    /// <param name="run">What to compute.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(RowLanesRun<T>* run)
    {
        T* m0 = run->Group0, m1 = run->Group1, m2 = run->Group2, m3 = run->Group3, v = run->Vectors;
        nint stride = run->Stride, step = run->DepthStep, next = run->VectorStep;
        TLanes* chains = (TLanes*)run->Chains;
        TLanes c00 = default, c01 = default, c02 = default, c03 = default, c04 = default, c05 = default, c06 = default, c07 = default;
        TLanes c10 = default, c11 = default, c12 = default, c13 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        TLanes none = default;
        if (!run->FromZero)
        {
            Read(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, chains);
            if (sizeof(TGroups) > 1 + 1)
                Read(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, chains + (sizeof(TVectors) - 1));
            if (sizeof(TGroups) > 1 + 2)
                Read(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, chains + (2 * (sizeof(TVectors) - 1)));
            if (sizeof(TGroups) > 1 + 3)
                Read(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, chains + (3 * (sizeof(TVectors) - 1)));
        }
        int full = run->Depth & -Chunk;

        // Each group reads a cache line of its rows before the next group. If rows are a power of two apart, the line would be evicted
        // before a later use.
        int line = sizeof(TGroups) > 1 + 1 ? 64 / sizeof(T) : full;
        for (int first = 0; first < full; first += line)
        {
            int end = Math.Min(first + line, full);
            for (int k = first; k < end; k += Chunk)
            {
                TRows.Read(m0 + k, stride, out TLanes x0, out TLanes x1, out TLanes x2, out TLanes x3);
                T* p = v + (k * step);
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x0, p, next);
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x1, p += step, next);
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x2, p += step, next);
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x3, p + step, next);
            }
            if (sizeof(TGroups) > 1 + 1)
            {
                for (int k = first; k < end; k += Chunk)
                {
                    TRows.Read(m1 + k, stride, out TLanes x0, out TLanes x1, out TLanes x2, out TLanes x3);
                    T* p = v + (k * step);
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x0, p, next);
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x1, p += step, next);
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x2, p += step, next);
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x3, p + step, next);
                }
            }
            if (sizeof(TGroups) > 1 + 2)
            {
                for (int k = first; k < end; k += Chunk)
                {
                    TRows.Read(m2 + k, stride, out TLanes x0, out TLanes x1, out TLanes x2, out TLanes x3);
                    T* p = v + (k * step);
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x0, p, next);
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x1, p += step, next);
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x2, p += step, next);
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x3, p + step, next);
                }
            }
            if (sizeof(TGroups) > 1 + 3)
            {
                for (int k = first; k < end; k += Chunk)
                {
                    TRows.Read(m3 + k, stride, out TLanes x0, out TLanes x1, out TLanes x2, out TLanes x3);
                    T* p = v + (k * step);
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x0, p, next);
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x1, p += step, next);
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x2, p += step, next);
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x3, p + step, next);
                }
            }
        }

        // The last k, fewer than a chunk, are read together with some of those before them.
        int rest = run->Depth - full;
        if (rest > 0)
        {
            int k = run->Depth - Chunk;
            T* p = v + (k * step);
            TRows.Read(m0 + k, stride, out _, out TLanes x1, out TLanes x2, out TLanes x3);
            if (rest > 2)
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x1, p + step, next);
            if (rest > 1)
                Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x2, p + (2 * step), next);
            Add(ref c00, ref c01, ref c02, ref c03, ref c04, ref c05, ref c06, ref c07, x3, p + (3 * step), next);
            if (sizeof(TGroups) > 1 + 1)
            {
                TRows.Read(m1 + k, stride, out _, out x1, out x2, out x3);
                if (rest > 2)
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x1, p + step, next);
                if (rest > 1)
                    Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x2, p + (2 * step), next);
                Add(ref c10, ref c11, ref c12, ref c13, ref none, ref none, ref none, ref none, x3, p + (3 * step), next);
            }
            if (sizeof(TGroups) > 1 + 2)
            {
                TRows.Read(m2 + k, stride, out _, out x1, out x2, out x3);
                if (rest > 2)
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x1, p + step, next);
                if (rest > 1)
                    Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x2, p + (2 * step), next);
                Add(ref c20, ref c21, ref none, ref none, ref none, ref none, ref none, ref none, x3, p + (3 * step), next);
            }
            if (sizeof(TGroups) > 1 + 3)
            {
                TRows.Read(m3 + k, stride, out _, out x1, out x2, out x3);
                if (rest > 2)
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x1, p + step, next);
                if (rest > 1)
                    Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x2, p + (2 * step), next);
                Add(ref c30, ref c31, ref none, ref none, ref none, ref none, ref none, ref none, x3, p + (3 * step), next);
            }
        }
        Write(c00, c01, c02, c03, c04, c05, c06, c07, run->Relu, chains);
        if (sizeof(TGroups) > 1 + 1)
            Write(c10, c11, c12, c13, none, none, none, none, run->Relu, chains + (sizeof(TVectors) - 1));
        if (sizeof(TGroups) > 1 + 2)
            Write(c20, c21, none, none, none, none, none, none, run->Relu, chains + (2 * (sizeof(TVectors) - 1)));
        if (sizeof(TGroups) > 1 + 3)
            Write(c30, c31, none, none, none, none, none, none, run->Relu, chains + (3 * (sizeof(TVectors) - 1)));
    }

    /// <summary>Adds one k to each chain of a group.</summary>
    [MethodImpl(Inline)]
    private static void Add(
        ref TLanes c0, ref TLanes c1, ref TLanes c2, ref TLanes c3, ref TLanes c4, ref TLanes c5, ref TLanes c6, ref TLanes c7,
        TLanes x, T* v, nint next)
    {
        TLanes.MultiplyAdd(ref c0, v, x);
        if (sizeof(TVectors) > 1 + 1)
            TLanes.MultiplyAdd(ref c1, v + next, x);
        if (sizeof(TVectors) > 1 + 2)
            TLanes.MultiplyAdd(ref c2, v + (2 * next), x);
        if (sizeof(TVectors) > 1 + 3)
            TLanes.MultiplyAdd(ref c3, v + (3 * next), x);
        if (sizeof(TVectors) > 1 + 4)
            TLanes.MultiplyAdd(ref c4, v + (4 * next), x);
        if (sizeof(TVectors) > 1 + 5)
            TLanes.MultiplyAdd(ref c5, v + (5 * next), x);
        if (sizeof(TVectors) > 1 + 6)
            TLanes.MultiplyAdd(ref c6, v + (6 * next), x);
        if (sizeof(TVectors) > 1 + 7)
            TLanes.MultiplyAdd(ref c7, v + (7 * next), x);
    }

    [MethodImpl(Inline)]
    private static void Read(
        ref TLanes c0, ref TLanes c1, ref TLanes c2, ref TLanes c3, ref TLanes c4, ref TLanes c5, ref TLanes c6, ref TLanes c7,
        TLanes* from)
    {
        c0 = from[0];
        if (sizeof(TVectors) > 1 + 1)
            c1 = from[1];
        if (sizeof(TVectors) > 1 + 2)
            c2 = from[2];
        if (sizeof(TVectors) > 1 + 3)
            c3 = from[3];
        if (sizeof(TVectors) > 1 + 4)
            c4 = from[4];
        if (sizeof(TVectors) > 1 + 5)
            c5 = from[5];
        if (sizeof(TVectors) > 1 + 6)
            c6 = from[6];
        if (sizeof(TVectors) > 1 + 7)
            c7 = from[7];
    }

    [MethodImpl(Inline)]
    private static void Write(
        TLanes c0, TLanes c1, TLanes c2, TLanes c3, TLanes c4, TLanes c5, TLanes c6, TLanes c7, bool relu, TLanes* to)
    {
        to[0] = c0;
        if (sizeof(TVectors) > 1 + 1)
            to[1] = c1;
        if (sizeof(TVectors) > 1 + 2)
            to[2] = c2;
        if (sizeof(TVectors) > 1 + 3)
            to[3] = c3;
        if (sizeof(TVectors) > 1 + 4)
            to[4] = c4;
        if (sizeof(TVectors) > 1 + 5)
            to[5] = c5;
        if (sizeof(TVectors) > 1 + 6)
            to[6] = c6;
        if (sizeof(TVectors) > 1 + 7)
            to[7] = c7;
        if (relu)
        {
            for (int i = 0; i < sizeof(TVectors) - 1; i++)
                TLanes.Relu(ref to[i]);
        }
    }
}
