using System.Runtime.ExceptionServices;

namespace DeepLearn.Search;

/// <summary>What ends a run early: its caller, an end that was met, or a failure. To be used from any thread.</summary>
/// <param name="cancellationToken">The caller's.</param>
internal sealed class RunStop(CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Lock _lock = new();
    private (int Index, ExceptionDispatchInfo Exception)? _failure;

    /// <summary>Asks everybody to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops the run without a failure.</summary>
    public void Request() => _ = _source.CancelAsync();

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
    public void Dispose() => _source.Dispose();
}
