using ScottPlot;

namespace DeepLearn.Reporting.Figures;

/// <summary>Makes a ScottPlot of a panel.</summary>
internal static class PanelPlot
{
    public static Plot Create(Panel panel, FigureTheme theme)
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        plot.FigureBackground.Color = theme.Background;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(theme.Quiet);
        plot.Axes.Frame(false);
        plot.Grid.MajorLineColor = theme.Grid;
        plot.Title(panel.Title, panel is ImagePanel ? 12 : 15);
        plot.Axes.Title.Label.ForeColor = theme.Ink;
        plot.Axes.Title.Label.Bold = false;
        switch (panel)
        {
            case LinePanel lines:
                LinePlot.Draw(plot, lines, theme);
                break;
            case MatrixPanel matrix:
                MatrixPlot.Draw(plot, matrix, theme);
                break;
            case ImagePanel image:
                ImagePlot.Draw(plot, image);
                break;
            default:
                throw new NotSupportedException($"A panel is one of lines, a matrix or an image; found {panel.GetType().Name}.");
        }
        return plot;
    }

    /// <summary>Names both axes.</summary>
    public static void Label(Plot plot, string xLabel, string yLabel)
    {
        plot.XLabel(xLabel, 13);
        plot.YLabel(yLabel, 13);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 12;
    }
}
