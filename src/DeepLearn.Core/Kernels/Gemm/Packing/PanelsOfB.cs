using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>Packs a block of op(B) into panels. For each k, the columns of a panel are side by side, rounded up to whole vectors.</summary>
internal static unsafe class PanelsOfB
{
    /// <summary>Packs the panels from <paramref name="firstPanel"/> up to, but not including, <paramref name="endPanel"/>.</summary>
    /// <param name="b">The first row of the block, at column 0 of op(B).</param>
    /// <param name="depthStep">The stride from one k to the next, in elements.</param>
    /// <param name="columnStep">The stride from one column to the next, in elements.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="panels">The columns of op(B), divided into panels.</param>
    /// <param name="firstPanel">The first panel.</param>
    /// <param name="endPanel">One past the last panel.</param>
    /// <param name="to">Receives the panels, one after the other.</param>
    /// <param name="ahead">
    /// From what is read to what the processor should fetch meanwhile, in elements, where the columns of op(B) run along k; 0 for nothing.
    /// </param>
    public static void Pack<T>(
        T* b, nint depthStep, nint columnStep, int depth, T factor, in ColumnPanels<T> panels, int firstPanel, int endPanel, T* to,
        nint ahead = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // If B is stored by rows, a few rows at a time are read across all panels, so that memory is read in order.
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
                PanelPacking.Pack(from, columnStep, depthStep, count, panels.ColumnCount(panel), factor, target, step, ahead);
            }
        }
    }
}
