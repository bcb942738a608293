using DeepLearn.Foundation;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>How a search is run: options that may change from run to run of one search.</summary>
/// <remarks>
/// Store, executor, progress and the limits on failures change no result of an objective that is a function of its trial. A limit on the
/// time of a trial may. An end (<see cref="Target"/>, <see cref="TrialsWithoutImprovement"/>, <see cref="TimeLimit"/>) leaves out the
/// trials after it and changes none before it: the same search can go on from its store with another end. For Ctrl-C, cancel the token that
/// is passed to the run.
/// </remarks>
/// <example><code>
/// var options = new SearchRunOptions
/// {
///     Store = new JournalTrialStore("trials.jsonl"),
///     Executor = new ThreadExecutor(2),
///     TimeLimit = TimeSpan.FromHours(8),
/// };
/// SearchResult found = search.Run(objective, options);
/// </code></example>
public sealed record SearchRunOptions
{
    /// <summary>Where trials are kept as they end. Default: null, for nowhere.</summary>
    public TrialStore? Store { get; init; }

    /// <summary>What runs the trials. Default: threads of their own, as many at once as the machine has processors.</summary>
    public TrialExecutor Executor { get; init => field = PropertyGuard.NotNull(value); } = new ThreadExecutor();

    /// <summary>
    /// Told of each thing that happens to a trial: one call at a time, from the thread of the trial, which waits for it. An exception stops
    /// the search. Default: null.
    /// </summary>
    public IProgress<SearchProgress>? Progress { get; init; }

    /// <summary>
    /// After how many failed trials in a row, by number, the search stops with a <see cref="SearchFailedException"/>, since the mistake is
    /// likely to be elsewhere than in the trials; at least 1. Default: 20; <see cref="int.MaxValue"/> for never. A search that ends with
    /// failed trials and none that was completed throws it as well, however many they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int FailuresInARow
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 20;

    /// <summary>
    /// How often a trial that fails is run again at once, for objectives that fail by chance, such as those that read from a network; at
    /// least 0. Default: 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Retries
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// How many times the process may end while a trial is under way before the trial counts as failed and is not begun again, at least 1.
    /// Default: 3. The store counts: a trial that overflows the stack cannot be caught, and would end every later run too.
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

    /// <summary>
    /// Whether failed trials in the store are run again, for instance after a fix, together with the trials that depend on their results.
    /// Default: false.
    /// </summary>
    public bool RunFailedAgain { get; init; }

    /// <summary>
    /// The score at which the search ends: with the first trial, by number, that was completed with it or a better one. Default: null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a number.</exception>
    public double? Target
    {
        get;
        init => field = value is double.NaN
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "A target is a number.")
            : value;
    }

    /// <summary>
    /// After how many trials in a row, by number, that are not better than the best before them on the same budget the search ends, at
    /// least 1. Default: <see cref="int.MaxValue"/>, for never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int TrialsWithoutImprovement
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>
    /// How long this run may take, above 0: after it no trial begins, and those under way end. How many trials the result has then depends
    /// on time, and none of their results does. Default: <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public TimeSpan TimeLimit
    {
        get;
        init => field = RequireTime(value);
    } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a trial may take, above 0: it is then asked to stop and counts as failed. It makes results depend on time. Default:
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public TimeSpan TrialTimeLimit
    {
        get;
        init => field = RequireTime(value);
    } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long the search waits for a trial that was asked to stop, by cancellation or for its time limit. After that its thread is
    /// abandoned, and its result is ignored. Above 0 and at most 2,147,483,647 ms, some 24 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Default: 30 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan StopTimeout
    {
        get;
        init => field = RequireWait(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long a trial is claimed at a time where several processes share the store, above 0 and at most 2,147,483,647 ms, some 24
    /// days: after so long without a sign of life from a process its trial is run by another. The claim is renewed three times as often.
    /// Default: 1 minute.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan Lease
    {
        get;
        init => field = value != Timeout.InfiniteTimeSpan
            ? RequireWait(value)
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A lease ends: its length is finite.");
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// For how long a shared store that cannot be reached is tried again before the search stops with the reason, above 0, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. No trial fails by it. Default: 10 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0.</exception>
    public TimeSpan StoreTimeout
    {
        get;
        init => field = RequireTime(value);
    } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// What this process is called, in the store and in <see cref="TrialRun.Worker"/>. Default: the machine's name and the number of the
    /// process, as in <c>node7:1234</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty or has half a surrogate pair.</exception>
    public string Worker
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            WellFormedText.Require(value);
            field = value;
        }
    } = WorkerName.OfThisProcess;

    private static TimeSpan RequireTime(TimeSpan value) =>
        value == Timeout.InfiniteTimeSpan || value > TimeSpan.Zero
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A time limit is above 0, or Timeout.InfiniteTimeSpan.");

    // What a thread waits for in one call.
    private static TimeSpan RequireWait(TimeSpan value) =>
        RequireTime(value).TotalMilliseconds <= int.MaxValue
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"A time to wait for is above 0 and at most {int.MaxValue} ms.");
}
