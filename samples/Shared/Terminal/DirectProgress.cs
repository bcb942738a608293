namespace DeepLearn.Samples.Reporting.Terminal;

/// <summary>Passes progress on at once, on the thread that reports it, so that nothing is told after its end.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="action">Told of each report.</param>
public sealed class DirectProgress<T>(Action<T> action) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => action(value);
}
