using DeepLearn.Search.Stores;

namespace DeepLearn.Search;

/// <summary>The leases of a process, which a thread of its own renews every third of their length. To be used from any thread.</summary>
/// <param name="log">Where they are renewed.</param>
/// <param name="turn">Held during a call of the log.</param>
/// <param name="length">The length of a lease.</param>
/// <param name="listen">Called after each round, to look at what others did; an exception is told, and ends the thread.</param>
/// <param name="failed">Told of an exception on the thread.</param>
internal sealed class LeaseKeeper(SharedTrialLog log, Lock turn, TimeSpan length, Action listen, Action<Exception> failed) : IDisposable
{
    private readonly Dictionary<(int Stage, int Number), TrialLease> _leases = [];
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _closing = new();
    private Thread? _thread;

    /// <summary>Begins to renew.</summary>
    public void Begin()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "Search leases" };
        _thread.Start();
    }

    /// <summary>Keeps a lease alive from now on.</summary>
    public void Add(TrialLease lease)
    {
        lock (_lock)
            _leases[(lease.Stage, lease.Number)] = lease;
    }

    /// <summary>The lease of a trial; null where this process has none.</summary>
    public TrialLease? Find(int stage, int number)
    {
        lock (_lock)
            return _leases.GetValueOrDefault((stage, number));
    }

    /// <summary>Lets a lease go.</summary>
    public void Remove(TrialLease lease)
    {
        lock (_lock)
            _leases.Remove((lease.Stage, lease.Number));
    }

    /// <summary>Ends the thread, unless it is the one that calls. The log may be closed after it.</summary>
    public void Dispose()
    {
        _closing.Set();
        if (_thread is { IsAlive: true } && _thread != Thread.CurrentThread)
            _thread.Join();
    }

    private void Run()
    {
        TimeSpan usual = length / 3, pause = usual;
        while (!_closing.Wait(pause))
        {
            try
            {
                foreach (TrialLease lease in Leases())
                {
                    lock (turn)
                    {
                        if (!_closing.IsSet)
                            log.Renew(lease);
                    }
                }
                pause = usual;
                listen();
            }
            catch (TrialStoreUnavailableException)
            {
                // The lease may still be had when the store comes back.
                pause = TimeSpan.FromTicks(Math.Min(usual.Ticks, TimeSpan.FromSeconds(1).Ticks));
            }
            catch (Exception exception)
            {
                failed(exception);
                return;
            }
        }
    }

    private TrialLease[] Leases()
    {
        lock (_lock)
            return [.. _leases.Values];
    }
}
