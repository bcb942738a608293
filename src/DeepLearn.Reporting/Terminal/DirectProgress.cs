namespace DeepLearn.Reporting.Terminal;

/// <summary>Passes each report to an action at once, on the thread that reports, so that none arrives after the end of the work.</summary>
/// <typeparam name="T">The type of a report.</typeparam>
/// <param name="action">Called with each report.</param>
public sealed class DirectProgress<T>(Action<T> action) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => action(value);
}
