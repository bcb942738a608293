namespace DeepLearn.Search;

/// <summary>A search was canceled. What was finished is in its store, and here.</summary>
public sealed class SearchCanceledException : OperationCanceledException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="partial">What the search had found by then; the last stage may lack trials.</param>
    /// <param name="cancellationToken">The token that asked for it.</param>
    public SearchCanceledException(SearchResult partial, CancellationToken cancellationToken)
        : base("The search was canceled.", cancellationToken) => Partial = partial;

    /// <summary>What the search had found by then; the last stage may lack trials.</summary>
    public SearchResult Partial { get; }
}
