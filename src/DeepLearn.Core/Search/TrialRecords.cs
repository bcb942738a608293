using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// Where the trials of a run are kept: nowhere, in a log that the process has alone, or in one that it shares. To be used from any thread.
/// </summary>
internal sealed class TrialRecords : IDisposable
{
    private readonly TrialLog? _log;
    private readonly TrialExchange? _exchange;
    private readonly Lock _lock = new();
    private volatile bool _isClosed;

    /// <summary>Opens the store of a run.</summary>
    /// <param name="search">The search.</param>
    /// <param name="options">The store, and how it is used.</param>
    /// <param name="differed">Told of a trial that two processes ran, with other results.</param>
    /// <param name="listen">Called from time to time where others have a share in the search.</param>
    /// <param name="failed">Told of an exception on a thread of the records' own.</param>
    /// <param name="stop">Ends the patience with a store that cannot be reached.</param>
    public TrialRecords(
        HyperparameterSearch search,
        SearchRunOptions options,
        Action<TrialDifference> differed,
        Action listen,
        Action<Exception> failed,
        CancellationToken stop)
    {
        TrialLog? log = options.Store?.Open(search.Identity());
        if (log is not SharedTrialLog shared)
        {
            _log = log;
            Stored = new StoredTrials(log?.Recorded ?? [], options.RunFailedAgain);
            return;
        }
        StoredTrials? stored = null;
        try
        {
            _exchange = new TrialExchange(shared, options, result => stored!.Add(result), differed, listen, failed, stop);
            stored = new StoredTrials(_exchange.Recorded, options.RunFailedAgain, isShared: true);
            Stored = stored;
            _exchange.Begin();
        }
        catch
        {
            shared.Dispose();
            throw;
        }
    }

    /// <summary>The trials that are not to be run again.</summary>
    public StoredTrials Stored { get; }

    /// <summary>How long to wait, at the most, before other processes are listened to again.</summary>
    public TimeSpan Pause => _exchange?.Pause ?? TimeSpan.Zero;

    /// <summary>Whether another process has a trial, as far as was heard.</summary>
    public bool IsElsewhere(int stage, int number) => _exchange?.IsElsewhere(stage, number) ?? false;

    /// <summary>The claim of the latest result that was heard of a trial; ask before it is looked for among the stored ones.</summary>
    public long SeenOf(int stage, int number) => _exchange?.SeenOf(stage, number) ?? 0;

    /// <summary>Claims a trial, where it could be another process's.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="number">The number.</param>
    /// <param name="seen">The claim of the result that was looked at and does not count; a later one does.</param>
    public bool TryClaim(int stage, int number, long seen) => _exchange?.TryClaim(stage, number, seen) ?? true;

    /// <summary>Hears of what other processes did.</summary>
    public void Listen() => _exchange?.Listen();

    /// <summary>Keeps that a trial begins, unless the process has ended in it too often.</summary>
    /// <param name="trial">The trial, which was claimed.</param>
    /// <param name="most">After how many ends of the process it is not begun.</param>
    /// <returns>How often the process has ended in it.</returns>
    public int Begin(Trial trial, int most)
    {
        if (_exchange is not null)
            return _exchange.LeaseOf(trial).Lost;
        lock (_lock)
        {
            if (_isClosed || _log is null)
                return 0;
            int starts = _log.StartsOf(trial);
            if (starts < most)
                _log.Start(trial);
            return starts;
        }
    }

    /// <summary>Keeps how a trial ended.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="result">How it ended; null where it was stopped.</param>
    /// <param name="isLeft">Whether it is another process's by now, which has not ended it.</param>
    /// <returns>
    /// The result that counts; null where there is none, or where the run has ended: a trial that was given up as stuck may still end
    /// later, when no thread waits for it.
    /// </returns>
    public TrialResult? Keep(Trial trial, TrialResult? result, out bool isLeft)
    {
        isLeft = false;
        if (_exchange is not null)
            return Share(_exchange, trial, result, out isLeft);
        lock (_lock)
        {
            if (_isClosed)
                return null;
            if (result is null)
                _log?.Abandon(trial);
            else
                _log?.Append(result);
            return result;
        }
    }

    /// <summary>Gives a trial back that was claimed and could not be made.</summary>
    public void GiveBack(int stage, int number) => _exchange?.GiveBack(stage, number);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _log?.Dispose();
        }
        _exchange?.Dispose();
    }

    private TrialResult? Share(TrialExchange exchange, Trial trial, TrialResult? result, out bool isLeft)
    {
        isLeft = false;
        try
        {
            TrialLease lease = exchange.LeaseOf(trial);
            if (result is null)
            {
                exchange.Release(lease);
                return null;
            }
            TrialResult? counts = exchange.Complete(lease, result);
            isLeft = counts is null;
            return counts;
        }
        catch (ObjectDisposedException) when (_isClosed)
        {
            return null;
        }
    }
}
