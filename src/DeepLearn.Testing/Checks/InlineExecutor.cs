using DeepLearn.Search.Executors;

namespace DeepLearn.Testing.Checks;

/// <summary>Runs trials on the calling thread, in order or in groups each of which runs backwards.</summary>
/// <param name="Group">The size of a group, at most the search's window: a trial further on waits for the first of the group.</param>
internal sealed record InlineExecutor(int Group = 1) : TrialExecutor
{
    public override int Parallelism => 1;

    public override void Execute(ITrialQueue queue)
    {
        var group = new Stack<Action>();
        do
        {
            while (group.Count < Group && queue.Count > 0 && queue.Take() is { } job)
                group.Push(job);
            if (group.Count == 0)
                return;
            while (group.TryPop(out Action? next))
                next();
        }
        while (true);
    }
}
