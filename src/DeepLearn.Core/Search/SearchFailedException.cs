namespace DeepLearn.Search;

/// <summary>
/// A search was stopped because too many trials in a row failed: see <see cref="SearchRunOptions.FailuresInARow"/>. What was finished is in
/// its store, and here.
/// </summary>
public sealed class SearchFailedException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">How many failed, and why the last one did.</param>
    /// <param name="partial">What the search had found by then; the last stage may lack trials.</param>
    public SearchFailedException(string message, SearchResult partial)
        : base(message) => Partial = partial;

    /// <summary>What the search had found by then; the last stage may lack trials.</summary>
    public SearchResult Partial { get; }
}
