namespace DeepLearn.Search.Stores;

/// <summary>A store holds the trials of another search.</summary>
public sealed class SearchMismatchException : TrialStoreException
{
    /// <summary>An exception.</summary>
    /// <param name="where">The store, as the beginning of the message.</param>
    /// <param name="field">What differs.</param>
    /// <param name="expected">Its value in the search that was to be run.</param>
    /// <param name="found">Its value in the store.</param>
    public SearchMismatchException(string where, string field, string expected, string found)
        : base($"{where} belongs to another search: expected {field} \"{expected}\", found \"{found}\".")
    {
        Field = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>What differs, for instance <c>seed</c>.</summary>
    public string Field { get; }

    /// <summary>Its value in the search that was to be run.</summary>
    public string Expected { get; }

    /// <summary>Its value in the store.</summary>
    public string Found { get; }
}
