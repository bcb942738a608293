using DeepLearn.Search.Executors;

namespace DeepLearn.Search;

/// <summary>
/// Runs an executor on a thread of its own: a trial that does not stop when it is asked to cannot block the thread that runs the search.
/// </summary>
internal static class ExecutorThread
{
    /// <summary>Returns when the executor has run everything; or some time after the run was stopped, though it has not.</summary>
    /// <param name="executor">The executor.</param>
    /// <param name="queue">The trials.</param>
    /// <param name="stop">Asked to stop, and told of an exception of the executor's.</param>
    /// <param name="timeout">How long the executor is waited for after that.</param>
    public static void Run(TrialExecutor executor, ITrialQueue queue, RunStop stop, TimeSpan timeout)
    {
        using var stopped = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                executor.Execute(queue);
            }
            catch (Exception exception)
            {
                stop.Fail(exception);
            }
        })
        {
            IsBackground = true,
            Name = "Search",
        };
        using CancellationTokenRegistration registration = stop.Token.Register(stopped.Set);
        thread.Start();
        while (!stopped.IsSet)
        {
            if (thread.Join(10))
                return;
        }
        thread.Join(timeout);
    }
}
