namespace DeepLearn.Foundation;

/// <summary>Names as a message lists them: the first twenty, and how many there are besides.</summary>
internal static class NameList
{
    private const int Listed = 20;

    /// <summary>The list; with the name that was looked for, also one that differs in case or blanks alone and is not among the first.</summary>
    public static string Of(IReadOnlyCollection<string> names, string? wanted = null)
    {
        string first = string.Join(", ", names.Take(Listed));
        if (names.Count <= Listed)
            return first;
        string? near = wanted is null
            ? null
            : names.Skip(Listed).FirstOrDefault(name => name.Trim().Equals(wanted.Trim(), StringComparison.OrdinalIgnoreCase));
        return FormattableString.Invariant($"{first} and {names.Count - Listed} more") + (near is null ? "" : $", '{near}' among them");
    }
}
