using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

/// <summary>
/// Makes a page of a hyper-parameter search: the best trials, the history, the Pareto front, what matters, each hyper-parameter and two of
/// them against the score, parallel coordinates, the learning curves, and the timeline of the workers.
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
        if (SearchFigures.Front(search, result) is { } front)
            page.Section("front", "Several objectives").Figure(front);
        if (SearchFigures.Importances(search, result) is { } importances)
            page.Section("importances", "What matters").Figure(importances);
        page.Section("parameters", "Hyper-parameters").Figure(SearchFigures.Parameters(search, result));
        if (SearchFigures.Contour(search, result) is { } contour)
            page.Section("contour", "Two hyper-parameters").Figure(contour);
        page.Section("parallel", "Parallel coordinates").Figure(SearchFigures.ParallelCoordinates(search, result));
        if (SearchFigures.LearningCurves(search, result) is { } curves)
            page.Section("curves", "Learning curves").Figure(curves);
        if (SearchFigures.Timeline(result) is { } timeline)
            page.Section("timeline", "Workers").Figure(timeline);
        if (result.Differences.Count > 0)
        {
            page.Section("differences", "Trials with two results").Tables(new ReportTable(
                "Two processes ran these trials and found something else: the objective depends on more than its trial",
                [new("Stage"), new("Trial"), new("What differs", false)],
                [
                    .. result.Differences.Select(difference => new[]
                    {
                        Format.Count(difference.Accepted.Trial.Stage), Format.Count(difference.Accepted.Trial.Number),
                        difference.Field,
                    }),
                ]));
        }
        TrialResult[] failed = [.. result.Ranked.Where(trial => trial.State == TrialState.Failed)];
        if (failed.Length > 0)
        {
            page.Section("failed", "Failed trials").Tables(new ReportTable(
                Format.Text($"{failed.Length} trials failed"),
                [new("Stage"), new("Trial"), new("Reason", false)],
                [
                    .. failed.Select(trial => new[]
                    {
                        Format.Count(trial.Trial.Stage), Format.Count(trial.Trial.Number), trial.Error ?? "",
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
