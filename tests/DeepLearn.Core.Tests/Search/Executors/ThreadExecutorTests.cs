using DeepLearn.Search;
using DeepLearn.Search.Executors;
using Xunit;

namespace DeepLearn.Tests.Search.Executors;

public class ThreadExecutorTests
{
    [Fact]
    public void ThreadExecutor_trials_run_at_once_on_threads_of_their_own()
    {
        using var barrier = new Barrier(3);
        var threads = new HashSet<int>();
        SearchResult result = new SingleStageSearch(Searches.Space, 9).Run(
            (_, _, _) =>
            {
                // Passes only where three trials are under way at the same time.
                Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(30)));
                Assert.False(Thread.CurrentThread.IsThreadPoolThread);
                lock (threads)
                    threads.Add(Environment.CurrentManagedThreadId);
                return new(1);
            },
            new() { Executor = new ThreadExecutor(3) });
        Assert.Equal(3, threads.Count);
        Assert.All(result.Ranked, r => Assert.Null(r.Error));
    }
}
