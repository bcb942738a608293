namespace DeepLearn.Models;

/// <summary>How a model is loaded. An immutable value.</summary>
public sealed record ModelLoading
{
    /// <summary>Whether F64 may be rounded to float, to nearest. Default false.</summary>
    public bool MayRound { get; init; }

    /// <summary>
    /// Whether the weights must be those that the file's SHA-256 names, where it names one. Default true; false lets weights in that
    /// another program changed and left the name as it was.
    /// </summary>
    public bool ChecksSha256 { get; init; } = true;
}
