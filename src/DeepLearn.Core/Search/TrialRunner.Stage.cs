using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

internal sealed partial class TrialRunner
{
    /// <summary>What the queue of a stage does with its trials.</summary>
    private sealed class StageTrials(TrialRunner runner, StagePlan plan) : IStageTrials
    {
        private readonly ProcessorShare _share = runner.Share(plan);

        public TimeSpan Pause => runner._records.Pause;

        /// <inheritdoc/>
        public TrialResult? Resume(int index, TrialHistory history)
        {
            try
            {
                TrialResult? result = runner._records.Stored.Find(
                    plan.Stage, plan.NumberOf(index), index, plan.IsCheap, () => plan.Choose(index, history));
                if (result is not null)
                    runner.Tell(SearchProgressKind.Resumed, result.Trial, result);
                return result;
            }
            catch (Exception exception)
            {
                runner.Stop(exception, index);
                return null;
            }
        }

        public long SeenOf(int index) => runner._records.SeenOf(plan.Stage, plan.NumberOf(index));

        public bool TryClaim(int index, long seen)
        {
            try
            {
                return runner._records.TryClaim(plan.Stage, plan.NumberOf(index), seen);
            }
            catch (Exception exception)
            {
                runner.Stop(exception, index);
                return false;
            }
        }

        public bool IsElsewhere(int index) => runner._records.IsElsewhere(plan.Stage, plan.NumberOf(index));

        public void Listen()
        {
            try
            {
                runner._records.Listen();
            }
            catch (Exception exception)
            {
                runner.Stop(exception);
            }
        }

        public void Run(int index, TrialHistory history) => runner.RunOne(plan, runner._queue!, index, history, _share);

        public void InOrder(TrialResult result) => runner.InOrder(runner._queue!, result);

        public bool IsOver() => runner._ends.IsTimeOver();
    }
}
