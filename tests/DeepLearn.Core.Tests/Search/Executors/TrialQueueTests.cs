using System.Collections.Concurrent;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using Xunit;

namespace DeepLearn.Tests.Search.Executors;

/// <summary>What the queue of a stage bears of an executor.</summary>
public class TrialQueueTests
{
    private static readonly SingleStageSearch Learning =
        new(Searches.Space, 30) { Sampler = new TpeSampler { RandomTrials = 3 }, Window = 4, Seed = 3 };

    [Fact]
    public void TrialQueue_executor_that_takes_more_jobs_than_the_window_before_it_runs_one_does_not_wait_for_itself()
    {
        SearchResult expected = Learning.Run(Searches.Objective, new() { Executor = new InlineExecutor() }).Timeless();
        Assert.Equal(expected, Learning.Run(Searches.Objective, new() { Executor = InlineExecutor.Backwards }).Timeless());
        Assert.Equal(expected, Learning.Run(Searches.Objective, new() { Executor = new Hoarders(3) }).Timeless());
    }

    [Fact]
    public void TrialQueue_job_that_an_executor_forgets_is_run_by_whoever_waits_for_it()
    {
        SearchResult expected = Learning.Run(Searches.Objective).Timeless();
        Assert.Equal(expected, Learning.Run(Searches.Objective, new() { Executor = new Forgetful() }).Timeless());
    }

    [Fact]
    public void TrialQueue_job_run_a_second_time_does_nothing()
    {
        int runs = 0;
        new SingleStageSearch(Searches.Space, 5).Run(
            (trial, _, _) => new(Interlocked.Increment(ref runs)), new() { Executor = new Twice() });
        Assert.Equal(5, runs);
    }

    /// <summary>Threads that take all that there is, and run it afterwards.</summary>
    private sealed record Hoarders(int Threads) : TrialExecutor
    {
        public override void Execute(ITrialQueue queue)
        {
            var jobs = new ConcurrentQueue<Action>();
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
            {
                while (queue.Take() is { } job)
                    jobs.Enqueue(job);
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            foreach (Action job in jobs)
                job();
        }
    }

    /// <summary>Loses the sixth job that it takes.</summary>
    private sealed record Forgetful : TrialExecutor
    {
        public override void Execute(ITrialQueue queue)
        {
            for (int i = 0; queue.Take() is { } job; i++)
            {
                if (i != 5)
                    job();
            }
        }
    }

    private sealed record Twice : TrialExecutor
    {
        public override void Execute(ITrialQueue queue)
        {
            while (queue.Take() is { } job)
            {
                job();
                job();
            }
        }
    }
}
