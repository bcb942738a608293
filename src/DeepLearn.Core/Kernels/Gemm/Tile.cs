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
/// Each k reads one row of vectors of B and multiplies it by one element of A for each row, so that every element of the tile grows by
/// one fused multiply-add: <c>c = a b + c</c>. The accumulators are locals with names (<c>c21</c>: row 2, vector 1; <c>e2</c>: row 2,
/// edge), since that alone makes the JIT keep them in registers. An element of A that is used once is broadcast within the
/// multiplication, which the JIT folds into one instruction. Rows, vectors and edge are constants to the JIT: what a smaller tile lacks
/// is not compiled.
/// </remarks>
internal static unsafe class Tile<T, TVector, TLanes, TEdge, TEdgeLanes, TShared, TRows, TVectors, THasEdge>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : struct
    where TLanes : struct, ILanes<T, TVector>
    where TEdge : struct
    where TEdgeLanes : struct, ILanes<T, TEdge>
    where TShared : struct, ISharedEdge<T, TVector>
    where TRows : struct, ICount
    where TVectors : struct, ICount
    where THasEdge : struct, ICount
{
    // The conditions below are written out each time: every call to be inlined counts against a budget of the JIT's, and a kernel
    // that exceeds it runs at a tenth of its speed.

    /// <summary>Computes a strip of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(TileRun<T>* run)
    {
        nint rowA = run->RowStepA, rowA2 = 2 * rowA, rowA3 = 3 * rowA, depthA = run->DepthStepA;
        nint depthB = run->DepthStepB, rowC = run->RowStepC;
        int edge = run->Edge;
        TEdge mask = THasEdge.Value > 0 ? TEdgeLanes.Mask(edge) : default;
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
            ChainStart start = run->Start;
            if (start == ChainStart.Bias)
            {
                if (TShared.Columns > 0)
                    shared = TShared.RepeatColumns(run->Bias + (TVectors.Value * TLanes.Width));
                if (TVectors.Value > 0)
                    c00 = c10 = c20 = c30 = c40 = c50 = c60 = c70 = TLanes.Load(run->Bias + (0 * TLanes.Width));
                if (TVectors.Value > 1)
                    c01 = c11 = c21 = c31 = c41 = c51 = c61 = c71 = TLanes.Load(run->Bias + (1 * TLanes.Width));
                if (TVectors.Value > 2)
                    c02 = c12 = c22 = c32 = c42 = c52 = c62 = c72 = TLanes.Load(run->Bias + (2 * TLanes.Width));
                if (THasEdge.Value > 0)
                    e0 = e1 = e2 = e3 = e4 = e5 = e6 = e7 = TEdgeLanes.LoadPart(run->Bias + (TVectors.Value * TLanes.Width), mask, edge);
            }
            else if (start != ChainStart.Zero)
            {
                bool scale = start == ChainStart.ScaledResult;
                byte* from = c;
                if (TShared.Columns > 0)
                {
                    byte* edges = c + (TVectors.Value * TLanes.Width * sizeof(T));
                    for (int row = 0; row < TRows.Value; row++, edges += rowC)
                        ((long*)&run->SharedLanes)[row] = *(long*)edges;
                    shared = Start((byte*)&run->SharedLanes, 0, scale, run);
                }
                if (TRows.Value > 0)
                {
                    if (TVectors.Value > 0)
                        c00 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c01 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c02 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e0 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 1)
                {
                    if (TVectors.Value > 0)
                        c10 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c11 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c12 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e1 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 2)
                {
                    if (TVectors.Value > 0)
                        c20 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c21 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c22 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e2 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 3)
                {
                    if (TVectors.Value > 0)
                        c30 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c31 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c32 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e3 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 4)
                {
                    if (TVectors.Value > 0)
                        c40 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c41 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c42 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e4 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 5)
                {
                    if (TVectors.Value > 0)
                        c50 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c51 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c52 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e5 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 6)
                {
                    if (TVectors.Value > 0)
                        c60 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c61 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c62 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e6 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
                if (TRows.Value > 7)
                {
                    if (TVectors.Value > 0)
                        c70 = Start(from, 0, scale, run);
                    if (TVectors.Value > 1)
                        c71 = Start(from, 1, scale, run);
                    if (TVectors.Value > 2)
                        c72 = Start(from, 2, scale, run);
                    if (THasEdge.Value > 0)
                        e7 = StartEdge(from, mask, scale, run);
                    from += rowC;
                }
            }

            if (Sse.IsSupported && prefetch && block > 1)
            {
                byte* next = c + (TRows.Value * rowC);
                for (int row = 0; row < TRows.Value; row++)
                {
                    Sse.Prefetch0(next);
                    if (TVectors.Value + THasEdge.Value > 1)
                        Sse.Prefetch0(next + (TLanes.Width * sizeof(T)));
                    if (TVectors.Value + THasEdge.Value > 2)
                        Sse.Prefetch0(next + (2 * TLanes.Width * sizeof(T)));
                    next += rowC;
                }
            }

            byte* a = firstA;
            byte* b = run->B;
            for (nint depth = run->Depth; depth > 0; depth--)
            {
                TVector b0 = default, b1 = default, b2 = default;
                TEdge be = default;
                if (TVectors.Value > 0)
                    b0 = TLanes.Load((T*)b + (0 * TLanes.Width));
                if (TVectors.Value > 1)
                    b1 = TLanes.Load((T*)b + (1 * TLanes.Width));
                if (TVectors.Value > 2)
                    b2 = TLanes.Load((T*)b + (2 * TLanes.Width));
                if (THasEdge.Value > 0)
                    be = TEdgeLanes.LoadPart((T*)b + (TVectors.Value * TLanes.Width), mask, edge);
                if (TRows.Value > 0)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c00 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)a), b0, c00);
                        if (THasEdge.Value > 0)
                            e0 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)a), be, e0);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)a);
                        c00 = TLanes.FusedMultiplyAdd(x, b0, c00);
                        if (TVectors.Value > 1)
                            c01 = TLanes.FusedMultiplyAdd(x, b1, c01);
                        if (TVectors.Value > 2)
                            c02 = TLanes.FusedMultiplyAdd(x, b2, c02);
                        if (THasEdge.Value > 0)
                            e0 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e0);
                    }
                }
                if (TRows.Value > 1)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c10 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA)), b0, c10);
                        if (THasEdge.Value > 0)
                            e1 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA)), be, e1);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA));
                        c10 = TLanes.FusedMultiplyAdd(x, b0, c10);
                        if (TVectors.Value > 1)
                            c11 = TLanes.FusedMultiplyAdd(x, b1, c11);
                        if (TVectors.Value > 2)
                            c12 = TLanes.FusedMultiplyAdd(x, b2, c12);
                        if (THasEdge.Value > 0)
                            e1 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e1);
                    }
                }
                if (TRows.Value > 2)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c20 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA2)), b0, c20);
                        if (THasEdge.Value > 0)
                            e2 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA2)), be, e2);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA2));
                        c20 = TLanes.FusedMultiplyAdd(x, b0, c20);
                        if (TVectors.Value > 1)
                            c21 = TLanes.FusedMultiplyAdd(x, b1, c21);
                        if (TVectors.Value > 2)
                            c22 = TLanes.FusedMultiplyAdd(x, b2, c22);
                        if (THasEdge.Value > 0)
                            e2 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e2);
                    }
                }
                if (TRows.Value > 3)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c30 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a + rowA3)), b0, c30);
                        if (THasEdge.Value > 0)
                            e3 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a + rowA3)), be, e3);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a + rowA3));
                        c30 = TLanes.FusedMultiplyAdd(x, b0, c30);
                        if (TVectors.Value > 1)
                            c31 = TLanes.FusedMultiplyAdd(x, b1, c31);
                        if (TVectors.Value > 2)
                            c32 = TLanes.FusedMultiplyAdd(x, b2, c32);
                        if (THasEdge.Value > 0)
                            e3 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e3);
                    }
                }
                byte* a4 = a + (4 * rowA);
                if (TRows.Value > 4)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c40 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)a4), b0, c40);
                        if (THasEdge.Value > 0)
                            e4 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)a4), be, e4);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)a4);
                        c40 = TLanes.FusedMultiplyAdd(x, b0, c40);
                        if (TVectors.Value > 1)
                            c41 = TLanes.FusedMultiplyAdd(x, b1, c41);
                        if (TVectors.Value > 2)
                            c42 = TLanes.FusedMultiplyAdd(x, b2, c42);
                        if (THasEdge.Value > 0)
                            e4 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e4);
                    }
                }
                if (TRows.Value > 5)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c50 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA)), b0, c50);
                        if (THasEdge.Value > 0)
                            e5 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA)), be, e5);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA));
                        c50 = TLanes.FusedMultiplyAdd(x, b0, c50);
                        if (TVectors.Value > 1)
                            c51 = TLanes.FusedMultiplyAdd(x, b1, c51);
                        if (TVectors.Value > 2)
                            c52 = TLanes.FusedMultiplyAdd(x, b2, c52);
                        if (THasEdge.Value > 0)
                            e5 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e5);
                    }
                }
                if (TRows.Value > 6)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c60 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA2)), b0, c60);
                        if (THasEdge.Value > 0)
                            e6 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA2)), be, e6);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA2));
                        c60 = TLanes.FusedMultiplyAdd(x, b0, c60);
                        if (TVectors.Value > 1)
                            c61 = TLanes.FusedMultiplyAdd(x, b1, c61);
                        if (TVectors.Value > 2)
                            c62 = TLanes.FusedMultiplyAdd(x, b2, c62);
                        if (THasEdge.Value > 0)
                            e6 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e6);
                    }
                }
                if (TRows.Value > 7)
                {
                    if (TVectors.Value + THasEdge.Value == 1)
                    {
                        if (TVectors.Value > 0)
                            c70 = TLanes.FusedMultiplyAdd(TLanes.Broadcast((T*)(a4 + rowA3)), b0, c70);
                        if (THasEdge.Value > 0)
                            e7 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.BroadcastBits((T*)(a4 + rowA3)), be, e7);
                    }
                    else
                    {
                        TVector x = TLanes.Broadcast((T*)(a4 + rowA3));
                        c70 = TLanes.FusedMultiplyAdd(x, b0, c70);
                        if (TVectors.Value > 1)
                            c71 = TLanes.FusedMultiplyAdd(x, b1, c71);
                        if (TVectors.Value > 2)
                            c72 = TLanes.FusedMultiplyAdd(x, b2, c72);
                        if (THasEdge.Value > 0)
                            e7 = TEdgeLanes.FusedMultiplyAdd(TEdgeLanes.LowerOf(x), be, e7);
                    }
                }
                if (TShared.Columns > 0)
                {
                    TVector columns = TShared.RepeatColumns((T*)b + (TVectors.Value * TLanes.Width));
                    shared = TLanes.FusedMultiplyAdd(TShared.Rows((T*)a, TRows.Value), columns, shared);
                }
                a += depthA;
                b += depthB;
            }

            bool relu = run->Relu;
            if (TShared.Columns > 0)
            {
                Finish(shared, (byte*)&run->SharedLanes, 0, relu);
                byte* edges = c + (TVectors.Value * TLanes.Width * sizeof(T));
                for (int row = 0; row < TRows.Value; row++, edges += rowC)
                    *(long*)edges = ((long*)&run->SharedLanes)[row];
            }
            if (TRows.Value > 0)
            {
                if (TVectors.Value > 0)
                    Finish(c00, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c01, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c02, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e0, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 1)
            {
                if (TVectors.Value > 0)
                    Finish(c10, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c11, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c12, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e1, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 2)
            {
                if (TVectors.Value > 0)
                    Finish(c20, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c21, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c22, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e2, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 3)
            {
                if (TVectors.Value > 0)
                    Finish(c30, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c31, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c32, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e3, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 4)
            {
                if (TVectors.Value > 0)
                    Finish(c40, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c41, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c42, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e4, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 5)
            {
                if (TVectors.Value > 0)
                    Finish(c50, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c51, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c52, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e5, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 6)
            {
                if (TVectors.Value > 0)
                    Finish(c60, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c61, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c62, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e6, c, mask, edge, relu);
                c += rowC;
            }
            if (TRows.Value > 7)
            {
                if (TVectors.Value > 0)
                    Finish(c70, c, 0, relu);
                if (TVectors.Value > 1)
                    Finish(c71, c, 1, relu);
                if (TVectors.Value > 2)
                    Finish(c72, c, 2, relu);
                if (THasEdge.Value > 0)
                    FinishEdge(e7, c, mask, edge, relu);
                c += rowC;
            }
            firstA += run->BlockStepA;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Start(byte* row, int vector, bool scale, TileRun<T>* run)
    {
        TVector start = TLanes.Load((T*)row + (vector * TLanes.Width));
        return scale ? TLanes.Multiply(TLanes.Broadcast(&run->Beta), start) : start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TEdge StartEdge(byte* row, TEdge mask, bool scale, TileRun<T>* run)
    {
        TEdge start = TEdgeLanes.LoadPart((T*)row + (TVectors.Value * TLanes.Width), mask, run->Edge);
        return scale ? TEdgeLanes.Multiply(TEdgeLanes.Broadcast(&run->Beta), start) : start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector chain, byte* row, int vector, bool relu) =>
        TLanes.Store(relu ? TLanes.Relu(chain) : chain, (T*)row + (vector * TLanes.Width));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishEdge(TEdge chain, byte* row, TEdge mask, int edge, bool relu) =>
        TEdgeLanes.StorePart(relu ? TEdgeLanes.Relu(chain) : chain, (T*)row + (TVectors.Value * TLanes.Width), mask, edge);
}
