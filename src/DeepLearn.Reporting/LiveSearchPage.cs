using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Live;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

/// <summary>
/// Keeps the page of a search up to date while the search runs: the file is written anew from time to time, and a browser that shows it
/// loads it again by itself until the search, or the process, ends. To be used from any thread.
/// </summary>
/// <remarks>
/// The page is written on a thread of its own, for at most a tenth of that thread's time. Where it can no longer be written, the search
/// goes on and <see cref="Error"/> says why. What was found in the store, by an earlier run or another process, is on it too.
/// </remarks>
/// <example><code>
/// using var page = new LiveSearchPage(search, "search.html");
/// SearchResult found = search.Run(objective, new() { Progress = page });
/// </code></example>
public sealed class LiveSearchPage : IProgress<SearchProgress>, IDisposable
{
    private readonly HyperparameterSearch _search;
    private readonly IProgress<SearchProgress>? _next;
    private readonly Dictionary<(int Stage, int Number), TrialResult> _results = [];
    private readonly Lock _lock = new();
    private readonly LivePage _page;

    /// <summary>A page of a search that is about to run.</summary>
    /// <param name="search">The search.</param>
    /// <param name="path">The file; missing folders are made. One that is there stays until a trial has ended.</param>
    /// <param name="next">Who else is told of the search's progress. Default: null, for nobody.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public LiveSearchPage(HyperparameterSearch search, string path, IProgress<SearchProgress>? next = null)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_search, _next) = (search, next);
        _page = new(path, _ => SearchPage.Of(_search, SoFar())) { Interval = TimeSpan.FromSeconds(10) };
    }

    /// <summary>How long after one page the next is written and shown, above 0. Default: 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or above a day.</exception>
    public TimeSpan Interval
    {
        get => _page.Interval;
        init => _page.Interval = value;
    }

    /// <summary>Why the last page could not be written; null if it was.</summary>
    public string? Error => _page.Error;

    /// <inheritdoc/>
    public void Report(SearchProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Result is { } result)
        {
            lock (_lock)
                _results[(result.Trial.Stage, result.Trial.Number)] = result;
            _page.Change();
        }
        _next?.Report(value);
    }

    /// <summary>Writes the page as it is, for browsers not to load it again. A second call does nothing.</summary>
    public void Dispose() => _page.Dispose();

    private SearchResult SoFar()
    {
        TrialResult[] results;
        lock (_lock)
            results = [.. _results.Values.OrderBy(result => result.Trial.Number)];
        var ranking = new TrialRanking(_search.Goals);
        return new(
            [
                .. results.GroupBy(result => result.Trial.Stage).OrderBy(stage => stage.Key).Select(stage =>
                    new StageResult(stage.Key, _search.Space, stage.First().Trial.Budget, [.. stage], [.. ranking.Rank(stage)])
                    {
                        Goals = _search.Goals,
                    }),
            ],
            [.. ranking.Rank(results.OrderBy(result => result.Trial.Stage))])
        {
            Goals = _search.Goals,
        };
    }
}
