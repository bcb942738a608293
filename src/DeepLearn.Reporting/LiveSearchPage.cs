using System.Diagnostics;
using DeepLearn.Reporting.Html;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

/// <summary>
/// Keeps the page of a search up to date while the search runs: the file is written anew from time to time, and a browser that shows it
/// loads it again by itself. To be used from any thread.
/// </summary>
/// <remarks>
/// The page is written on a thread of its own, for at most a tenth of that thread's time. Where it cannot be written, the search goes on
/// and <see cref="Error"/> says why. What was found in the store, by an earlier run or another process, is on it too.
/// </remarks>
/// <example><code>
/// using var page = new LiveSearchPage(search, "search.html");
/// SearchResult result = search.Run(objective, new() { Progress = page });
/// </code></example>
public sealed class LiveSearchPage : IProgress<SearchProgress>, IDisposable
{
    private readonly HyperparameterSearch _search;
    private readonly string _path;
    private readonly IProgress<SearchProgress>? _next;
    private readonly Dictionary<(int Stage, int Number), TrialResult> _results = [];
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly Lazy<Thread> _writer;
    private int _changes;
    private bool _isClosed;

    /// <summary>A page of a search that is about to run.</summary>
    /// <param name="search">The search.</param>
    /// <param name="path">The file; missing folders are made.</param>
    /// <param name="next">Who else is told of the search's progress. Default: null, for nobody.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public LiveSearchPage(HyperparameterSearch search, string path, IProgress<SearchProgress>? next = null)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_search, _path, _next) = (search, path, next);
        _writer = new(Begin);
    }

    /// <summary>How long after one page the next is written and shown, above 0. Default: 10 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or above a day.</exception>
    public TimeSpan Interval
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a time above 0 and of at most a day.");
    } = TimeSpan.FromSeconds(10);

    /// <summary>Why the last page could not be written; null if it was.</summary>
    public string? Error { get; private set; }

    /// <inheritdoc/>
    public void Report(SearchProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Result is { } result)
        {
            lock (_lock)
            {
                _results[(result.Trial.Stage, result.Trial.Number)] = result;
                _changes++;
                if (!_isClosed)
                    _ = _writer.Value;
            }
        }
        _next?.Report(value);
    }

    /// <summary>Writes the page as it is, for browsers not to load it again. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
        }
        _closing.Set();
        if (_writer.IsValueCreated)
            _writer.Value.Join();
        if (_changes > 0)
            TryWrite(reload: null);
    }

    private Thread Begin()
    {
        var thread = new Thread(WriteNowAndThen) { IsBackground = true, Name = "Search page" };
        thread.Start();
        return thread;
    }

    private void WriteNowAndThen()
    {
        TimeSpan pause = Interval;
        int written = 0;
        while (!_closing.Wait(pause))
        {
            int changes = Volatile.Read(ref _changes);
            if (changes == written)
                continue;
            long begin = Stopwatch.GetTimestamp();
            TryWrite(Interval);
            written = changes;

            // The more trials there are, the longer a page takes: the processors are the trials'.
            pause = TimeSpan.FromTicks(Math.Max(Interval.Ticks, 9 * Stopwatch.GetElapsedTime(begin).Ticks));
        }
    }

    private void TryWrite(TimeSpan? reload)
    {
        try
        {
            HtmlReport page = SearchPage.Of(_search, SoFar());
            page.ReloadAfter = reload;
            page.Save(_path);
            Error = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Error = exception.Message;
        }
    }

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
