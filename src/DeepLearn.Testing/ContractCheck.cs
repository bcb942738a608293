namespace DeepLearn.Testing;

/// <summary>One promise of a contract, and whether it was kept. An immutable value.</summary>
/// <param name="Name">The promise, as in <c>a pass allocates nothing</c>; the same for every subject of a contract.</param>
/// <param name="Expected">What was expected where it was not kept; null if it was, and where it does not apply.</param>
/// <param name="Found">What was found instead; null if the promise was kept, and where it does not apply.</param>
/// <param name="LeftOut">Why the promise does not apply to this subject; null if it does.</param>
public sealed record ContractCheck(string Name, string? Expected = null, string? Found = null, string? LeftOut = null)
{
    /// <summary>Whether nothing speaks against the subject: the promise was kept, or does not apply.</summary>
    public bool Passed => Found is null;

    /// <summary>A line that says how the check ended; two more with what was expected and what was found where it failed.</summary>
    public override string ToString()
    {
        if (LeftOut is not null)
            return $"left out  {Name}: {LeftOut}";
        if (Passed)
            return $"passed    {Name}";
        string separator = Environment.NewLine + "          ";
        return $"FAILED    {Name}{separator}expected {Indent(Expected)}{separator}found {Indent(Found)}";

        string? Indent(string? text) => text?.ReplaceLineEndings(separator);
    }
}
