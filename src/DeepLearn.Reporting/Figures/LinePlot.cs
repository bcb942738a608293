using System.Globalization;
using DeepLearn.Reporting.Tables;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;

namespace DeepLearn.Reporting.Figures;

/// <summary>Draws a <see cref="LinePanel"/>.</summary>
internal static class LinePlot
{
    public static void Draw(Plot plot, LinePanel panel, FigureTheme theme)
    {
        foreach (Series series in panel.Series)
            Add(plot, series, panel, theme);
        plot.Axes.Left.FrameLineStyle.IsVisible = true;
        plot.Axes.Bottom.FrameLineStyle.IsVisible = true;
        PanelPlot.Label(plot, panel.XLabel, panel.YLabel);
        ScaleAxes(plot, panel, AddLegend(plot, panel, theme));
    }

    private static void Add(Plot plot, Series series, LinePanel panel, FigureTheme theme)
    {
        int[] finite = [.. Enumerable.Range(0, series.X.Count).Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Y[i]))];
        double[] x = [.. finite.Select(i => panel.IsLogarithmic ? Math.Log10(series.X[i]) : series.X[i])];
        double[] y = [.. finite.Select(i => series.Y[i])];
        Color color = series.Shade is { } shade ? theme.ShadeOf(shade) : theme.Lines[series.Color % theme.Lines.Count];
        if (series.BarWidth is { } width)
        {
            for (int i = 0; i < x.Length; i++)
                Block(plot, x[i] - (width / 2), x[i] + (width / 2), 0, y[i], color.WithAlpha(0.6));
            return;
        }
        Scatter scatter = plot.Add.Scatter(x, y, color);
        scatter.LineWidth = series.IsLine ? (series.Shade is null ? 2 : 1.4f) : 0;
        scatter.MarkerSize = series.HasMarkers ? 8 : 0;
        if (series.Name.Length > 0)
            scatter.LegendText = series.Name;
    }

    /// <summary>A filled rectangle without an outline.</summary>
    public static void Block(Plot plot, double left, double right, double bottom, double top, Color color)
    {
        Rectangle block = plot.Add.Rectangle(left, right, bottom, top);
        block.FillColor = color;
        block.LineWidth = 0;
    }

    /// <summary>Adds the legend, if a series has a name.</summary>
    /// <returns>The share of the height that it needs above the data.</returns>
    private static double AddLegend(Plot plot, LinePanel panel, FigureTheme theme)
    {
        if (panel.Series.All(series => series.Name.Length == 0))
        {
            plot.HideLegend();
            return 0;
        }
        (Alignment place, double headroom) = LegendPlace.For(panel);
        Legend legend = plot.ShowLegend(place);
        legend.FontSize = 12;
        legend.FontColor = theme.Ink;
        legend.BackgroundColor = theme.Veil;
        legend.OutlineColor = Colors.Transparent;
        legend.ShadowColor = Colors.Transparent;
        return headroom;
    }

    private static void ScaleAxes(Plot plot, LinePanel panel, double headroom)
    {
        plot.Axes.Bottom.TickGenerator = panel.XTicks.Count > 0
            ? Manual(panel.XTicks)
            : (ITickGenerator?)NarrowLogarithmic(panel) ?? Across(panel);
        var up = new NumericAutomatic();
        if (panel.IsPercentage)
            up.LabelFormatter = value => (value * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
        plot.Axes.Left.TickGenerator = panel.YTicks.Count > 0 ? Manual(panel.YTicks) : up;
        bool isSparse = panel.IsLogarithmic || panel.XTicks.Count > 0 || panel.Series.Any(series => series.HasMarkers);
        plot.Axes.Margins(isSparse ? 0.04 : 0.01, 0.1);
        plot.Axes.AutoScale();
        AxisLimits limits = plot.Axes.GetLimits();
        if (panel.XTicks.Count > 0)
            plot.Axes.SetLimitsX(Math.Min(limits.Left, panel.XTicks[0].Place - 0.4), Math.Max(limits.Right, panel.XTicks[^1].Place + 0.4));
        double bottom = panel.Minimum ?? limits.Bottom, top = panel.Maximum ?? limits.Top;
        plot.Axes.SetLimitsY(bottom, top + ((top - bottom) * headroom / (1 - headroom)));
    }

    private static NumericManual Manual(IReadOnlyList<(double Place, string Text)> ticks) =>
        new([.. ticks.Select(tick => tick.Place)], [.. ticks.Select(tick => tick.Text)]);

    // Less than two powers of ten have at most one or two of them to show; 1, 2 and 5 times each are named there.
    private static NumericManual? NarrowLogarithmic(LinePanel panel)
    {
        double[] places = [.. panel.Series.SelectMany(series => series.X).Where(place => place > 0 && double.IsFinite(place))];
        if (!panel.IsLogarithmic || places.Length == 0 || places.Max() >= 100 * places.Min())
            return null;
        double low = places.Min() / 1.2, high = places.Max() * 1.2;
        var ticks =
            from power in Enumerable.Range((int)Math.Floor(Math.Log10(low)), 4)
            from digit in (double[])[1, 2, 5]
            let value = digit * Math.Pow(10, power)
            where value >= low && value <= high
            select (Math.Log10(value), Format.Text($"{value:g3}"));
        return Manual([.. ticks]);
    }

    private static NumericAutomatic Across(LinePanel panel)
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
        return across;
    }

    private static string WithThousands(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    private static string PowerOfTen(double exponent)
    {
        const string superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        string digits = Math.Abs(exponent).ToString("0", CultureInfo.InvariantCulture);
        return "10" + (exponent < 0 ? "⁻" : "") + string.Concat(digits.Select(digit => superscripts[digit - '0']));
    }
}
