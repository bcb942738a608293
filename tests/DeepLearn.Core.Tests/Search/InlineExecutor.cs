using DeepLearn.Search.Executors;

namespace DeepLearn.Tests.Search;

/// <summary>
/// Runs trials on one thread, in order or in groups each of which runs backwards: an executor as a stranger would write it.
/// </summary>
/// <param name="Group">The size of a group, at most the search's window where trials wait for each other.</param>
internal sealed record InlineExecutor(int Group = 1) : TrialExecutor
{
    /// <summary>All trials of a stage backwards.</summary>
    public static InlineExecutor Backwards { get; } = new(int.MaxValue);

    public override void Execute(ITrialQueue queue)
    {
        var group = new Stack<Action>();
        while (true)
        {
            while (group.Count < Group && queue.Count > 0 && queue.Take() is { } job)
                group.Push(job);
            if (group.Count == 0)
                return;
            while (group.TryPop(out Action? next))
                next();
        }
    }
}
