using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Packs a block of op(B) in panels, one for each strip: for each k, the columns of the strip side by side, rounded up to whole
/// vectors.
/// </summary>
internal static unsafe class PanelsOfB
{
    /// <summary>Packs the strips from <paramref name="firstStrip"/> to before <paramref name="endStrip"/>.</summary>
    /// <param name="b">The first row of the block, at column 0 of op(B).</param>
    /// <param name="depthStep">From one k to the next, in elements.</param>
    /// <param name="columnStep">From one column to the next, in elements.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="strips">The columns of op(B) divided in strips.</param>
    /// <param name="firstStrip">The first strip.</param>
    /// <param name="endStrip">The strip after the last.</param>
    /// <param name="panels">The panels, one after the other.</param>
    public static void Pack<T>(
        T* b, nint depthStep, nint columnStep, int depth, T factor, in Strips<T> strips, int firstStrip, int endStrip, T* panels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Where the rows of B are stored as rows, a few of them are read along all strips: memory likes to be read in order.
        int rowsAtOnce = columnStep == 1 ? 16 : Math.Max(1, depth);
        int firstColumn = strips.FirstColumn(firstStrip);
        for (int k = 0; k < depth; k += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, depth - k);
            for (int strip = firstStrip; strip < endStrip; strip++)
            {
                int column = strips.FirstColumn(strip), step = strips.PanelStep(strip);
                T* panel = panels + ((nint)(column - firstColumn) * depth) + ((nint)k * step);
                T* from = b + (k * depthStep) + (column * columnStep);
                Packing.Pack(from, columnStep, depthStep, count, strips.ColumnCount(strip), factor, panel, step);
            }
        }
    }
}
