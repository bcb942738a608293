using ScottPlot;
using ScottPlot.TickGenerators;

namespace DeepLearn.Reporting.Figures;

/// <summary>Draws a <see cref="MatrixPanel"/>, the first row at the top.</summary>
internal static class MatrixPlot
{
    private const int MostTexts = 400;
    private const double Gap = 0.02;

    // Many small cells without texts are one surface.
    private const int SmallCells = 200;

    public static void Draw(Plot plot, MatrixPanel panel, FigureTheme theme)
    {
        int rows = panel.RowNames.Count, columns = panel.ColumnNames.Count;
        if (panel.Strengths.Count != rows * columns || panel.Texts.Count != rows * columns)
        {
            throw new InvalidOperationException(
                $"A matrix of {rows} rows and {columns} columns has {rows * columns} strengths and texts; found {panel.Strengths.Count} "
                + $"and {panel.Texts.Count}.");
        }
        PanelPlot.Label(plot, panel.XLabel, panel.YLabel);
        plot.HideGrid();
        plot.HideLegend();
        for (int cell = 0; cell < rows * columns; cell++)
        {
            (int row, int column) = Math.DivRem(cell, columns);
            Color color = theme.ShadeOf(panel.Strengths[cell]);
            double bottom = rows - row - 1;
            double gap = rows * columns > SmallCells && panel.Texts[cell].Length == 0 ? 0 : Gap;
            LinePlot.Block(plot, column + gap, column + 1 - gap, bottom + gap, bottom + 1 - gap, color);
            if (rows * columns > MostTexts || panel.Texts[cell].Length == 0)
                continue;
            ScottPlot.Plottables.Text text = plot.Add.Text(panel.Texts[cell], column + 0.5, bottom + 0.5);
            text.LabelAlignment = Alignment.MiddleCenter;
            text.LabelFontColor = FigureTheme.TextOn(color);
            text.LabelFontSize = columns > 12 ? 9 : 12;
        }
        foreach ((double column, double row) in panel.Marks)
        {
            ScottPlot.Plottables.Marker mark = plot.Add.Marker(column, rows - row, MarkerShape.OpenCircle, 7, theme.Ink);
            mark.MarkerStyle.LineWidth = 1.5f;
        }
        plot.Axes.Bottom.TickGenerator = Names(panel.ColumnNames, place => place + 0.5);
        plot.Axes.Left.TickGenerator = Names(panel.RowNames, place => rows - place - 0.5);
        plot.Axes.Bottom.MajorTickStyle.Length = plot.Axes.Left.MajorTickStyle.Length = 0;
        if (panel.ColumnNames.Any(name => name.Length > 5) && columns > 4)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            plot.Axes.Bottom.TickLabelStyle.OffsetY = 7;
            plot.Axes.Bottom.MinimumSize = 16 + (6 * panel.ColumnNames.Max(name => name.Length));
        }
        plot.Axes.SetLimits(0, columns, 0, rows);
    }

    private static NumericManual Names(IReadOnlyList<string> names, Func<int, double> place) =>
        new([.. Enumerable.Range(0, names.Count).Select(place)], [.. names]);
}
