using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The loops around the micro-kernel, after K. Goto and R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
/// </summary>
/// <remarks>
/// It departs from the paper in three points. Operands are packed only where that pays. Rows are divided into nearly equal blocks instead
/// of full ones and a remainder, with a micro-kernel for each height, so that no panel is padded with rows. Each element stays one chain
/// over k: between two blocks of k it is stored in the result and read again.
/// </remarks>
internal static unsafe class BlockedProduct
{
    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, in Blocking blocking)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var panels = new ColumnPanels<T>(product.Columns, set, blocking.PanelVectors, blocking.ShareEdge);
        Multiply(product, set, blocking, panels, 0, panels.Count);
    }

    /// <summary>Computes some panels of a product on the calling thread.</summary>
    public static void Multiply<T>(
        in Product<T> product, KernelSet<T> set, in Blocking blocking, in ColumnPanels<T> panels, int fromPanel, int toPanel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(product, new MatrixPanels<T>(product.A, product.RowA, product.DepthA), set, blocking, panels, fromPanel, toPanel);

    /// <summary>Computes some panels of a product, whose op(A) need not be a matrix, on the calling thread.</summary>
    public static void Multiply<T, TPanels>(
        in Product<T> product, TPanels panelsOfA, KernelSet<T> set, in Blocking blocking, in ColumnPanels<T> panels, int fromPanel,
        int toPanel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPanels : struct, IPanelsOfA<T>
    {
        var kBlocks = new Division(product.Depth, blocking.Kc);
        var mBlocks = new Division(product.Rows, blocking.Mc);
        int kc = kBlocks.Count == 0 ? 0 : kBlocks.Size(0);
        nuint bytesA = blocking.PackA ? (nuint)(((nint)mBlocks.Size(0) * kc) + PanelPacking.Slack) * (nuint)sizeof(T) : 0;
        bytesA = (bytesA + 63) / 64 * 64;
        nuint bytesB = 0;
        if (blocking.PackB)
        {
            nint vectors = (Math.Min(blocking.NcPanels, toPanel - fromPanel) * blocking.PanelVectors) + 1;
            bytesB = (nuint)((vectors * set.Width * kc) + PanelPacking.Slack) * (nuint)sizeof(T);
        }
        byte* memory = bytesA + bytesB > 0 ? PanelMemory.Rent(bytesA + bytesB) : null;
        T* packedA = (T*)memory;
        T* packedB = (T*)(memory + bytesA);
        int mrPacked = set.MrFor(blocking.PanelVectors);

        // The five loops run over nc columns, kc steps of k, mc rows, nr columns and, within RunTiles, tiles of mr rows.
        for (int firstPanel = fromPanel; firstPanel < toPanel; firstPanel += blocking.NcPanels)
        {
            int endPanel = Math.Min(firstPanel + blocking.NcPanels, toPanel);
            int firstColumn = panels.FirstColumn(firstPanel);
            for (int kBlock = 0; kBlock < Math.Max(1, kBlocks.Count); kBlock++)
            {
                int firstDepth = kBlocks.First(kBlock);
                int depth = kBlocks.Count == 0 ? 0 : kBlocks.Size(kBlock);
                TileRun<T> run = default;
                run.Depth = depth;
                run.Start = kBlock == 0 ? product.Start : ChainStart.Result;
                run.Relu = product.Relu && kBlock >= kBlocks.Count - 1;
                run.Beta = product.Beta;
                run.ResultIsFar = Blocking.IsResultFar(product, depth);
                run.RowStepC = product.RowC * sizeof(T);
                run.RowStepA = blocking.PackA ? sizeof(T) : product.RowA * sizeof(T);
                run.DepthStepA = product.DepthA * sizeof(T);
                nint rowStepA = blocking.PackA && !panelsOfA.SideBySide ? depth * sizeof(T) : run.RowStepA;
                if (blocking.PackB)
                {
                    // What is packed next: the same columns, further along k, or the next panels from k = 0.
                    int columns = panels.FirstColumn(endPanel - 1) + panels.PanelStep(endPanel - 1) - firstColumn;
                    nint ahead = !blocking.AskForB ? 0
                        : kBlock < kBlocks.Count - 1 ? depth
                        : (columns * product.ColumnB) - firstDepth;
                    PanelsOfB.Pack(
                        product.B + (firstDepth * product.DepthB), product.DepthB, product.ColumnB, depth, product.Alpha,
                        panels, firstPanel, endPanel, packedB, ahead);
                }
                for (int i = 0; i < mBlocks.Count; i++)
                {
                    int mBlock = blocking.RowOrder == RowOrder.FromStart ? i : mBlocks.Count - 1 - i;
                    int firstRow = mBlocks.First(mBlock);
                    int rows = mBlocks.Size(mBlock);
                    T* a = product.A + (firstRow * product.RowA) + (firstDepth * product.DepthA);
                    if (blocking.PackA)
                        panelsOfA.Pack(firstRow, new Division(rows, mrPacked), firstDepth, depth, packedA);
                    if (panelsOfA.SideBySide)
                        run.DepthStepA = rows * sizeof(T);
                    if (blocking.Across && !blocking.PackA && !blocking.HasPanels
                        && new Division(rows, set.MrFor(panels.Vectors(firstPanel))) is var tiles
                        && KernelSet<T>.PaysAcross(tiles, endPanel - firstPanel))
                    {
                        run.A = (byte*)a;
                        run.B = (byte*)(blocking.PackB ? packedB : product.B + (firstDepth * product.DepthB) + firstColumn);
                        run.DepthStepB = product.DepthB * sizeof(T);
                        run.C = (byte*)(product.C + (firstRow * product.RowC) + firstColumn);
                        run.Bias = product.Bias + firstColumn;
                        run.Edge = panels.EdgeCount(panels.Count - 1);
                        TilesAcross.Run(
                            set, ref run, tiles, panels.Panels, firstPanel, endPanel, panels.EdgeOf(panels.Count - 1), blocking.PackB);
                        continue;
                    }
                    for (int panel = firstPanel; panel < endPanel; panel++)
                    {
                        int column = panels.FirstColumn(panel);
                        if (blocking.HasPanels || blocking.PackB)
                        {
                            run.B = (byte*)(blocking.HasPanels
                                ? product.Panels + ((nint)panels.PanelColumns * firstDepth) + ((nint)column * depth)
                                : packedB + ((nint)(column - firstColumn) * depth));
                            run.DepthStepB = panels.PanelStep(panel) * sizeof(T);
                        }
                        else
                        {
                            run.B = (byte*)(product.B + (firstDepth * product.DepthB) + column);
                            run.DepthStepB = product.DepthB * sizeof(T);
                        }
                        run.C = (byte*)(product.C + (firstRow * product.RowC) + column);
                        run.Bias = product.Bias + column;
                        run.Edge = panels.EdgeCount(panel);
                        run.A = (byte*)(blocking.PackA ? packedA : a);
                        int mr = blocking.PackA ? mrPacked : set.MrFor(panels.Vectors(panel));
                        set.RunTiles(ref run, new Division(rows, mr), panels.FullVectors(panel), panels.EdgeOf(panel), rowStepA);
                    }
                }
            }
        }
    }
}
