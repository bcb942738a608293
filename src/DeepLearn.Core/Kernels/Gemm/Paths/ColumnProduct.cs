using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Products with few columns. The transpose of the result is computed, <c>C^T = op(B)^T op(A)^T</c>, so that vectors run along the many
/// rows of the result and no lane is idle.
/// </summary>
/// <remarks>
/// The rows of the result are divided into panels. The transpose of a panel is in a small buffer that stays in the caches. First the buffer
/// is filled with the values from which the chains start. Then the micro-kernels run over all k, with the operands exchanged (a product of
/// two numbers does not depend on their order). A long k is divided into blocks, and all panels of a group process one block before the
/// next. Finally the buffer is written to the result, transposed. An A that is stored transposed is usually not packed; otherwise A is
/// packed transposed, which pays for few columns.
/// </remarks>
internal static unsafe class ColumnProduct
{
    /// <summary>The least k; with less, transposing the result would weigh too much.</summary>
    public const int MinDepth = 8;

    /// <summary>
    /// How many idle lanes, over all k, must be saved for each element of the result that is transposed, and for each that is read: with
    /// columns of several vectors of 512 bits; with one, whose tiles wait for their chains; with narrower vectors, or where the rows of A
    /// are far apart, which tiles have packed.
    /// </summary>
    private const int LanesPerElement = 10, LanesOfOneVector = 5, LeastLanes = 4;

    /// <summary>From which distance on rows are far apart, and the k from which on reading them as they are is worth more.</summary>
    private const int FarRowBytes = 4096, LongDepth = 40;

    /// <summary>The least k for columns of one vector, and the columns of float that leave so many lanes idle that any k will do.</summary>
    private const int FloatDepthOfOneVector = 12, DoubleDepthOfOneVector = 14, VeryFewColumns = 4;

    /// <summary>
    /// The least k for many rows, which is two thirds of it where the old result is not read: with columns of up to three vectors, and for
    /// each vector of more.
    /// </summary>
    private const int DepthOfFewVectors = 22, DepthPerVector = 10, FewVectors = 3;

    /// <summary>
    /// The part of all lanes, one in so many, that may be lost where many rows or a long k make it pay to read A in long runs.
    /// </summary>
    private const int LostLanes = 64;

    /// <summary>The size of the buffers of a group of panels: a part of the L2 cache.</summary>
    private const int GroupBytes = 384 * 1024;

    /// <summary>
    /// Whether this path is faster for a product; A must be stored transposed. It is if k is long enough that transposing the result costs
    /// little, and the columns would leave lanes of their last vector idle; or if k or the rows are so many that it pays to read A in long
    /// runs, and k is not short. It is not if alpha would require a copy of a large B.
    /// </summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.RowA != 1 || product.DepthA == 1 || product.Depth < MinDepth || product.Columns > 8 * set.Width
            || product.Rows < set.Width || set.CanShareEdge(product.Columns)
            || (product.Alpha != T.One && (long)product.Columns * product.Depth * sizeof(T) > GroupBytes))
            return false;
        int idle = (set.VectorsOf(product.Columns) << set.WidthShift) - product.Columns;
        int idleHere = (set.VectorsOf(product.Rows) << set.WidthShift) - product.Rows;
        long difference = ((long)idle * product.Rows) - ((long)idleHere * product.Columns);
        bool reads = product.Start is ChainStart.Result or ChainStart.ScaledResult;
        long moved = (long)product.Rows * product.Columns * (reads ? 2 : 1);
        int vectors = set.VectorsOf(product.Columns);
        bool isFloat = typeof(T) == typeof(float), isWide = set.Width * sizeof(T) == 64;
        int lanes = !isWide || ((long)product.Rows * sizeof(T) > FarRowBytes && product.Depth >= LongDepth) ? LeastLanes
            : vectors == 1 ? LanesOfOneVector : LanesPerElement;
        int least = !isWide || vectors > 1 || (isFloat && product.Columns <= VeryFewColumns) ? MinDepth
            : isFloat ? FloatDepthOfOneVector : DoubleDepthOfOneVector;
        if (difference * product.Depth > moved * lanes && product.Depth >= least)
            return true;
        int leastOfMany = !isWide ? MinDepth : vectors <= FewVectors ? DepthOfFewVectors : DepthPerVector * vectors;
        bool many = product.Rows >= 1024 && product.Depth >= (reads || !isWide ? leastOfMany : leastOfMany * 2 / 3);
        return -difference * LostLanes <= (long)product.Rows * product.Columns && (many || product.Depth > 1024);
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, int kc)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int panelVectors = Blocking.PanelVectorsUnpacked(product.Columns, product.Rows, set);
        var panels = new ColumnPanels<T>(product.Rows, set, panelVectors);
        var kBlocks = new Division(product.Depth, kc);
        int width = panelVectors * set.Width;
        bool packA = product.RowA != 1 || IsCrowded(product, set);
        bool packB = product.Alpha != T.One;

        // All panels of a group process one block of k before the next, so that A is read in the order of memory.
        nint panelBuffer = RoundUp(((nint)product.Columns * width) + PanelPacking.Slack);
        int group = kBlocks.Count > 1 ? (int)Math.Clamp(GroupBytes / (panelBuffer * sizeof(T)), 1, panels.Count) : 1;
        nint panelA = packA ? RoundUp(((nint)width * Math.Min(kc, product.Depth)) + PanelPacking.Slack) : 0;
        nint panelB = packB ? RoundUp(((nint)product.Columns * product.Depth) + PanelPacking.Slack) : 0;
        T* memory = (T*)PanelMemory.Rent((nuint)(((group * panelBuffer) + panelA + panelB) * sizeof(T)));
        T* packedA = memory + (group * panelBuffer);
        T* b = product.B;
        nint depthB = product.DepthB, columnB = product.ColumnB;
        if (packB)
        {
            b = packedA + panelA;
            PanelPacking.Pack(
                product.B, product.ColumnB, product.DepthB, product.Depth, product.Columns, product.Alpha, b, product.Columns);
            depthB = product.Columns;
            columnB = 1;
        }

        for (int firstPanel = 0; firstPanel < panels.Count; firstPanel += group)
        {
            int endPanel = Math.Min(firstPanel + group, panels.Count);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                T* c = product.C + (panels.FirstColumn(panel) * product.RowC);
                ReadStart(product, c, panels.ColumnCount(panel), memory + ((panel - firstPanel) * panelBuffer), panels.PanelStep(panel));
            }
            for (int kBlock = 0; kBlock < Math.Max(1, kBlocks.Count); kBlock++)
            {
                int firstDepth = kBlocks.First(kBlock);
                int depth = kBlocks.Count == 0 ? 0 : kBlocks.Size(kBlock);
                TileRun<T> run = default;
                run.RowStepA = columnB * sizeof(T);
                run.DepthStepA = depthB * sizeof(T);
                run.Depth = depth;
                run.Start = kBlock == 0 && product.Start == ChainStart.Zero ? ChainStart.Zero : ChainStart.Result;
                run.Relu = product.Relu && kBlock >= kBlocks.Count - 1;
                for (int panel = firstPanel; panel < endPanel; panel++)
                {
                    int firstRow = panels.FirstColumn(panel), step = panels.PanelStep(panel);
                    T* a = product.A + (firstRow * product.RowA) + (firstDepth * product.DepthA);
                    if (packA)
                    {
                        PanelPacking.Pack(a, product.RowA, product.DepthA, depth, panels.ColumnCount(panel), T.One, packedA, step);
                        a = packedA;
                    }
                    run.A = (byte*)(b + (firstDepth * depthB));
                    run.B = (byte*)a;
                    run.DepthStepB = (packA ? step : product.DepthA) * sizeof(T);
                    run.C = (byte*)(memory + ((panel - firstPanel) * panelBuffer));
                    run.RowStepC = step * sizeof(T);
                    run.Edge = panels.EdgeCount(panel);
                    var tiles = new Division(product.Columns, set.MrFor(panels.Vectors(panel)));
                    set.RunTiles(ref run, tiles, panels.FullVectors(panel), panels.EdgeOf(panel), run.RowStepA);
                }
            }
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                T* c = product.C + (panels.FirstColumn(panel) * product.RowC);
                T* transposed = memory + ((panel - firstPanel) * panelBuffer);
                PanelPacking.TransposeExactly(
                    transposed, panels.PanelStep(panel), panels.ColumnCount(panel), product.Columns, c, product.RowC);
            }
        }
    }

    /// <summary>
    /// Whether the rows of a panel of A, one for each k, would compete for a few sets of the L1 cache and evict each other before the next
    /// block of columns reads them again. They do if their distance is a multiple of half a page. With vectors of 512 bits a block reads so
    /// much of each row at once that packing does not pay.
    /// </summary>
    private static bool IsCrowded<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        set.Width * sizeof(T) < 64 && product.DepthA * sizeof(T) % 2048 == 0 && product.Depth > 16
            && product.Columns > 2 * KernelSet<T>.MaxMr;

    /// <summary>Fills the transposed panel with the values from which the chains start. Does nothing if they start from zero.</summary>
    private static void ReadStart<T>(in Product<T> product, T* c, int rows, T* transposed, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Start == ChainStart.Bias)
        {
            for (int column = 0; column < product.Columns; column++)
                new Span<T>(transposed + ((nint)column * step), rows).Fill(product.Bias[column]);
        }
        else if (product.Start != ChainStart.Zero)
        {
            T factor = product.Start == ChainStart.ScaledResult ? product.Beta : T.One;
            PanelPacking.Transpose(c, product.RowC, product.Columns, rows, factor, transposed, step);
        }
    }

    private static nint RoundUp(nint elements) => (elements + 15) / 16 * 16;
}
