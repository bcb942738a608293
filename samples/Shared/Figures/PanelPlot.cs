using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>Makes a ScottPlot of a panel.</summary>
internal static class PanelPlot
{
    public static Plot Create(Panel panel, FigureTheme theme)
    {
        EmbeddedFont.Register();
        var plot = new Plot();
        foreach (Series series in panel.Series)
            Add(plot, series, panel, theme);
        Dress(plot, panel, theme);
        ScaleAxes(plot, panel);
        return plot;
    }

    private static void Add(Plot plot, Series series, Panel panel, FigureTheme theme)
    {
        int[] finite = [.. Enumerable.Range(0, series.X.Count).Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))];
        double[] x = [.. finite.Select(i => panel.IsLogarithmic ? Math.Log10(series.X[i]) : series.X[i])];
        double[] y = [.. finite.Select(i => series.Y[i])];
        Scatter scatter = plot.Add.Scatter(x, y, theme.Lines[series.Color % theme.Lines.Count]);
        scatter.LineWidth = series.IsLine ? 2 : 0;
        scatter.MarkerSize = series.HasMarkers ? 8 : 0;
        if (series.Name.Length > 0)
            scatter.LegendText = series.Name;
    }

    private static void Dress(Plot plot, Panel panel, FigureTheme theme)
    {
        plot.FigureBackground.Color = theme.Background;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Axes.Color(theme.Quiet);
        plot.Axes.Frame(false);
        plot.Axes.Left.FrameLineStyle.IsVisible = true;
        plot.Axes.Bottom.FrameLineStyle.IsVisible = true;
        plot.Grid.MajorLineColor = theme.Grid;
        plot.Title(panel.Title, 15);
        plot.Axes.Title.Label.ForeColor = theme.Ink;
        plot.Axes.Title.Label.Bold = false;
        plot.XLabel(panel.XLabel, 13);
        plot.YLabel(panel.YLabel, 13);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 12;
        if (panel.Series.All(series => series.Name.Length == 0))
        {
            plot.HideLegend();
            return;
        }
        Legend legend = plot.ShowLegend(LegendPlace.For(panel));
        legend.FontSize = 12;
        legend.FontColor = theme.Ink;
        legend.BackgroundColor = theme.Veil;
        legend.OutlineColor = Colors.Transparent;
        legend.ShadowColor = Colors.Transparent;
    }

    private static void ScaleAxes(Plot plot, Panel panel)
    {
        var across = new NumericAutomatic { TickDensity = 0.7, LabelFormatter = WithThousands };
        if (panel.IsLogarithmic)
        {
            across.IntegerTicksOnly = true;
            across.MinorTickGenerator = new LogMinorTickGenerator();
            across.LabelFormatter = PowerOfTen;
        }
        else if (panel.Series.All(series => series.HasMarkers && series.X.All(double.IsInteger)))
        {
            across.IntegerTicksOnly = true;
            across.MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1);
        }
        plot.Axes.Bottom.TickGenerator = across;
        var up = new NumericAutomatic();
        if (panel.IsPercentage)
            up.LabelFormatter = value => (value * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
        plot.Axes.Left.TickGenerator = up;
        plot.Axes.Margins(panel.IsLogarithmic || panel.Series.Any(series => series.HasMarkers) ? 0.04 : 0.01, 0.1);
        plot.Axes.AutoScale();
        AxisLimits limits = plot.Axes.GetLimits();
        if (panel.Minimum is { } minimum)
            plot.Axes.SetLimitsY(minimum, limits.Top);
    }

    private static string WithThousands(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string PowerOfTen(double exponent)
    {
        const string superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        string digits = Math.Abs(exponent).ToString("0", CultureInfo.InvariantCulture);
        return "10" + (exponent < 0 ? "⁻" : "") + string.Concat(digits.Select(digit => superscripts[digit - '0']));
    }
}
