using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// A search whose trials the caller runs: <see cref="Ask"/> gives the next one, <see cref="Tell(Trial, double)"/> takes what came of it.
/// For trials that are run elsewhere, such as on a cluster, in a laboratory, or in a loop of your own.
/// </summary>
/// <remarks>
/// The same search, run by <see cref="HyperparameterSearch.Run"/>, has the same trials: trial n depends on trials 0 to n -
/// <see cref="HyperparameterSearch.Window"/> and on no others, in whatever order they are told. Its store may be the same one too. To be
/// used from any thread.
/// </remarks>
/// <example><code>
/// using var study = new AskAndTell(new SingleStageSearch(space, 20) { Sampler = new TpeSampler(), Window = 1 });
/// while (study.Ask() is { } trial)
///     study.Tell(trial, score: -Math.Abs(Math.Log10(trial.Value("lambda")) + 3));
/// Console.WriteLine(study.Result.Best);
/// </code></example>
public sealed class AskAndTell : IDisposable
{
    private readonly HashSet<int> _again = [];
    private readonly TrialsUnderWay _underWay;
    private readonly TrialLedger _ledger;
    private readonly TrialMaker _maker;
    private readonly StoredTrials _stored;
    private readonly TrialLog? _log;
    private readonly int _window;
    private readonly Lock _lock = new();
    private int _next;
    private bool _isClosed;

    /// <summary>A search that the caller runs.</summary>
    /// <param name="search">The search.</param>
    /// <param name="store">Where trials are kept as they are told. Default: null, for nowhere.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sampler cannot give so many trials.</exception>
    /// <exception cref="ArgumentException">The store is one that several processes share.</exception>
    /// <exception cref="IdentityMismatchException">The store is another search's.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    public AskAndTell(SingleStageSearch search, TrialStore? store = null)
    {
        ArgumentNullException.ThrowIfNull(search);
        search.RequireTrials(search.Space, search.Trials, nameof(search));
        Search = search;
        _window = search.UsesHistory ? search.Window : 0;
        _maker = new TrialMaker(search, search.Space, 0, search.Budget, []);
        _ledger = new TrialLedger(search.Trials, _window);
        _underWay = new TrialsUnderWay(search);
        if (store is SharedTrialStore)
        {
            throw new ArgumentException(
                $"Expected a store for one process, such as {nameof(JournalTrialStore)}; found {store.GetType().Name}, whose trials "
                + $"several processes claim, which {nameof(HyperparameterSearch)}.{nameof(HyperparameterSearch.Run)} does.",
                nameof(store));
        }
        _log = store?.Open(search.Identity());
        _stored = new StoredTrials(_log?.Recorded ?? [], runFailedAgain: false);
    }

    /// <summary>The search.</summary>
    public SingleStageSearch Search { get; }

    /// <summary>
    /// How many times the process may end while a trial is under way before the trial counts as failed and is not given again, at least 1.
    /// Default: 3. The store counts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Crashes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 3;

    /// <summary>The trials that were asked for and neither told nor abandoned so far, by number. A copy.</summary>
    public IReadOnlyList<Trial> UnderWay
    {
        get
        {
            lock (_lock)
                return _underWay.InOrder;
        }
    }

    /// <summary>What was found so far.</summary>
    public SearchResult Result
    {
        get
        {
            lock (_lock)
            {
                TrialResult[] results = _ledger.Results(_next);
                IReadOnlyList<TrialResult> ranked = new TrialRanking(Search.Goals).Rank(results);
                StageResult stage = new(0, Search.Space, Search.Budget, [.. results], [.. ranked]) { Goals = Search.Goals };
                return new([stage], [.. ranked]) { Goals = Search.Goals };
            }
        }
    }

    /// <summary>The next trial.</summary>
    /// <returns>The trial; null if all have been given.</returns>
    /// <exception cref="InvalidOperationException">
    /// It depends on trials that are under way: tell those first. With a window of w there is always a trial while fewer than w are under
    /// way.
    /// </exception>
    /// <exception cref="IdentityMismatchException">The store holds other trials than these.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    /// <exception cref="ObjectDisposedException">The search was closed.</exception>
    public Trial? Ask()
    {
        lock (_lock)
        {
            RequireOpen();
            while (_again.Count > 0 || _next < Search.Trials)
            {
                int index = _again.Count > 0 ? _again.Min() : _next;
                if (_window > 0 && _ledger.Prefix <= index - _window)
                {
                    throw new InvalidOperationException(
                        $"Trial {index} follows from the results of trials 0 to {index - _window}; expected all of them to be told, found "
                        + $"trial {_ledger.Prefix} under way. Tell it, or give the search a wider Window.");
                }
                TrialHistory history = _ledger.HistoryOf(index);
                TrialResult? result = _stored.Find(
                    0, index, index, !Search.Sampler.UsesHistory, () => _maker.Make(index, history));
                if (result is null)
                {
                    Trial trial = _maker.Make(index, history);
                    result = TrialEvaluator.Crashed(trial, _log?.StartsOf(trial) ?? 0, Crashes);
                    if (result is null)
                    {
                        _log?.Start(trial);
                        _underWay.Begin(trial, history);
                        Advance(index);
                        return trial;
                    }
                    _log?.Append(result);
                }
                _ledger.Set(index, result);
                Advance(index);
            }
            return null;
        }
    }

    /// <summary>Reports the score of a trial that is under way at a step, for the search's pruner.</summary>
    /// <param name="trial">The trial, as <see cref="Ask"/> gave it.</param>
    /// <param name="step">The step, in a unit of the caller's own; larger each time.</param>
    /// <param name="score">The score there.</param>
    /// <returns>
    /// True to go on; false when the pruner sees no use in it: the trial is then told with the score that it has, and counts as pruned.
    /// </returns>
    /// <exception cref="ArgumentException">The trial is not under way.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is not above the last one.</exception>
    public bool Report(Trial trial, long step, double score)
    {
        lock (_lock)
        {
            RequireOpen();
            return _underWay.Report(trial, step, score);
        }
    }

    /// <summary>Takes the score of a trial.</summary>
    /// <param name="trial">The trial, as <see cref="Ask"/> gave it.</param>
    /// <param name="score">The score; where it is infinite or not a number, the trial counts as failed.</param>
    /// <returns>The result that is kept.</returns>
    /// <exception cref="ArgumentException">The trial is not under way.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    public TrialResult Tell(Trial trial, double score) => Tell(trial, new TrialOutcome(score));

    /// <summary>Takes what came of a trial: a score, and further numbers.</summary>
    /// <param name="trial">The trial, as <see cref="Ask"/> gave it.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>The result that is kept.</returns>
    /// <exception cref="ArgumentException">The trial is not under way.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    public TrialResult Tell(Trial trial, TrialOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return End(trial, outcome, null);
    }

    /// <summary>Takes that a trial failed.</summary>
    /// <param name="trial">The trial, as <see cref="Ask"/> gave it.</param>
    /// <param name="error">Why, in words.</param>
    /// <returns>The result that is kept.</returns>
    /// <exception cref="ArgumentException">The trial is not under way, or the text is empty.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    public TrialResult TellFailed(Trial trial, string error)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(error);
        return End(trial, null, TrialEvaluator.WellFormed(error));
    }

    /// <summary>Takes that a trial was stopped without a fault of its own: <see cref="Ask"/> will give it again.</summary>
    /// <param name="trial">The trial, as <see cref="Ask"/> gave it.</param>
    /// <exception cref="ArgumentException">The trial is not under way.</exception>
    /// <exception cref="TrialStoreException">The store cannot be used.</exception>
    public void Abandon(Trial trial)
    {
        lock (_lock)
        {
            RequireOpen();
            _underWay.RequireOne(trial);
            _log?.Abandon(trial);
            _underWay.Remove(trial);
            _again.Add(trial.Number);
        }
    }

    /// <summary>Abandons the trials that are under way, and closes the store. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            foreach (Trial trial in _underWay.InOrder)
                _log?.Abandon(trial);
            _underWay.Clear();
            _log?.Dispose();
        }
    }

    private TrialResult End(Trial trial, TrialOutcome? outcome, string? error)
    {
        lock (_lock)
        {
            RequireOpen();
            TrialResult result = _underWay.ResultOf(trial, outcome, error);
            _log?.Append(result);
            _underWay.Remove(trial);
            _ledger.Set(trial.Number, result);
            return result;
        }
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_isClosed, this);

    private void Advance(int index)
    {
        if (!_again.Remove(index))
            _next++;
    }
}
