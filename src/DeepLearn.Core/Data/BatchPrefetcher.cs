using System.Numerics;
using System.Runtime.ExceptionServices;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>A thread that makes batches ahead of the consumer, in a ring: the batch that the consumer has, and those that wait.</summary>
/// <remarks>
/// The running thread keeps this object alive, and with it the data set. It holds no reference to the loader, so that the loader's
/// finalizer can stop the thread.
/// </remarks>
internal sealed class BatchPrefetcher<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A batch is most often ready, or nearly: spinning for a moment costs less than sleeping and being woken, about 100 us.
    private const int Looks = 20;

    private readonly object _gate = new();
    private readonly BatchMaker<T> _maker;
    private readonly Batch<T>[] _ring;
    private readonly int _depth;
    private readonly Thread _thread;

    // Guarded by the lock: the next step to consume, the next to make, and what the thread is doing.
    private long _taken;
    private long _made;
    private bool _isMaking, _isHeld, _isStopped;

    // The exception at the next step, and whether the consumer has been told. The thread rests until the consumer asks again: after a
    // repair the consumer must not be told of an attempt from before it.
    private ExceptionDispatchInfo? _failure;
    private bool _isTold;

    public BatchPrefetcher(BatchSequence<T> sequence, long position)
    {
        _maker = new(sequence, WorkerPool.Single);
        _depth = sequence.Options.Prefetch;
        _ring = new Batch<T>[_depth + 1];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = sequence.CreateBatch();
        _taken = _made = position;
        _thread = new Thread(Run) { IsBackground = true, Name = "DeepLearn batch loader" };
        _thread.Start();
    }

    public Batch<T> Take()
    {
        for (int look = 0; look < Looks && Volatile.Read(ref _made) <= _taken; look++)
            Thread.SpinWait(20);
        lock (_gate)
        {
            if (_isTold)
            {
                ForgetFailure();
                Monitor.PulseAll(_gate);
            }
            while (_made <= _taken && _failure is null)
                Monitor.Wait(_gate);
            if (_made <= _taken)
            {
                _isTold = true;
                _failure!.Throw();
            }
            Batch<T> batch = _ring[(int)(_taken % _ring.Length)];
            _taken++;

            // The thread is woken once half the ring is empty, so that one waking makes several batches.
            if (!_isMaking && _made - _taken <= _depth / 2)
                Monitor.PulseAll(_gate);
            return batch;
        }
    }

    public void Seek(long position)
    {
        lock (_gate)
        {
            _isHeld = true;
            while (_isMaking)
                Monitor.Wait(_gate);
            _taken = _made = position;
            ForgetFailure();
            _isHeld = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the thread after the batch that it is making, without waiting for that.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        Stop();
        _thread.Join();
    }

    private void ForgetFailure()
    {
        _failure = null;
        _isTold = false;
    }

    private void Run()
    {
        while (true)
        {
            long step;
            lock (_gate)
            {
                _isMaking = false;
                Monitor.PulseAll(_gate);
                while (!_isStopped && (_isHeld || _failure is not null || _made - _taken >= _depth))
                    Monitor.Wait(_gate);
                if (_isStopped)
                    return;
                _isMaking = true;
                step = _made;
            }
            ExceptionDispatchInfo? failure = null;
            try
            {
                _maker.Make(step, _ring[(int)(step % _ring.Length)]);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            lock (_gate)
            {
                _failure = failure;
                if (failure is null)
                    Volatile.Write(ref _made, step + 1);
            }
        }
    }
}
