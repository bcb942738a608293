namespace DeepLearn.Foundation;

/// <summary>Names as a message lists them: the first twenty, and how many there are besides.</summary>
public static class NameList
{
    private const int Listed = 20;

    /// <summary>The list as one text.</summary>
    /// <param name="names">The names.</param>
    /// <param name="wanted">
    /// The name that was looked for, or null. A name beyond the first twenty that differs from it in case or blanks alone is said too.
    /// </param>
    public static string Of(IReadOnlyCollection<string> names, string? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        string first = string.Join(", ", names.Take(Listed));
        if (names.Count <= Listed)
            return first;
        string? near = wanted is null
            ? null
            : names.Skip(Listed).FirstOrDefault(name => name.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase));
        return FormattableString.Invariant($"{first} and {names.Count - Listed} more") + (near is null ? "" : $", '{near}' among them");
    }
}
