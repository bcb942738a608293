namespace DeepLearn.Testing.Checks;

/// <summary>Ends a check that failed; <see cref="CheckList"/> catches it.</summary>
internal sealed class ExpectationException(string expected, string found) : Exception($"expected {expected}; found {found}")
{
    public string Expected { get; } = expected;

    public string Found { get; } = found;
}
