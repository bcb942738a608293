using System.Runtime.ExceptionServices;

namespace DeepLearn.Testing.Checks;

/// <summary>Runs the same work on several threads at once: what a value that many callers share must bear.</summary>
internal static class Concurrently
{
    private const int Threads = 4, Rounds = 8;

    /// <summary>What a function gives on a thread of its own.</summary>
    public static TResult OnAnotherThread<TResult>(Func<TResult> function)
    {
        TResult? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "Another thread of the contract" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>Runs a body on several threads that begin together; the first exception, by thread, is the caller's.</summary>
    public static void Run(int count, Action<int> body)
    {
        var failures = new ExceptionDispatchInfo?[count];
        using var start = new Barrier(count);
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int index = i;
            threads[i] = new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    body(index);
                }
                catch (Exception exception)
                {
                    failures[index] = ExceptionDispatchInfo.Capture(exception);
                }
            })
            { IsBackground = true };
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        failures.FirstOrDefault(failure => failure is not null)?.Throw();
    }

    /// <summary>Expects that a function gives the same on every thread, while others run it too.</summary>
    public static void ExpectSame<TResult>(TResult expected, Func<TResult> function, Action<TResult, TResult> compare)
    {
        var failures = new Exception?[Threads];
        using var start = new Barrier(Threads);
        var threads = new Thread[Threads];
        for (int i = 0; i < Threads; i++)
        {
            int index = i;
            threads[i] = new Thread(() => failures[index] = Run()) { IsBackground = true };
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        if (failures.FirstOrDefault(failure => failure is not null) is { } first)
        {
            throw first is ExpectationException failed
                ? new ExpectationException($"on several threads at once, {failed.Expected}", failed.Found)
                : first;
        }

        Exception? Run()
        {
            Exception? failure = null;
            for (int round = 0; round < Rounds; round++)
            {
                // Together again in each round, so that short functions overlap too.
                start.SignalAndWait();
                try
                {
                    compare(expected, function());
                }
                catch (Exception exception)
                {
                    failure ??= exception;
                }
            }
            return failure;
        }
    }
}
