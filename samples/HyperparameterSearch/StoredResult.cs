using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Stores;

namespace DeepLearn.Samples.HyperparameterSearch;

/// <summary>What a store holds of a search, without running any of it.</summary>
internal static class StoredResult
{
    public static SearchResult Of(SingleStageSearch search, SharedTrialStore store)
    {
        using var stop = new CancellationTokenSource();
        var options = new SearchRunOptions { Store = store, Executor = new ThreadExecutor(1), Progress = new StopAtFirst(stop) };
        try
        {
            return search.Run((_, _, _) => throw new OperationCanceledException(), options, stop.Token);
        }
        catch (SearchCanceledException stopped)
        {
            return stopped.Partial;
        }
    }

    /// <summary>Stops the search where a trial would begin.</summary>
    private sealed class StopAtFirst(CancellationTokenSource stop) : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            if (value.Kind == SearchProgressKind.Started)
                stop.Cancel();
        }
    }
}
