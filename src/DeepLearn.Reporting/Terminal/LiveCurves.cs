using DeepLearn.Reporting.Tables;
using DeepLearn.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeepLearn.Reporting.Terminal;

/// <summary>
/// The learning curves of a run that is under way, as charts of characters: the loss, and beside it the accuracy where there are classes.
/// </summary>
internal sealed class LiveCurves
{
    private const int WidestChart = 60, Rows = 8;

    // Where a run has more reports than a chart has dots, every second one is let go.
    private const int MostPoints = 512;

    private static readonly Color[] SeriesColors = [Color.Silver, Color.DodgerBlue1, Color.Orange1];

    private readonly Lock _lock = new();
    private readonly List<(double X, double Y)> _batches = [];
    private readonly List<TrainingPoint> _points = [];
    private double _steps = 1;

    /// <summary>Takes a report of the trainer.</summary>
    public void Add(TrainingProgress progress)
    {
        lock (_lock)
        {
            _steps = Math.Max(1, progress.Step);
            if (double.IsFinite(progress.Loss))
                _batches.Add((progress.Step, progress.Loss));
            if (progress.Latest is { } latest && (_points.Count == 0 || _points[^1].Step != latest.Step))
                _points.Add(latest);
            Thin(_batches);
            Thin(_points);
        }
    }

    /// <summary>The charts, as wide as the terminal lets them be.</summary>
    /// <param name="width">Its width in characters.</param>
    public IRenderable Render(int width)
    {
        lock (_lock)
        {
            if (_batches.Count < 2)
                return new Text("");
            bool hasAccuracy = _points.Any(point => point.Training.Accuracy is not null);
            int columns = Math.Clamp(width / (hasAccuracy ? 2 : 1) - 12, 10, WidestChart);
            var grid = new Grid();
            grid.AddColumn();
            List<IRenderable> charts = [Chart("loss", columns, Format.Significant, Series(evaluation => evaluation.Loss, _batches))];
            if (hasAccuracy)
            {
                grid.AddColumn();
                (string, (double, double)[])[] accuracies = Series(evaluation => evaluation.Accuracy ?? double.NaN, []);
                charts.Add(Chart("accuracy", columns, value => Format.Percent(value), accuracies));
            }
            grid.AddRow([.. charts]);
            return grid;
        }
    }

    private static void Thin<TPoint>(List<TPoint> points)
    {
        if (points.Count <= MostPoints)
            return;
        int kept = 0;
        for (int i = 0; i < points.Count; i += 2)
            points[kept++] = points[i];
        points.RemoveRange(kept, points.Count - kept);
    }

    // In the order of their colors and names: batches, the training set, the validation set.
    private (string Name, (double X, double Y)[] Points)[] Series(Func<Evaluation, double> value, List<(double X, double Y)> batches) =>
    [
        ("batches", [.. batches]),
        ("training set", [.. _points.Select(point => ((double)point.Step, value(point.Training)))]),
        (
            "validation set",
            [.. _points.Where(point => point.Validation is not null).Select(point => ((double)point.Step, value(point.Validation!)))]
        ),
    ];

    private Rows Chart(string title, int columns, Func<double, string> format, (string Name, (double X, double Y)[] Points)[] series)
    {
        double[] values = [.. series.SelectMany(one => one.Points).Select(point => point.Y).Where(double.IsFinite)];
        double low = values.DefaultIfEmpty(0).Min(), high = values.DefaultIfEmpty(1).Max();
        if (!(high > low))
            (low, high) = (low - 0.5, high + 0.5);
        var chart = new BrailleChart(columns, LiveCurves.Rows);
        (char Character, int Series)[][] lines = chart.Draw([.. series.Select(one => one.Points)], _steps, low, high);
        var text = new List<IRenderable> { Legend(title, series) };
        for (int row = 0; row < lines.Length; row++)
        {
            string label = row == 0 ? format(high) : row == lines.Length - 1 ? format(low) : "";
            var line = new Paragraph($"{label,9} ");
            foreach ((char character, int of) in lines[row])
                line.Append(character.ToString(), new Style(of < 0 ? Color.Default : SeriesColors[of]));
            text.Add(line);
        }
        return new(text);
    }

    private static Paragraph Legend(string title, (string Name, (double X, double Y)[] Points)[] series)
    {
        var line = new Paragraph($"{"",9} {title}", new Style(decoration: Decoration.Bold));
        for (int i = 0; i < series.Length; i++)
        {
            if (series[i].Points.Length > 0)
                line.Append($"  {series[i].Name}", new Style(SeriesColors[i]));
        }
        return line;
    }
}
