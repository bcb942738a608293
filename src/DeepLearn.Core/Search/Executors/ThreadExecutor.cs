using System.Globalization;

namespace DeepLearn.Search.Executors;

/// <summary>Runs trials on threads of their own, a fixed number at once, each trial on one thread.</summary>
/// <remarks>
/// It does not use the thread pool: a trial takes seconds to hours, and would starve other work there. A thread that has ended a trial
/// takes the next free one.
/// </remarks>
/// <example><code>
/// SearchResult found = (search with { Window = 4 }).Run(objective, new() { Executor = new ThreadExecutor(parallelism: 4) });
/// </code></example>
public sealed record ThreadExecutor : TrialExecutor
{
    /// <summary>Makes an executor.</summary>
    /// <param name="parallelism">How many trials run at once, at least 1. Default: 0, for as many as the machine has processors.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parallelism"/> is negative.</exception>
    public ThreadExecutor(int parallelism = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parallelism);
        Parallelism = parallelism == 0 ? Environment.ProcessorCount : parallelism;
    }

    /// <summary>How many trials run at once.</summary>
    public override int Parallelism { get; }

    /// <inheritdoc/>
    public override void Execute(ITrialQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var threads = new Thread[Math.Min(Parallelism, queue.Count)];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work)
            {
                IsBackground = true,
                Name = string.Create(CultureInfo.InvariantCulture, $"Search trial {i + 1} of {threads.Length}"),
            };
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();

        void Work()
        {
            while (queue.Take() is { } job)
                job();
        }
    }
}
