using System.Globalization;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

public static partial class SearchFigures
{
    /// <summary>
    /// Makes a table of exact numbers of all trials, for other programs: a row for each trial in order, with stage and number from 0, as in
    /// a journal, budget, seed, each hyper-parameter, how it ended, score, further metrics, seconds, and the error. A cell is empty where
    /// there is no value, as for a hyper-parameter that is not part of a trial's branch.
    /// </summary>
    /// <param name="search">The search, for its space.</param>
    /// <param name="result">What it found.</param>
    /// <example><code>SearchFigures.Trials(search, search.Run(objective)).Save("trials.csv");</code></example>
    public static ReportTable Trials(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        TrialResult[] trials = [.. result.Stages.SelectMany(stage => stage.Results)];
        string[] metrics = [.. trials.SelectMany(trial => trial.Metrics).Select(metric => metric.Name).Distinct()];
        (string Name, bool IsNumeric, Func<TrialResult, string> Text)[] columns =
        [
            ("stage", true, trial => Number(trial.Trial.Stage)),
            ("trial", true, trial => Number(trial.Trial.Number)),
            ("budget", true, trial => Number(trial.Trial.Budget)),
            // A JSON number keeps 53 bits of the 64 of a seed.
            ("seed", false, trial => trial.Trial.Seed.ToString(CultureInfo.InvariantCulture)),
            .. search.Space.Dimensions.Select(dimension => Column(dimension.Name, trials)),
            ("state", false, trial => trial.State.ToString()),
            ("score", true, trial => Number(trial.Score)),
            .. metrics.Select(name => (name, true, (Func<TrialResult, string>)(trial => Number(trial.Metric(name) ?? double.NaN)))),
            ("seconds", true, trial => Number(trial.Seconds)),
            ("error", false, trial => trial.Error ?? ""),
        ];
        return new(
            $"{trials.Length} trials",
            [.. Distinct(columns.Select(column => column.Name)).Zip(columns, (name, column) => new ReportColumn(name, column.IsNumeric))],
            [.. trials.Select(trial => (string[])[.. columns.Select(column => column.Text(trial))])]);
    }

    private static (string, bool, Func<TrialResult, string>) Column(string dimension, TrialResult[] trials) => (
        dimension,
        trials.All(trial => trial.Trial.Point.Find(dimension) is null or { IsNumber: true }),
        trial => trial.Trial.Point.Find(dimension)?.ToString() ?? "");

    // A hyper-parameter may be called "score"; then the score's column is "score (2)".
    private static IEnumerable<string> Distinct(IEnumerable<string> names)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            string one = name;
            for (int count = 2; !used.Add(one); count++)
                one = $"{name} ({count})";
            yield return one;
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
