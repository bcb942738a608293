using System.Diagnostics;
using DeepLearn.Search.Stores;

namespace DeepLearn.Search;

/// <summary>
/// Calls a store by one thread at a time. Where it cannot be reached, the call is made again with growing delays, as long as nobody asks
/// the search to stop.
/// </summary>
/// <param name="timeout">How long.</param>
/// <param name="turn">Held during a call, and not during a delay.</param>
/// <param name="stop">Ends the patience.</param>
internal sealed class StorePatience(TimeSpan timeout, Lock turn, CancellationToken stop)
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    /// <summary>Makes a call.</summary>
    /// <exception cref="TrialStoreException">It could not be made in time.</exception>
    public void Call(Action call) => Call(() =>
    {
        call();
        return true;
    });

    /// <summary>Makes a call.</summary>
    /// <exception cref="TrialStoreException">It could not be made in time.</exception>
    public T Call<T>(Func<T> call)
    {
        long begin = Stopwatch.GetTimestamp();
        TimeSpan delay = ShortestDelay;
        while (true)
        {
            try
            {
                lock (turn)
                    return call();
            }
            catch (TrialStoreUnavailableException exception)
            {
                if (stop.IsCancellationRequested)
                    throw;
                if (timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(begin) > timeout)
                {
                    throw new TrialStoreException(
                        FormattableString.Invariant($"The store could not be reached for {timeout.TotalSeconds} s. ") + exception.Message,
                        exception);
                }
            }
            stop.WaitHandle.WaitOne(delay);
            delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, LongestDelay.Ticks));
        }
    }
}
