using System.Diagnostics;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// The trials that were given to a caller who runs them, and have not ended: each with what it reported and when it began. Locked by its
/// owner.
/// </summary>
/// <param name="search">The search that they belong to.</param>
internal sealed class TrialsUnderWay(HyperparameterSearch search)
{
    private readonly Dictionary<int, (Trial Trial, TrialContext Context, long Begin)> _trials = [];

    /// <summary>The trials, by number. A copy.</summary>
    public IReadOnlyList<Trial> InOrder => [.. _trials.Values.Select(entry => entry.Trial).OrderBy(trial => trial.Number)];

    /// <summary>Begins a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="history">What it may see.</param>
    public void Begin(Trial trial, TrialHistory history)
    {
        TrialHistory seen = search.Pruner.UsesHistory ? history : TrialHistory.Empty;
        var context = new TrialContext((_, reports) => !search.Pruner.ShouldStop(new(trial, reports, seen, search.Direction)));
        _trials[trial.Number] = (trial, context, Stopwatch.GetTimestamp());
    }

    /// <summary>Reports a score of a trial.</summary>
    /// <returns>Whether it goes on.</returns>
    public bool Report(Trial trial, long step, double score) => Require(trial).Context.Report(step, score);

    /// <summary>The result of a trial that ends now.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="outcome">What came of it; null where it failed.</param>
    /// <param name="error">Why it failed; null where that is to be seen from the outcome.</param>
    public TrialResult ResultOf(Trial trial, TrialOutcome? outcome, string? error)
    {
        (_, TrialContext context, long begin) = Require(trial);
        error ??= TrialEvaluator.ErrorOf(outcome, context, search);
        TimeSpan took = Stopwatch.GetElapsedTime(begin);
        long began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)took.TotalMilliseconds;
        return TrialEvaluator.ResultOf(trial, context, outcome, error, took.TotalSeconds) with
        {
            Run = new TrialRun(WorkerName.OfThisProcess, DateTimeOffset.FromUnixTimeMilliseconds(began)),
        };
    }

    /// <summary>Throws unless a trial is under way.</summary>
    public void RequireOne(Trial trial) => Require(trial);

    /// <summary>Forgets a trial.</summary>
    public void Remove(Trial trial) => _trials.Remove(trial.Number);

    /// <summary>Forgets all of them.</summary>
    public void Clear() => _trials.Clear();

    private (Trial Trial, TrialContext Context, long Begin) Require(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _trials.TryGetValue(trial.Number, out var entry) && entry.Trial == trial
            ? entry
            : throw new ArgumentException(
                $"Expected a trial that was asked for and is under way; found {trial}, which is not one of the {_trials.Count} that are.",
                nameof(trial));
    }
}
