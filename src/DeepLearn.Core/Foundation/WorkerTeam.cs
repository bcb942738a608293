using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace DeepLearn.Foundation;

/// <summary>The threads of a <see cref="WorkerPool"/> and the work they share.</summary>
/// <remarks>
/// <para>
/// Work is published by writing its fields, opening it and raising <see cref="_round"/>. A thread that takes part first counts itself in
/// (<see cref="_inside"/>), then checks whether the work is open, and takes parts by raising <see cref="_nextPart"/>. The caller closes the
/// work when no part is left and waits until nobody is inside: after that no thread can touch the work, for one that counts itself in later
/// finds it closed, or finds the next.
/// </para>
/// <para>Both sides write one variable and then read the other's, which needs a full fence: the interlocked operations are that.</para>
/// </remarks>
internal sealed unsafe class WorkerTeam(int size, Action<Thread> startThread)
{
    /// <summary>How long a thread spins for new work before it parks.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency * 3 / 2000;

    private readonly object _parking = new();
    private int _started;
    private int _parked;
    private bool _stopped;

    private int[] _progress = [];

    private int _claimed;
    private int _round;
    private int _open;
    private int _inside;

    private byte* _body;
    private delegate*<byte*, int, void> _runPart;
    private int _parts;
    private int _nextPart;
    private int _failedPart;
    private Exception? _failure;

    /// <summary>Numbers for the parts of the run that is about to begin, set to 0: whoever has claimed the team may use them.</summary>
    public int* ClearProgress(int count)
    {
        if (_progress.Length < count)
            _progress = GC.AllocateUninitializedArray<int>(count, pinned: true);
        _progress.AsSpan(0, count).Clear();
        return (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _progress[0]);
    }

    /// <summary>Takes the team for one <see cref="Run"/>; false where it is in use or stopped.</summary>
    public bool TryClaim()
    {
        if (Volatile.Read(ref _claimed) != 0 || Interlocked.CompareExchange(ref _claimed, 1, 0) != 0)
            return false;
        if (!Volatile.Read(ref _stopped))
            return true;
        Volatile.Write(ref _claimed, 0);
        return false;
    }

    /// <summary>Runs all parts, the calling thread taking its share, and gives the team back.</summary>
    /// <exception cref="OutOfMemoryException">
    /// The system has no thread to give. No part has run; the next call asks for it again.
    /// </exception>
    public void Run(byte* body, delegate*<byte*, int, void> runPart, int parts)
    {
        if (_started < size)
            Start();
        _body = body;
        _runPart = runPart;
        _parts = parts;
        _nextPart = 0;
        Volatile.Write(ref _open, 1);
        Interlocked.Increment(ref _round);
        if (Volatile.Read(ref _parked) > 0)
            Wake(parts - 1);

        TakeParts();
        Interlocked.Exchange(ref _open, 0);
        var spin = default(SpinWait);
        while (Volatile.Read(ref _inside) != 0)
            spin.SpinOnce(sleep1Threshold: -1); // spins a little, then yields, and never sleeps

        Exception? failure = _failure;
        _failure = null;
        Volatile.Write(ref _claimed, 0);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads after the work under way. May be called more than once.</summary>
    public void Stop()
    {
        lock (_parking)
        {
            _stopped = true;
            Monitor.PulseAll(_parking);
        }
    }

    private void Start()
    {
        try
        {
            lock (_parking)
            {
                for (; _started < size && !_stopped; _started++)
                    startThread(new Thread(Work) { IsBackground = true, Name = "DeepLearn worker" });
            }
        }
        catch
        {
            Volatile.Write(ref _claimed, 0);
            throw;
        }
    }

    private void Wake(int wanted)
    {
        lock (_parking)
        {
            for (int i = Math.Min(wanted, _parked); i > 0; i--)
                Monitor.Pulse(_parking);
        }
    }

    private void Work()
    {
        int seen = 0;
        while (WaitForRound(ref seen))
        {
            Interlocked.Increment(ref _inside);
            if (Volatile.Read(ref _open) != 0)
                TakeParts();
            Interlocked.Decrement(ref _inside);
        }
    }

    private void TakeParts()
    {
        int parts = _parts;
        for (int part = Interlocked.Increment(ref _nextPart) - 1; part < parts; part = Interlocked.Increment(ref _nextPart) - 1)
        {
            try
            {
                _runPart(_body, part);
            }
            catch (Exception exception)
            {
                Fail(part, exception);
            }
        }
    }

    private void Fail(int part, Exception exception)
    {
        lock (_parking)
        {
            if (_failure is not null && _failedPart < part)
                return;
            _failure = exception;
            _failedPart = part;
        }
    }

    /// <summary>Waits for work that the thread has not seen; false when the team is stopped.</summary>
    private bool WaitForRound(ref int seen)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            for (int i = 0; i < 64; i++)
            {
                int round = Volatile.Read(ref _round);
                if (round != seen)
                {
                    seen = round;
                    return true;
                }
                Thread.SpinWait(1);
            }

            // Another thread may be waiting for this core, perhaps the caller: it has more to do than a thread that waits.
            Thread.Yield();
        }
        while (!Volatile.Read(ref _stopped) && Stopwatch.GetTimestamp() - start < SpinTicks);

        lock (_parking)
        {
            Interlocked.Increment(ref _parked);
            while (_round == seen && !_stopped)
                Monitor.Wait(_parking);
            _parked--;
            seen = _round;
            return !_stopped;
        }
    }
}
