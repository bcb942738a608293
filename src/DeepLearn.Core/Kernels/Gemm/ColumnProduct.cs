using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Products with few columns: the transpose of the result is computed, <c>C^T = op(B)^T op(A)^T</c>, so that vectors run along the rows
/// of the result, of which there are many, and no lane is idle.
/// </summary>
/// <remarks>
/// The rows of the result are taken in strips. The strip's transpose lies in a small buffer that stays in the caches: filled from what
/// the chains start from, carried through all k (many of them piece by piece, in turn with other strips) by the same micro-kernels with
/// the operands in exchanged places (a product of two numbers does not depend on their order), and written out transposed. Where A is
/// stored transposed, usually nothing of it is packed; else it is packed transposed, which pays while there are few columns.
/// </remarks>
internal static unsafe class ColumnProduct
{
    /// <summary>Memory for the strips that take turns: a part of the second cache.</summary>
    private const int GroupBytes = 384 * 1024;

    /// <summary>
    /// Whether a product whose A is stored transposed is better taken this way: so many k that writing the result transposed is little
    /// beside them, and columns that would leave lanes of their last vector idle; or so many k or rows that reading A in long pieces counts.
    /// Not where alpha would take a copy of a large B.
    /// </summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Depth < 8 || product.Columns > 8 * set.Width || product.Rows < set.Width
            || set.CanShareEdge(product.Columns)
            || (product.Alpha != T.One && (long)product.Columns * product.Depth * sizeof(T) > GroupBytes))
            return false;
        int idle = (set.UnitsOf(product.Columns) << set.WidthShift) - product.Columns;
        int idleHere = (set.UnitsOf(product.Rows) << set.WidthShift) - product.Rows;
        long difference = ((long)idle * product.Rows) - ((long)idleHere * product.Columns);
        return difference > 0 || (difference == 0 && (product.Rows >= 1024 || product.Depth > 1024));
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, int depthLimit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stripUnits = Blocking.StripUnitsUnpacked(product.Rows, set);
        var strips = new Strips<T>(product.Rows, set, stripUnits);
        var depths = new Division(product.Depth, depthLimit);
        int width = stripUnits * set.Width;
        bool packA = product.RowA != 1 || IsCrowded(product, set);
        bool packB = product.Alpha != T.One;

        // All strips of a group take a piece of k before the next one, so that A is read in the order in which it lies in memory.
        nint stripBuffer = RoundUp(((nint)product.Columns * width) + Packing.Slack);
        int group = depths.Pieces > 1 ? (int)Math.Clamp(GroupBytes / (stripBuffer * sizeof(T)), 1, strips.Count) : 1;
        nint panelA = packA ? RoundUp(((nint)width * Math.Min(depthLimit, product.Depth)) + Packing.Slack) : 0;
        nint panelB = packB ? RoundUp(((nint)product.Columns * product.Depth) + Packing.Slack) : 0;
        T* memory = (T*)PanelMemory.Rent((nuint)(((group * stripBuffer) + panelA + panelB) * sizeof(T)));
        T* packedA = memory + (group * stripBuffer);
        T* b = product.B;
        nint depthB = product.DepthB, columnB = product.ColumnB;
        if (packB)
        {
            b = packedA + panelA;
            Packing.Pack(product.B, product.ColumnB, product.DepthB, product.Depth, product.Columns, product.Alpha, b, product.Columns);
            depthB = product.Columns;
            columnB = 1;
        }

        for (int firstStrip = 0; firstStrip < strips.Count; firstStrip += group)
        {
            int endStrip = Math.Min(firstStrip + group, strips.Count);
            for (int strip = firstStrip; strip < endStrip; strip++)
            {
                T* c = product.C + (strips.FirstColumn(strip) * product.RowC);
                ReadStart(product, c, strips.ColumnCount(strip), memory + ((strip - firstStrip) * stripBuffer), strips.PanelStep(strip));
            }
            for (int depthPiece = 0; depthPiece < Math.Max(1, depths.Pieces); depthPiece++)
            {
                int firstDepth = depths.First(depthPiece);
                int depth = depths.Pieces == 0 ? 0 : depths.Size(depthPiece);
                TileRun<T> run = default;
                run.RowStepA = columnB * sizeof(T);
                run.DepthStepA = depthB * sizeof(T);
                run.Depth = depth;
                run.Start = depthPiece == 0 && product.Start == ChainStart.Zero ? ChainStart.Zero : ChainStart.Result;
                run.Relu = product.Relu && depthPiece >= depths.Pieces - 1;
                for (int strip = firstStrip; strip < endStrip; strip++)
                {
                    int firstRow = strips.FirstColumn(strip), step = strips.PanelStep(strip);
                    T* a = product.A + (firstRow * product.RowA) + (firstDepth * product.DepthA);
                    if (packA)
                    {
                        Packing.Pack(a, product.RowA, product.DepthA, depth, strips.ColumnCount(strip), T.One, packedA, step);
                        a = packedA;
                    }
                    run.A = (byte*)(b + (firstDepth * depthB));
                    run.B = (byte*)a;
                    run.DepthStepB = (packA ? step : product.DepthA) * sizeof(T);
                    run.C = (byte*)(memory + ((strip - firstStrip) * stripBuffer));
                    run.RowStepC = step * sizeof(T);
                    run.Edge = strips.EdgeCount(strip);
                    var blocks = new Division(product.Columns, set.RowsFor(strips.Units(strip)));
                    set.RunBlocks(ref run, blocks, strips.FullVectors(strip), strips.EdgeOf(strip), run.RowStepA);
                }
            }
            for (int strip = firstStrip; strip < endStrip; strip++)
            {
                T* c = product.C + (strips.FirstColumn(strip) * product.RowC);
                T* transposed = memory + ((strip - firstStrip) * stripBuffer);
                Packing.TransposeExactly(transposed, strips.PanelStep(strip), strips.ColumnCount(strip), product.Columns, c, product.RowC);
            }
        }
    }

    /// <summary>
    /// Whether all k of a strip, where they are, would fall into the same few sets of the nearest cache, and drive each other out before
    /// the next block of columns reads them again: their distance is half a page or whole pages. With vectors of 512 bits a block reads
    /// so much of each k at once that packing does not pay.
    /// </summary>
    private static bool IsCrowded<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        set.Width * sizeof(T) < 64 && product.DepthA * sizeof(T) % 2048 == 0 && product.Depth > 16 && product.Columns > 2 * KernelSet<T>.MaxRows;

    /// <summary>Fills the transposed strip with what the chains start from; nothing where that is zero.</summary>
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
            Packing.Transpose(c, product.RowC, product.Columns, rows, factor, transposed, step);
        }
    }

    private static nint RoundUp(nint elements) => (elements + 15) / 16 * 16;
}
