namespace DeepLearn.Foundation;

/// <summary>
/// A file or a store holds the results of another run or search than the one that was to go on from it. Nothing has been changed then.
/// </summary>
public sealed class IdentityMismatchException : IOException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="where">The file or the store, as the beginning of the message: <c>The journal "trials.jsonl"</c>.</param>
    /// <param name="field">What differs.</param>
    /// <param name="expected">Its value in the run that was to go on.</param>
    /// <param name="found">Its value in the file or the store.</param>
    public IdentityMismatchException(string where, string field, string expected, string found)
        : base($"{where} belongs to another run: expected {field} \"{expected}\", found \"{found}\".")
    {
        Field = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>What differs, for instance <c>seed</c>.</summary>
    public string Field { get; }

    /// <summary>Its value in the run that was to go on.</summary>
    public string Expected { get; }

    /// <summary>Its value in the file or the store.</summary>
    public string Found { get; }
}
