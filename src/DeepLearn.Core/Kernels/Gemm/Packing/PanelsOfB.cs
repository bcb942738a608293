using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// Packs a block of op(B) in panels, one for each panel: for each k, the columns of the panel side by side, rounded up to whole
/// vectors.
/// </summary>
internal static unsafe class PanelsOfB
{
    /// <summary>Packs the panels from <paramref name="firstPanel"/> to before <paramref name="endPanel"/>.</summary>
    /// <param name="b">The first row of the block, at column 0 of op(B).</param>
    /// <param name="depthStep">From one k to the next, in elements.</param>
    /// <param name="columnStep">From one column to the next, in elements.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="panels">The columns of op(B) divided into panels.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">The panel after the last.</param>
    /// <param name="to">The panels, one after the other.</param>
    public static void Pack<T>(
        T* b, nint depthStep, nint columnStep, int depth, T factor, in ColumnPanels<T> panels, int firstPanel, int endPanel, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Where the rows of B are stored as rows, a few of them are read along all panels: memory likes to be read in order.
        int rowsAtOnce = columnStep == 1 ? 16 : Math.Max(1, depth);
        int firstColumn = panels.FirstColumn(firstPanel);
        for (int k = 0; k < depth; k += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, depth - k);
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                int column = panels.FirstColumn(panel), step = panels.PanelStep(panel);
                T* target = to + ((nint)(column - firstColumn) * depth) + ((nint)k * step);
                T* from = b + (k * depthStep) + (column * columnStep);
                PanelPacking.Pack(from, columnStep, depthStep, count, panels.ColumnCount(panel), factor, target, step);
            }
        }
    }
}
