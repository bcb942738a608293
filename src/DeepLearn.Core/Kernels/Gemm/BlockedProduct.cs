using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The loops around the micro-kernel, after K. Goto and R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
/// </summary>
/// <remarks>
/// Departures: operands are packed only where that pays; rows are divided in nearly equal blocks instead of full ones and a rest, with
/// a micro-kernel for each height, so no panel is padded with rows; and the chain of each element is kept in order, k being divided by
/// storing it in the result and reading it again.
/// </remarks>
internal static unsafe class BlockedProduct
{
    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, in Blocking blocking)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var strips = new Strips<T>(product.Columns, set, blocking.StripUnits, blocking.ShareEdge);
        Multiply(product, set, blocking, strips, 0, strips.Count);
    }

    /// <summary>Computes some strips of a product on the calling thread.</summary>
    public static void Multiply<T>(
        in Product<T> product, KernelSet<T> set, in Blocking blocking, in Strips<T> strips, int fromStrip, int toStrip)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(
            product, new MatrixPanels<T>(product.A, product.RowA, product.DepthA), set, blocking, strips, fromStrip, toStrip);

    /// <summary>Computes some strips of a product on the calling thread, whose op(A) may be something else than a matrix.</summary>
    public static void Multiply<T, TPanels>(
        in Product<T> product, TPanels panels, KernelSet<T> set, in Blocking blocking, in Strips<T> strips, int fromStrip, int toStrip)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPanels : struct, IPanelsOfA<T>
    {
        var depths = new Division(product.Depth, blocking.Depth);
        var rows = new Division(product.Rows, blocking.Rows);
        int depthLimit = depths.Pieces == 0 ? 0 : depths.Size(0);
        nuint panelsA = blocking.PackA ? (nuint)(((nint)rows.Size(0) * depthLimit) + Packing.Slack) * (nuint)sizeof(T) : 0;
        panelsA = (panelsA + 63) / 64 * 64;
        nuint panelsB = blocking.PackB
            ? (nuint)(((nint)((Math.Min(blocking.Strips, toStrip - fromStrip) * blocking.StripUnits) + 1) * set.Width * depthLimit) + Packing.Slack)
                * (nuint)sizeof(T)
            : 0;
        byte* memory = panelsA + panelsB > 0 ? PanelMemory.Rent(panelsA + panelsB) : null;
        T* packedA = (T*)memory;
        T* packedB = (T*)(memory + panelsA);

        int panelRows = set.RowsFor(blocking.StripUnits);
        for (int firstStrip = fromStrip; firstStrip < toStrip; firstStrip += blocking.Strips)
        {
            int endStrip = Math.Min(firstStrip + blocking.Strips, toStrip);
            int firstColumn = strips.FirstColumn(firstStrip);
            for (int depthPiece = 0; depthPiece < Math.Max(1, depths.Pieces); depthPiece++)
            {
                int firstDepth = depths.First(depthPiece);
                int depth = depths.Pieces == 0 ? 0 : depths.Size(depthPiece);
                TileRun<T> run = default;
                run.Depth = depth;
                run.Start = depthPiece == 0 ? product.Start : ChainStart.Result;
                run.Relu = product.Relu && depthPiece >= depths.Pieces - 1;
                run.Beta = product.Beta;
                run.RowStepC = product.RowC * sizeof(T);
                run.RowStepA = blocking.PackA ? sizeof(T) : product.RowA * sizeof(T);
                run.DepthStepA = product.DepthA * sizeof(T);
                nint rowStepA = blocking.PackA && !panels.SideBySide ? depth * sizeof(T) : run.RowStepA;
                if (blocking.PackB)
                {
                    PanelsOfB.Pack(
                        product.B + (firstDepth * product.DepthB), product.DepthB, product.ColumnB, depth, product.Alpha,
                        strips, firstStrip, endStrip, packedB);
                }
                for (int turn = 0; turn < rows.Pieces; turn++)
                {
                    // The gradient of weights, whose A is transposed, is taken from its end: there the forward pass has left inputs and
                    // weights in the caches, and where it ends, the next forward pass begins.
                    int rowPiece = product.DepthA == 1 ? turn : rows.Pieces - 1 - turn;
                    int firstRow = rows.First(rowPiece);
                    int rowCount = rows.Size(rowPiece);
                    T* a = product.A + (firstRow * product.RowA) + (firstDepth * product.DepthA);
                    if (blocking.PackA)
                        panels.Pack(firstRow, new Division(rowCount, panelRows), firstDepth, depth, packedA);
                    if (panels.SideBySide)
                        run.DepthStepA = rowCount * sizeof(T);
                    for (int strip = firstStrip; strip < endStrip; strip++)
                    {
                        int column = strips.FirstColumn(strip);
                        if (product.Panels != null || blocking.PackB)
                        {
                            run.B = (byte*)(product.Panels != null
                                ? product.Panels + ((nint)strips.PanelColumns * firstDepth) + ((nint)column * depth)
                                : packedB + ((nint)(column - firstColumn) * depth));
                            run.DepthStepB = strips.PanelStep(strip) * sizeof(T);
                        }
                        else
                        {
                            run.B = (byte*)(product.B + (firstDepth * product.DepthB) + column);
                            run.DepthStepB = product.DepthB * sizeof(T);
                        }
                        run.C = (byte*)(product.C + (firstRow * product.RowC) + column);
                        run.Bias = product.Bias + column;
                        run.Edge = strips.EdgeCount(strip);
                        int tileRows = blocking.PackA ? panelRows : set.RowsFor(strips.Units(strip));
                        run.A = (byte*)(blocking.PackA ? packedA : a);
                        set.RunBlocks(
                            ref run, new Division(rowCount, tileRows), strips.FullVectors(strip), strips.EdgeOf(strip), rowStepA);
                    }
                }
            }
        }
    }
}
