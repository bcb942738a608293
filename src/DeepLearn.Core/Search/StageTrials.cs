using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>The trials of a stage of a run: looked up, claimed, run and kept, as their queue asks for it.</summary>
/// <param name="runner">The run.</param>
/// <param name="plan">The stage.</param>
internal sealed class StageTrials(TrialRunner runner, StagePlan plan) : IStageTrials
{
    private readonly ProcessorShare _share = ShareOf(runner, plan);

    /// <summary>The queue, which is told of each end.</summary>
    public StageQueue Queue { get; set; } = null!;

    /// <inheritdoc/>
    public TimeSpan Pause => runner.Records.Pause;

    /// <inheritdoc/>
    public TrialResult? Resume(int index, TrialHistory history)
    {
        try
        {
            TrialResult? result = runner.Records.Stored.Find(
                plan.Stage, plan.NumberOf(index), index, plan.IsCheap, () => plan.Choose(index, history));
            if (result is not null)
                runner.Progress.End(result, SearchProgressKind.Resumed);
            return result;
        }
        catch (Exception exception)
        {
            runner.Stop.Fail(exception, index);
            return null;
        }
    }

    /// <inheritdoc/>
    public long SeenOf(int index) => runner.Records.SeenOf(plan.Stage, plan.NumberOf(index));

    /// <inheritdoc/>
    public bool TryClaim(int index, long seen)
    {
        try
        {
            return runner.Records.TryClaim(plan.Stage, plan.NumberOf(index), seen);
        }
        catch (Exception exception)
        {
            runner.Stop.Fail(exception, index);
            return false;
        }
    }

    /// <inheritdoc/>
    public bool IsElsewhere(int index) => runner.Records.IsElsewhere(plan.Stage, plan.NumberOf(index));

    /// <inheritdoc/>
    public void Listen()
    {
        try
        {
            runner.Records.Listen();
        }
        catch (Exception exception)
        {
            runner.Stop.Fail(exception);
        }
    }

    /// <inheritdoc/>
    public void Run(int index, TrialHistory history)
    {
        // Never throws: what must stop the search is kept for the thread that runs it.
        TrialResult? result = null;
        bool isLeft = false;
        try
        {
            if (runner.Stop.Token.IsCancellationRequested)
                runner.Records.GiveBack(plan.Stage, plan.NumberOf(index));
            else
                result = Run(plan.Choose(index, history), history, out isLeft);
        }
        catch (Exception exception)
        {
            runner.Stop.Fail(exception, index);
        }
        if (isLeft)
            Queue.Leave(index, history);
        else
            Queue.Finish(index, result);
    }

    /// <inheritdoc/>
    public void InOrder(TrialResult result)
    {
        if (runner.Ends.End is null && runner.Ends.EndsWith(result))
        {
            // Whatever is under way comes after the end, and is left for another run.
            Queue.EndAfterPrefix();
            runner.Stop.Request();
        }
        else if (runner.FailedTrials.StopsWith(result))
            runner.Stop.Request();
    }

    /// <inheritdoc/>
    public bool IsOver() => runner.Ends.IsTimeOver();

    private TrialResult? Run(Trial trial, TrialHistory history, out bool isLeft)
    {
        runner.Progress.Begin(trial);
        int most = runner.Options.Crashes;
        var run = new TrialRun(
            runner.Options.Worker, DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        TrialResult? result = TrialEvaluator.Crashed(trial, runner.Records.Begin(trial, most), most);
        try
        {
            result ??= runner.Evaluator.Evaluate(trial, runner.Search.Pruner.UsesHistory ? history : TrialHistory.Empty, _share);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The search is what is at fault, not the trial: it is not to count as one in which the process ended.
            runner.Records.Keep(trial, null, out _);
            throw;
        }
        result = runner.Records.Keep(trial, result is null ? null : result with { Run = run }, out isLeft);
        if (result is not null)
            runner.Progress.End(result, SearchProgressKind.Finished);
        return result;
    }

    // What each trial has where the others run beside it.
    private static ProcessorShare ShareOf(TrialRunner runner, StagePlan plan)
    {
        int atOnce = Math.Min(runner.Options.Executor.Parallelism, Math.Max(1, plan.Count - runner.Records.Stored.CountOf(plan.Stage)));
        return ProcessorShare.OfOneIn(Math.Max(1, plan.Window > 0 ? Math.Min(atOnce, plan.Window) : atOnce));
    }
}
