namespace DeepLearn.Search;

/// <summary>
/// Too many trials of a search failed: so many in a row that it was stopped (see <see cref="SearchRunOptions.FailuresInARow"/>), or some,
/// and none was completed by its end. What was finished is in its store, and here.
/// </summary>
public sealed class SearchFailedException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">How many failed, and why one of them did.</param>
    /// <param name="partial">What the search had found by then; the last stage may lack trials.</param>
    public SearchFailedException(string message, SearchResult partial)
        : base(message) => Partial = partial;

    /// <summary>What the search had found by then; the last stage may lack trials.</summary>
    public SearchResult Partial { get; }
}
