using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The micro-kernel: a tile of the result that stays in registers while k runs, of <typeparamref name="TRows"/> rows by
/// <typeparamref name="TVectors"/> vectors and, where <typeparamref name="THasEdge"/> is 1, a last vector of which only some columns
/// count; or, where <typeparamref name="TShared"/> has columns, one last vector for all rows.
/// </summary>
/// <remarks>
/// <para>
/// Each k reads one row of vectors of B and multiplies it by one element of A for each row, so that every element of the tile grows by
/// one fused multiply-add: <c>c = a b + c</c>. The accumulators are locals with names (<c>c21</c>: row 2, vector 1; <c>e2</c>: row 2,
/// edge), since that alone makes the JIT keep them in registers. An element of A that is used once is broadcast within the
/// multiplication, which the JIT folds into one instruction.
/// </para>
/// <para>
/// Rows, vectors and edge are the sizes of types, each one byte more than the number, since no type has none: <c>sizeof(TRows) &gt;
/// 1 + 2</c> asks whether there is a row 2. To the JIT a size is a constant as it reads the condition, and what a smaller tile lacks is not
/// read at all. A constant that is a call has to be inlined first; written so, kernels took three times as long to compile.
/// </para>
/// </remarks>
internal static unsafe class Tile<T, TVector, TLanes, TEdge, TEdgeLanes, TShared, TRows, TVectors, THasEdge>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TEdge : unmanaged
    where TEdgeLanes : struct, ILanes<T, TEdge>
    where TShared : unmanaged, ISharedEdge<T, TVector>
    where TRows : unmanaged
    where TVectors : unmanaged
    where THasEdge : unmanaged
{
    // Whatever can be is written out: every call to be inlined costs time to compile and counts against a budget of the JIT's, and a
    // kernel that exceeds it runs at a tenth of its speed.

    /// <summary>Computes a strip of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileRun<T>* run)
    {
        nint rowA = run->RowStepA, rowA2 = 2 * rowA, rowA3 = 3 * rowA, depthA = run->DepthStepA;
        nint depthB = run->DepthStepB, rowC = run->RowStepC;
        int edge = run->Edge;
        TEdge mask = sizeof(THasEdge) > 1 ? TEdgeLanes.Mask(edge) : default;
        byte* firstA = run->A;
        bool prefetch = run->Start == ChainStart.Result && run->Depth > 128;
        byte* c = run->C;
        for (nint block = run->Blocks; block > 0; block--)
        {
            TVector c00 = default, c10 = default, c20 = default, c30 = default, c40 = default, c50 = default, c60 = default, c70 = default;
            TVector c01 = default, c11 = default, c21 = default, c31 = default, c41 = default, c51 = default, c61 = default, c71 = default;
            TVector c02 = default, c12 = default, c22 = default, c32 = default, c42 = default, c52 = default, c62 = default, c72 = default;
            TEdge e0 = default, e1 = default, e2 = default, e3 = default, e4 = default, e5 = default, e6 = default, e7 = default;
            TVector shared = default;
            if (run->Start != ChainStart.Zero)
            {
                // A bias is the same row again and again.
                byte* from = run->Start == ChainStart.Bias ? (byte*)run->Bias : c;
                nint step = run->Start == ChainStart.Bias ? 0 : rowC;
                if (sizeof(TShared) > 1)
                {
                    byte* edges = from + ((sizeof(TVectors) - 1) * sizeof(TVector));
                    for (int row = 0; row < sizeof(TRows) - 1; row++, edges += step)
                        ((long*)&run->SharedLanes)[row] = *(long*)edges;
                    shared = TLanes.Load((T*)&run->SharedLanes);
                }
                if (sizeof(TRows) > 1 + 0)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c00 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c01 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c02 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e0 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 1)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c10 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c11 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c12 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e1 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 2)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c20 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c21 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c22 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e2 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 3)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c30 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c31 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c32 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e3 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 4)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c40 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c41 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c42 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e4 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 5)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c50 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c51 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c52 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e5 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 6)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c60 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c61 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c62 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e6 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (sizeof(TRows) > 1 + 7)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c70 = TLanes.Load((T*)from);
                    if (sizeof(TVectors) > 1 + 1)
                        c71 = TLanes.Load((T*)(from + sizeof(TVector)));
                    if (sizeof(TVectors) > 1 + 2)
                        c72 = TLanes.Load((T*)(from + (2 * sizeof(TVector))));
                    if (sizeof(THasEdge) > 1)
                        e7 = TEdgeLanes.LoadPart((T*)(from + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                    from += step;
                }
                if (run->Start == ChainStart.ScaledResult)
                {
                    TVector factor = TLanes.Broadcast(&run->Beta);
                    if (sizeof(TRows) > 1 + 0)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c00 = TLanes.Multiply(factor, c00);
                        if (sizeof(TVectors) > 1 + 1)
                            c01 = TLanes.Multiply(factor, c01);
                        if (sizeof(TVectors) > 1 + 2)
                            c02 = TLanes.Multiply(factor, c02);
                        if (sizeof(THasEdge) > 1)
                            e0 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e0);
                    }
                    if (sizeof(TRows) > 1 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c10 = TLanes.Multiply(factor, c10);
                        if (sizeof(TVectors) > 1 + 1)
                            c11 = TLanes.Multiply(factor, c11);
                        if (sizeof(TVectors) > 1 + 2)
                            c12 = TLanes.Multiply(factor, c12);
                        if (sizeof(THasEdge) > 1)
                            e1 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e1);
                    }
                    if (sizeof(TRows) > 1 + 2)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c20 = TLanes.Multiply(factor, c20);
                        if (sizeof(TVectors) > 1 + 1)
                            c21 = TLanes.Multiply(factor, c21);
                        if (sizeof(TVectors) > 1 + 2)
                            c22 = TLanes.Multiply(factor, c22);
                        if (sizeof(THasEdge) > 1)
                            e2 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e2);
                    }
                    if (sizeof(TRows) > 1 + 3)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c30 = TLanes.Multiply(factor, c30);
                        if (sizeof(TVectors) > 1 + 1)
                            c31 = TLanes.Multiply(factor, c31);
                        if (sizeof(TVectors) > 1 + 2)
                            c32 = TLanes.Multiply(factor, c32);
                        if (sizeof(THasEdge) > 1)
                            e3 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e3);
                    }
                    if (sizeof(TRows) > 1 + 4)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c40 = TLanes.Multiply(factor, c40);
                        if (sizeof(TVectors) > 1 + 1)
                            c41 = TLanes.Multiply(factor, c41);
                        if (sizeof(TVectors) > 1 + 2)
                            c42 = TLanes.Multiply(factor, c42);
                        if (sizeof(THasEdge) > 1)
                            e4 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e4);
                    }
                    if (sizeof(TRows) > 1 + 5)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c50 = TLanes.Multiply(factor, c50);
                        if (sizeof(TVectors) > 1 + 1)
                            c51 = TLanes.Multiply(factor, c51);
                        if (sizeof(TVectors) > 1 + 2)
                            c52 = TLanes.Multiply(factor, c52);
                        if (sizeof(THasEdge) > 1)
                            e5 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e5);
                    }
                    if (sizeof(TRows) > 1 + 6)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c60 = TLanes.Multiply(factor, c60);
                        if (sizeof(TVectors) > 1 + 1)
                            c61 = TLanes.Multiply(factor, c61);
                        if (sizeof(TVectors) > 1 + 2)
                            c62 = TLanes.Multiply(factor, c62);
                        if (sizeof(THasEdge) > 1)
                            e6 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e6);
                    }
                    if (sizeof(TRows) > 1 + 7)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c70 = TLanes.Multiply(factor, c70);
                        if (sizeof(TVectors) > 1 + 1)
                            c71 = TLanes.Multiply(factor, c71);
                        if (sizeof(TVectors) > 1 + 2)
                            c72 = TLanes.Multiply(factor, c72);
                        if (sizeof(THasEdge) > 1)
                            e7 = TEdgeLanes.Multiply(TEdgeLanes.LowerOf(factor), e7);
                    }
                    if (sizeof(TShared) > 1)
                        shared = TLanes.Multiply(factor, shared);
                }
            }

            if (Sse.IsSupported && prefetch && block > 1)
            {
                byte* next = c + ((sizeof(TRows) - 1) * rowC);
                for (int row = 0; row < sizeof(TRows) - 1; row++)
                {
                    Sse.Prefetch0(next);
                    if (sizeof(TVectors) + sizeof(THasEdge) > 2 + 1)
                        Sse.Prefetch0(next + sizeof(TVector));
                    if (sizeof(TVectors) + sizeof(THasEdge) > 2 + 2)
                        Sse.Prefetch0(next + (2 * sizeof(TVector)));
                    next += rowC;
                }
            }

            byte* a = firstA;
            byte* b = run->B;
            for (nint depth = run->Depth; depth > 0; depth--)
            {
                TVector b0 = default, b1 = default, b2 = default;
                TEdge be = default;
                if (sizeof(TVectors) > 1 + 0)
                    b0 = TLanes.Load((T*)b);
                if (sizeof(TVectors) > 1 + 1)
                    b1 = TLanes.Load((T*)(b + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    b2 = TLanes.Load((T*)(b + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    be = TEdgeLanes.LoadPart((T*)(b + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                if (sizeof(TRows) > 1 + 0)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c00 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)a), b0, c00);
                        if (sizeof(THasEdge) > 1)
                            e0 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)a), be, e0);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)a);
                        c00 = TLanes.FusedMultiplyAdd(x, b0, c00);
                        if (sizeof(TVectors) > 1 + 1)
                            c01 = TLanes.FusedMultiplyAdd(x, b1, c01);
                        if (sizeof(TVectors) > 1 + 2)
                            c02 = TLanes.FusedMultiplyAdd(x, b2, c02);
                        if (sizeof(THasEdge) > 1)
                            e0 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e0);
                    }
                }
                if (sizeof(TRows) > 1 + 1)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c10 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA)), b0, c10);
                        if (sizeof(THasEdge) > 1)
                            e1 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA)), be, e1);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA));
                        c10 = TLanes.FusedMultiplyAdd(x, b0, c10);
                        if (sizeof(TVectors) > 1 + 1)
                            c11 = TLanes.FusedMultiplyAdd(x, b1, c11);
                        if (sizeof(TVectors) > 1 + 2)
                            c12 = TLanes.FusedMultiplyAdd(x, b2, c12);
                        if (sizeof(THasEdge) > 1)
                            e1 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e1);
                    }
                }
                if (sizeof(TRows) > 1 + 2)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c20 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA2)), b0, c20);
                        if (sizeof(THasEdge) > 1)
                            e2 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA2)), be, e2);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA2));
                        c20 = TLanes.FusedMultiplyAdd(x, b0, c20);
                        if (sizeof(TVectors) > 1 + 1)
                            c21 = TLanes.FusedMultiplyAdd(x, b1, c21);
                        if (sizeof(TVectors) > 1 + 2)
                            c22 = TLanes.FusedMultiplyAdd(x, b2, c22);
                        if (sizeof(THasEdge) > 1)
                            e2 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e2);
                    }
                }
                if (sizeof(TRows) > 1 + 3)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c30 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA3)), b0, c30);
                        if (sizeof(THasEdge) > 1)
                            e3 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA3)), be, e3);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA3));
                        c30 = TLanes.FusedMultiplyAdd(x, b0, c30);
                        if (sizeof(TVectors) > 1 + 1)
                            c31 = TLanes.FusedMultiplyAdd(x, b1, c31);
                        if (sizeof(TVectors) > 1 + 2)
                            c32 = TLanes.FusedMultiplyAdd(x, b2, c32);
                        if (sizeof(THasEdge) > 1)
                            e3 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e3);
                    }
                }
                byte* a4 = a + (4 * rowA);
                if (sizeof(TRows) > 1 + 4)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c40 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)a4), b0, c40);
                        if (sizeof(THasEdge) > 1)
                            e4 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)a4), be, e4);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)a4);
                        c40 = TLanes.FusedMultiplyAdd(x, b0, c40);
                        if (sizeof(TVectors) > 1 + 1)
                            c41 = TLanes.FusedMultiplyAdd(x, b1, c41);
                        if (sizeof(TVectors) > 1 + 2)
                            c42 = TLanes.FusedMultiplyAdd(x, b2, c42);
                        if (sizeof(THasEdge) > 1)
                            e4 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e4);
                    }
                }
                if (sizeof(TRows) > 1 + 5)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c50 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA)), b0, c50);
                        if (sizeof(THasEdge) > 1)
                            e5 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA)), be, e5);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA));
                        c50 = TLanes.FusedMultiplyAdd(x, b0, c50);
                        if (sizeof(TVectors) > 1 + 1)
                            c51 = TLanes.FusedMultiplyAdd(x, b1, c51);
                        if (sizeof(TVectors) > 1 + 2)
                            c52 = TLanes.FusedMultiplyAdd(x, b2, c52);
                        if (sizeof(THasEdge) > 1)
                            e5 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e5);
                    }
                }
                if (sizeof(TRows) > 1 + 6)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c60 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA2)), b0, c60);
                        if (sizeof(THasEdge) > 1)
                            e6 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA2)), be, e6);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA2));
                        c60 = TLanes.FusedMultiplyAdd(x, b0, c60);
                        if (sizeof(TVectors) > 1 + 1)
                            c61 = TLanes.FusedMultiplyAdd(x, b1, c61);
                        if (sizeof(TVectors) > 1 + 2)
                            c62 = TLanes.FusedMultiplyAdd(x, b2, c62);
                        if (sizeof(THasEdge) > 1)
                            e6 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e6);
                    }
                }
                if (sizeof(TRows) > 1 + 7)
                {
                    if (sizeof(TVectors) + sizeof(THasEdge) == 2 + 1)
                    {
                        if (sizeof(TVectors) > 1 + 0)
                            c70 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA3)), b0, c70);
                        if (sizeof(THasEdge) > 1)
                            e7 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA3)), be, e7);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA3));
                        c70 = TLanes.FusedMultiplyAdd(x, b0, c70);
                        if (sizeof(TVectors) > 1 + 1)
                            c71 = TLanes.FusedMultiplyAdd(x, b1, c71);
                        if (sizeof(TVectors) > 1 + 2)
                            c72 = TLanes.FusedMultiplyAdd(x, b2, c72);
                        if (sizeof(THasEdge) > 1)
                            e7 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e7);
                    }
                }
                if (sizeof(TShared) > 1)
                {
                    TVector columns = TShared.RepeatColumns((T*)(b + ((sizeof(TVectors) - 1) * sizeof(TVector))));
                    shared = TLanes.FusedMultiplyAdd(TShared.Rows((T*)a, sizeof(TRows) - 1), columns, shared);
                }
                a += depthA;
                b += depthB;
            }

            if (run->Relu)
            {
                if (sizeof(TRows) > 1 + 0)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c00 = TLanes.Relu(c00);
                    if (sizeof(TVectors) > 1 + 1)
                        c01 = TLanes.Relu(c01);
                    if (sizeof(TVectors) > 1 + 2)
                        c02 = TLanes.Relu(c02);
                    if (sizeof(THasEdge) > 1)
                        e0 = TEdgeLanes.Relu(e0);
                }
                if (sizeof(TRows) > 1 + 1)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c10 = TLanes.Relu(c10);
                    if (sizeof(TVectors) > 1 + 1)
                        c11 = TLanes.Relu(c11);
                    if (sizeof(TVectors) > 1 + 2)
                        c12 = TLanes.Relu(c12);
                    if (sizeof(THasEdge) > 1)
                        e1 = TEdgeLanes.Relu(e1);
                }
                if (sizeof(TRows) > 1 + 2)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c20 = TLanes.Relu(c20);
                    if (sizeof(TVectors) > 1 + 1)
                        c21 = TLanes.Relu(c21);
                    if (sizeof(TVectors) > 1 + 2)
                        c22 = TLanes.Relu(c22);
                    if (sizeof(THasEdge) > 1)
                        e2 = TEdgeLanes.Relu(e2);
                }
                if (sizeof(TRows) > 1 + 3)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c30 = TLanes.Relu(c30);
                    if (sizeof(TVectors) > 1 + 1)
                        c31 = TLanes.Relu(c31);
                    if (sizeof(TVectors) > 1 + 2)
                        c32 = TLanes.Relu(c32);
                    if (sizeof(THasEdge) > 1)
                        e3 = TEdgeLanes.Relu(e3);
                }
                if (sizeof(TRows) > 1 + 4)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c40 = TLanes.Relu(c40);
                    if (sizeof(TVectors) > 1 + 1)
                        c41 = TLanes.Relu(c41);
                    if (sizeof(TVectors) > 1 + 2)
                        c42 = TLanes.Relu(c42);
                    if (sizeof(THasEdge) > 1)
                        e4 = TEdgeLanes.Relu(e4);
                }
                if (sizeof(TRows) > 1 + 5)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c50 = TLanes.Relu(c50);
                    if (sizeof(TVectors) > 1 + 1)
                        c51 = TLanes.Relu(c51);
                    if (sizeof(TVectors) > 1 + 2)
                        c52 = TLanes.Relu(c52);
                    if (sizeof(THasEdge) > 1)
                        e5 = TEdgeLanes.Relu(e5);
                }
                if (sizeof(TRows) > 1 + 6)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c60 = TLanes.Relu(c60);
                    if (sizeof(TVectors) > 1 + 1)
                        c61 = TLanes.Relu(c61);
                    if (sizeof(TVectors) > 1 + 2)
                        c62 = TLanes.Relu(c62);
                    if (sizeof(THasEdge) > 1)
                        e6 = TEdgeLanes.Relu(e6);
                }
                if (sizeof(TRows) > 1 + 7)
                {
                    if (sizeof(TVectors) > 1 + 0)
                        c70 = TLanes.Relu(c70);
                    if (sizeof(TVectors) > 1 + 1)
                        c71 = TLanes.Relu(c71);
                    if (sizeof(TVectors) > 1 + 2)
                        c72 = TLanes.Relu(c72);
                    if (sizeof(THasEdge) > 1)
                        e7 = TEdgeLanes.Relu(e7);
                }
                if (sizeof(TShared) > 1)
                    shared = TLanes.Relu(shared);
            }
            if (sizeof(TShared) > 1)
            {
                TLanes.Store(shared, (T*)&run->SharedLanes);
                byte* edges = c + ((sizeof(TVectors) - 1) * sizeof(TVector));
                for (int row = 0; row < sizeof(TRows) - 1; row++, edges += rowC)
                    *(long*)edges = ((long*)&run->SharedLanes)[row];
            }
            if (sizeof(TRows) > 1 + 0)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c00, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c01, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c02, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e0, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 1)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c10, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c11, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c12, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e1, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 2)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c20, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c21, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c22, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e2, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 3)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c30, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c31, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c32, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e3, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 4)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c40, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c41, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c42, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e4, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 5)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c50, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c51, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c52, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e5, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 6)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c60, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c61, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c62, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e6, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            if (sizeof(TRows) > 1 + 7)
            {
                if (sizeof(TVectors) > 1 + 0)
                    TLanes.Store(c70, (T*)c);
                if (sizeof(TVectors) > 1 + 1)
                    TLanes.Store(c71, (T*)(c + sizeof(TVector)));
                if (sizeof(TVectors) > 1 + 2)
                    TLanes.Store(c72, (T*)(c + (2 * sizeof(TVector))));
                if (sizeof(THasEdge) > 1)
                    TEdgeLanes.StorePart(e7, (T*)(c + ((sizeof(TVectors) - 1) * sizeof(TVector))), mask, edge);
                c += rowC;
            }
            firstA += run->BlockStepA;
        }
    }
}
