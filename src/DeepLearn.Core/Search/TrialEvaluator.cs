using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Calls the objective for a trial, within the limits on retries and time, and makes a result of its outcome.</summary>
/// <param name="search">The search, for its pruner.</param>
/// <param name="objective">The objective.</param>
/// <param name="options">Retries and limits.</param>
/// <param name="reported">Told of each report. An exception stops the search.</param>
/// <param name="stop">Asks the trial to stop.</param>
internal sealed class TrialEvaluator(
    HyperparameterSearch search,
    TrialObjective objective,
    SearchRunOptions options,
    Action<Trial, TrialReport> reported,
    CancellationToken stop)
{
    /// <summary>Runs a trial to its end.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="history">What the pruner may compare it with.</param>
    /// <param name="share">The trial's share of the processors.</param>
    /// <returns>
    /// The result; null if the search was asked to stop: what the objective returns or throws then may belong to an unfinished trial.
    /// </returns>
    public TrialResult? Evaluate(Trial trial, TrialHistory history, ProcessorShare share)
    {
        using Activity? activity = SearchTelemetry.Begin(trial);
        TrialResult? result = null;
        for (int attempt = 0; attempt <= options.Retries; attempt++)
        {
            result = EvaluateOnce(trial, history, share);
            if (result?.State != TrialState.Failed)
                break;
        }
        if (result is not null)
            SearchTelemetry.End(activity, result);
        return result;
    }

    /// <summary>What is wrong with an outcome, so that its trial counts as failed; null if nothing is.</summary>
    public static string? ErrorOf(TrialOutcome? outcome, TrialContext context, HyperparameterSearch search)
    {
        if (outcome is null)
            return "The objective returned null; expected an outcome.";
        if (!double.IsFinite(outcome.Score))
            return FormattableString.Invariant($"The objective returned the score {outcome.Score}; expected a finite number.");

        // A trial that was stopped early need not have what is measured at its end.
        if (context.IsPruned)
            return null;
        foreach (SearchObjective objective in search.Objectives)
        {
            if (outcome.Metric(objective.Metric) is not { } value || !double.IsFinite(value))
                return ErrorOf(outcome, objective.Metric, "finite number", objective);
        }
        foreach (SearchConstraint constraint in search.Constraints)
        {
            if (outcome.Metric(constraint.Metric) is not { } value || double.IsNaN(value))
                return ErrorOf(outcome, constraint.Metric, "number", constraint);
        }
        return null;
    }

    /// <summary>The result of a trial from what came of it.</summary>
    public static TrialResult ResultOf(Trial trial, TrialContext context, TrialOutcome? outcome, string? error, double seconds)
    {
        TrialState state = error is not null ? TrialState.Failed : context.IsPruned ? TrialState.Pruned : TrialState.Completed;
        return new TrialResult(trial, state, error is null ? outcome!.Score : double.NaN)
        {
            Seconds = outcome?.Seconds ?? seconds,
            Metrics = outcome?.Metrics ?? [],
            Reports = [.. context.Reports],
            Error = error,
        };
    }

    /// <summary>The failed result of a trial in which the process ended too often; null if it may be begun.</summary>
    public static TrialResult? Crashed(Trial trial, int starts, int most) => starts < most
        ? null
        : new TrialResult(trial, TrialState.Failed, double.NaN)
        {
            Error = $"The process ended {starts} times while the trial was under way; it was not begun again.",
        };

    /// <summary>A text that UTF-8 can hold: lone surrogates have no place there, and the round trip replaces them.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string ErrorOf(TrialOutcome outcome, string metric, string kind, object what) => FormattableString.Invariant(
        $"The search has \"{what}\"; expected the metric \"{metric}\", a {kind}, found {outcome.Metric(metric)?.ToString() ?? "none"}.");

    private TrialResult? EvaluateOnce(Trial trial, TrialHistory history, ProcessorShare share)
    {
        ExceptionDispatchInfo? ours = null;
        var context = new TrialContext((report, reports) =>
        {
            try
            {
                reported(trial, report);
                return !search.Pruner.ShouldStop(new(trial, reports, history, search.Direction));
            }
            catch (Exception exception)
            {
                ours = ExceptionDispatchInfo.Capture(exception);
                throw;
            }
        })
        {
            Processors = share,
            Pruner = search.Pruner is NoPruner ? null : search.Pruner.Description,
        };
        long begin = Stopwatch.GetTimestamp();
        (TrialOutcome? outcome, string? error) = options.TrialTimeLimit == Timeout.InfiniteTimeSpan
            ? Call(trial, context, stop)
            : CallWithin(trial, context);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        ours?.Throw();
        if (stop.IsCancellationRequested)
            return null;
        return ResultOf(trial, context, outcome, error, seconds);
    }

    private (TrialOutcome? Outcome, string? Error) Call(Trial trial, TrialContext context, CancellationToken token)
    {
        try
        {
            TrialOutcome? outcome = objective(trial, context, token);
            return (outcome, ErrorOf(outcome, context, search));
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or ObjectiveMisfitException))
        {
            return (null, WellFormed($"{exception.GetType().Name}: {exception.Message}"));
        }
    }

    // On a thread of its own, which is abandoned if it does not end.
    private (TrialOutcome? Outcome, string? Error) CallWithin(Trial trial, TrialContext context)
    {
        (TrialOutcome? Outcome, string? Error) answer = default;
        ExceptionDispatchInfo? failure = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        CancellationToken token = limit.Token;
        var thread = new Thread(() =>
        {
            try
            {
                answer = Call(trial, context, token);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "Search trial with a time limit",
        };
        thread.Start();
        long begin = Stopwatch.GetTimestamp();
        bool ended = false;
        while (!ended && !stop.IsCancellationRequested && Stopwatch.GetElapsedTime(begin) < options.TrialTimeLimit)
            ended = thread.Join(10);
        if (ended)
        {
            failure?.Throw();
            return answer;
        }
        limit.Cancel();
        string seconds = FormattableString.Invariant($"The trial took longer than its limit of {options.TrialTimeLimit.TotalSeconds} s");
        return thread.Join(options.StopTimeout)
            ? (null, $"{seconds}.")
            : (
                null,
                FormattableString.Invariant($"{seconds}, and did not stop within {options.StopTimeout.TotalSeconds} s of being asked to."));
    }
}
