using DeepLearn.Search.Executors;

namespace DeepLearn.Tests.Search;

/// <summary>Runs trials on the calling thread, in order or backwards: an executor as a stranger would write it.</summary>
internal sealed record InlineExecutor(bool Backwards = false) : TrialExecutor
{
    public override void Execute(IReadOnlyList<Action> jobs, CancellationToken cancellationToken)
    {
        foreach (Action job in Backwards ? jobs.Reverse() : jobs)
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            job();
        }
    }
}
