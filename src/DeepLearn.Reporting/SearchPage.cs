using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

/// <summary>
/// Makes a page of a hyper-parameter search: the best trials, the history, each hyper-parameter against the score, parallel coordinates and
/// the learning curves.
/// </summary>
/// <example><code>SearchPage.Of(search, search.Run(objective)).Save("search.html");</code></example>
public static class SearchPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="search">The search.</param>
    /// <param name="result">What it found; of a search that was canceled, what it had found by then.</param>
    /// <param name="title">The heading of the page.</param>
    public static HtmlReport Of(HyperparameterSearch search, SearchResult result, string title = "Hyper-parameter search")
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        var page = new HtmlReport(title);
        if (search.Subject.Length > 0)
            page.Lead(search.Subject);
        if (result.Ranked.Count < search.TotalTrials)
            page.Notice(Format.Text($"Not finished: {result.Ranked.Count} of {search.TotalTrials} trials so far."));
        AddSummary(page.Section("summary", "Summary"), search, result);
        page.Section("history", "History").Figure(SearchFigures.History(search, result));
        page.Section("parameters", "Hyper-parameters").Figure(SearchFigures.Parameters(search, result));
        page.Section("parallel", "Parallel coordinates").Figure(SearchFigures.ParallelCoordinates(search, result));
        if (SearchFigures.LearningCurves(search, result) is { } curves)
            page.Section("curves", "Learning curves").Figure(curves);
        TrialResult[] failed = [.. result.Ranked.Where(trial => trial.State == TrialState.Failed)];
        if (failed.Length > 0)
        {
            page.Section("failed", "Failed trials").Tables(new ReportTable(
                Format.Text($"{failed.Length} trials failed"),
                [new("Stage"), new("Trial"), new("Reason", false)],
                [
                    .. failed.Select(trial => new[]
                    {
                        Format.Count(trial.Trial.Stage + 1), Format.Count(trial.Trial.Number + 1), trial.Error ?? "",
                    }),
                ]));
        }
        page.Footer = $"Space: {search.Space}. Sampler: {search.Sampler}. Pruner: {search.Pruner}. Seed {Format.Text($"{search.Seed}")}.";
        return page;
    }

    private static void AddSummary(HtmlSection section, HyperparameterSearch search, SearchResult result)
    {
        int stopped = result.Ranked.Count(trial => trial.State == TrialState.Pruned);
        section.Numbers(
            ("best score", result.Best is { } best ? Format.Significant(best.Score) : "none"),
            ("trials", Format.Count(result.Ranked.Count)),
            ("stopped early", Format.Count(stopped)),
            ("time of all trials", Format.Duration(TimeSpan.FromSeconds(result.Ranked.Sum(trial => trial.Seconds)))));
        if (result.Best is { } found)
            section.Code("Best:", found.Trial.Point.ToString());
        section.Tables(SearchFigures.Best(search, result));
    }
}
