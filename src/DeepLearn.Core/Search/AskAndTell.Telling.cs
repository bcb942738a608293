using System.Diagnostics;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

public sealed partial class AskAndTell
{
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
            return Require(trial).Context.Report(step, score);
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
            Require(trial);
            _log?.Abandon(trial);
            _underWay.Remove(trial.Number);
            _again.Add(trial.Number);
        }
    }

    private TrialResult End(Trial trial, TrialOutcome? outcome, string? error)
    {
        lock (_lock)
        {
            (_, TrialContext context, long begin) = Require(trial);
            error ??= TrialEvaluator.ErrorOf(outcome, context, Search);
            TrialResult result = TrialEvaluator.ResultOf(trial, context, outcome, error, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            long began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            result = result with { Run = new TrialRun(WorkerName.OfThisProcess, DateTimeOffset.FromUnixTimeMilliseconds(began)) };
            _log?.Append(result);
            _underWay.Remove(trial.Number);
            _ledger.Set(trial.Number, result);
            return result;
        }
    }

    private (Trial Trial, TrialContext Context, long Begin) Require(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _underWay.TryGetValue(trial.Number, out var entry) && entry.Trial == trial
            ? entry
            : throw new ArgumentException(
                $"Expected a trial that was asked for and is under way; found {trial}, which is not one of the {_underWay.Count} that are.",
                nameof(trial));
    }
}
