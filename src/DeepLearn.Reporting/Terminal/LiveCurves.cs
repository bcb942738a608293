using DeepLearn.Reporting.Live;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeepLearn.Reporting.Terminal;

/// <summary>
/// The learning curves of a run that is under way, as charts of characters: the loss, and beside it the accuracy where there are classes.
/// </summary>
/// <param name="history">What the run has reported, which goes on.</param>
internal sealed class LiveCurves(RunHistory history)
{
    private const int WidestChart = 60, Rows = 8;

    private static readonly Color[] SeriesColors = [Color.Silver, Color.DodgerBlue1, Color.Orange1];

    /// <summary>The charts, as wide as the terminal lets them be.</summary>
    /// <param name="width">Its width in characters.</param>
    public IRenderable Render(int width)
    {
        RunSnapshot run = history.Snapshot();
        if (run.Batches.Count < 2)
            return new Text("");
        bool hasAccuracy = run.Points.Any(point => point.Training.Accuracy is not null);
        int columns = Math.Clamp(width / (hasAccuracy ? 2 : 1) - 12, 10, WidestChart);
        double steps = run.Latest!.Step;
        var grid = new Grid();
        grid.AddColumn();
        List<IRenderable> charts =
            [Chart("loss", columns, steps, Format.Significant, Series(run, evaluation => evaluation.Loss, [.. run.Batches]))];
        if (hasAccuracy)
        {
            grid.AddColumn();
            (string, (double, double)[])[] accuracies = Series(run, evaluation => evaluation.Accuracy ?? double.NaN, []);
            charts.Add(Chart("accuracy", columns, steps, value => Format.Percent(value), accuracies));
        }
        grid.AddRow([.. charts]);
        return grid;
    }

    // In the order of their colors and names: batches, the training set, the validation set.
    private static (string Name, (double X, double Y)[] Points)[] Series(
        RunSnapshot run, Func<Evaluation, double> value, (double X, double Y)[] batches) =>
    [
        ("batches", batches),
        ("training set", [.. run.Points.Select(point => ((double)point.Step, value(point.Training)))]),
        (
            "validation set",
            [.. run.Points.Where(point => point.Validation is not null).Select(point => ((double)point.Step, value(point.Validation!)))]
        ),
    ];

    private static Rows Chart(
        string title, int columns, double steps, Func<double, string> format, (string Name, (double X, double Y)[] Points)[] series)
    {
        double[] values = [.. series.SelectMany(one => one.Points).Select(point => point.Y).Where(double.IsFinite)];
        double low = values.DefaultIfEmpty(0).Min(), high = values.DefaultIfEmpty(1).Max();
        if (!(high > low))
            (low, high) = (low - 0.5, high + 0.5);
        var chart = new BrailleChart(columns, LiveCurves.Rows);
        (char Character, int Series)[][] lines = chart.Draw([.. series.Select(one => one.Points)], steps, low, high);
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
