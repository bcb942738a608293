using System.Text.RegularExpressions;

namespace DeepLearn.Tests.Architecture;

/// <summary>A word that the project does not use.</summary>
/// <param name="Name">The word.</param>
/// <param name="Instead">What is said instead.</param>
/// <param name="Reason">Why.</param>
/// <param name="Pattern">A regular expression that finds it, whatever the case.</param>
internal sealed record ForbiddenWord(string Name, string Instead, string Reason, string Pattern)
{
    private readonly Regex _pattern = new(Pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled);

    /// <summary>The files where the word is right, as a regular expression over their paths.</summary>
    public string? AllowedIn { get; init; }

    /// <summary>Whether names of variables are free to use it: only comments and Markdown are read.</summary>
    public bool InProseOnly { get; init; }

    /// <summary>Whether a line of a file holds it.</summary>
    public bool IsIn(string path, string line)
    {
        if (AllowedIn is not null && Regex.IsMatch(path, AllowedIn))
            return false;
        if (!InProseOnly || path.EndsWith(".md", StringComparison.Ordinal))
            return _pattern.IsMatch(line);
        int comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment >= 0 && _pattern.IsMatch(line[comment..]);
    }
}
