using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;

namespace DeepLearn.Search;

/// <summary>How a search is run: what can be changed without changing its results.</summary>
public sealed record SearchRunOptions
{
    /// <summary>Where trials are kept as they end. Default: null, for nowhere.</summary>
    public TrialStore? Store { get; init; }

    /// <summary>What runs the trials. Default: threads of their own, as many at once as the machine has processors.</summary>
    public TrialExecutor Executor
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = new ThreadExecutor();

    /// <summary>
    /// Told of each thing that happens to a trial: one call at a time, from the thread of the trial, which waits for it. An exception
    /// stops the search. Default: null.
    /// </summary>
    public IProgress<SearchProgress>? Progress { get; init; }
}
