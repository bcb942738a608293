using System.Runtime.ExceptionServices;

namespace DeepLearn.Search;

/// <summary>What ends a run early: its caller, an end that was met, or a failure. To be used from any thread.</summary>
internal sealed class RunStop : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly Lock _lock = new();
    private (int Index, ExceptionDispatchInfo Exception)? _failure;
    private bool _isOver;

    /// <param name="cancellationToken">The caller's.</param>
    public RunStop(CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _source.Token;
    }

    /// <summary>Asks everybody to stop; whoever still runs after the end of the run may ask it too.</summary>
    public CancellationToken Token { get; }

    /// <summary>Stops the run without a failure. After its end there is nothing to stop, such as for a trial that was abandoned.</summary>
    public void Request()
    {
        lock (_lock)
        {
            if (!_isOver)
                _ = _source.CancelAsync();
        }
    }

    /// <summary>
    /// Stops the run with a failure. Of several that of the first trial is told: a trial is looked at after those before it were taken, and
    /// what is taken is looked at to the end, so which one is told does not depend on which thread came first.
    /// </summary>
    /// <param name="exception">The failure.</param>
    /// <param name="index">The place of its trial. Default: after all trials.</param>
    public void Fail(Exception exception, int index = int.MaxValue)
    {
        lock (_lock)
        {
            if (_failure is not { } earlier || index < earlier.Index)
                _failure = (index, ExceptionDispatchInfo.Capture(exception));
        }
        Request();
    }

    /// <summary>Throws the failure, if there was one.</summary>
    public void ThrowIfFailed() => _failure?.Exception.Throw();

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _isOver = true;
        _source.Dispose();
    }
}
