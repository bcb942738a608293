using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Products with few columns: the transpose of the result is computed, <c>C^T = op(B)^T op(A)^T</c>, so that vectors run along the rows
/// of the result, of which there are many, and no lane is idle.
/// </summary>
/// <remarks>
/// The rows of the result are taken in strips. The strip's transpose lies in a small buffer that stays in the nearest cache: filled
/// from what the chains start from, carried through all k by the same micro-kernels with the operands in exchanged places (a product of
/// two numbers does not depend on their order), and written out transposed. Where A is stored transposed nothing of it is packed; else
/// it is packed transposed, which pays while there are few columns.
/// </remarks>
internal static unsafe class ColumnProduct
{
    /// <summary>
    /// Whether a product whose A is stored transposed is better taken this way: so many k that writing the result transposed is little
    /// beside them, not so many that they would be read in too many pieces, and columns that would leave lanes of their last vector
    /// idle.
    /// </summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Depth < 8 || product.Depth > 1024 || product.Columns > 8 * set.Width || product.Rows < set.Width
            || set.CanShareEdge(product.Columns))
            return false;
        int idle = (set.UnitsOf(product.Columns) << set.WidthShift) - product.Columns;
        int idleHere = (set.UnitsOf(product.Rows) << set.WidthShift) - product.Rows;
        long difference = ((long)idle * product.Rows) - ((long)idleHere * product.Columns);
        return difference > 0 || (difference == 0 && product.Rows >= 1024);
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set, int depthLimit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var strips = new Strips<T>(product.Rows, set, set.StripUnits);
        var depths = new Division(product.Depth, depthLimit);
        int width = set.StripUnits * set.Width;
        bool packA = product.RowA != 1;
        bool packB = product.Alpha != T.One;

        nint buffer = RoundUp(((nint)product.Columns * width) + Packing.Slack);
        nint panelA = packA ? RoundUp(((nint)width * Math.Min(depthLimit, product.Depth)) + Packing.Slack) : 0;
        nint panelB = packB ? RoundUp(((nint)product.Columns * product.Depth) + Packing.Slack) : 0;
        T* memory = (T*)PanelMemory.Rent((nuint)((buffer + panelA + panelB) * sizeof(T)));
        T* transposed = memory;
        T* packedA = memory + buffer;
        T* b = product.B;
        nint depthB = product.DepthB, columnB = product.ColumnB;
        if (packB)
        {
            b = packedA + panelA;
            Packing.Pack(product.B, product.ColumnB, product.DepthB, product.Depth, product.Columns, product.Alpha, b, product.Columns);
            depthB = product.Columns;
            columnB = 1;
        }

        for (int strip = 0; strip < strips.Count; strip++)
        {
            int firstRow = strips.FirstColumn(strip);
            int rows = strips.ColumnCount(strip);
            int step = strips.PanelStep(strip);
            T* c = product.C + (firstRow * product.RowC);
            ReadStart(product, c, rows, transposed, step);

            TileRun<T> run = default;
            run.RowStepA = columnB * sizeof(T);
            run.DepthStepA = depthB * sizeof(T);
            run.RowStepC = step * sizeof(T);
            run.Edge = strips.EdgeCount(strip);
            run.Start = product.Start == ChainStart.Zero ? ChainStart.Zero : ChainStart.Result;
            var blocks = new Division(product.Columns, set.RowsFor(strips.Units(strip)));
            for (int depthPiece = 0; depthPiece < Math.Max(1, depths.Pieces); depthPiece++)
            {
                int firstDepth = depths.First(depthPiece);
                int depth = depths.Pieces == 0 ? 0 : depths.Size(depthPiece);
                T* a = product.A + (firstRow * product.RowA) + (firstDepth * product.DepthA);
                run.Depth = depth;
                run.DepthStepB = (packA ? step : product.DepthA) * sizeof(T);
                if (packA)
                {
                    Packing.Pack(a, product.RowA, product.DepthA, depth, rows, T.One, packedA, step);
                    a = packedA;
                }
                run.Relu = product.Relu && depthPiece >= depths.Pieces - 1;
                run.A = (byte*)(b + (firstDepth * depthB));
                run.B = (byte*)a;
                run.C = (byte*)transposed;
                set.RunBlocks(ref run, blocks, strips.FullVectors(strip), strips.EdgeOf(strip), run.RowStepA);
                run.Start = ChainStart.Result;
            }
            Packing.TransposeExactly(transposed, step, rows, product.Columns, c, product.RowC);
        }
    }

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
