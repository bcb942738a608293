using ScottPlot;

namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>Panels of one size, row after row.</summary>
internal sealed class RowsOfPanels(int columns, int panelWidth, int panelHeight) : IMultiplotLayout
{
    public PixelRect[] GetSubplotRectangles(SubplotCollection subplots, PixelRect figureRect) =>
        [.. Enumerable.Range(0, subplots.Count).Select(i => At(i % columns, i / columns))];

    private PixelRect At(int column, int row) =>
        new(column * panelWidth, (column + 1) * panelWidth, (row + 1) * panelHeight, row * panelHeight);
}
