namespace DeepLearn.Reporting;

/// <summary>The names of classes: those that are given, or numbers.</summary>
internal static class ClassNaming
{
    public static string[] Of(int classes, IReadOnlyList<string>? names)
    {
        if (names is null || names.Count == 0)
            return [.. Enumerable.Range(0, classes).Select(label => FormattableString.Invariant($"{label}"))];
        if (names.Count != classes)
        {
            throw new ArgumentException(
                $"There is one name for each of the {classes} classes, or none; found {names.Count}.", nameof(names));
        }
        return [.. names];
    }
}
