using System.IO.Enumeration;
using DeepLearn.Foundation;

namespace DeepLearn.Models;

/// <summary>Which of a model's weights are taken from a file, and by which names they stand there. An immutable value.</summary>
/// <remarks>
/// A pattern is a name in which <c>*</c> stands for any characters and <c>?</c> for one, as in <c>sequential1/*</c>; case counts. Weights
/// are parameters and buffers, such as the moving averages of a batch normalization.
/// </remarks>
public sealed record WeightMatching
{
    /// <summary>Patterns of which the name in the model must match one. Default: empty, which takes every weight.</summary>
    public ValueList<string> Only { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Patterns of which the name in the model may match none. Default: empty.</summary>
    public ValueList<string> Except { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>
    /// Beginnings of names that are others in the file. The first that a name in the model begins with is put in the place of the
    /// beginning; a name that begins with none is the same in the file. Default: none.
    /// </summary>
    public ValueList<RenamedPrefix> Renames { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>
    /// Whether weights that the file does not hold stay as they are. Default false: they are named in an exception, and nothing is loaded.
    /// </summary>
    public bool SkipsMissing { get; init; }

    /// <summary>Whether F64 may be rounded to float, to nearest. Default false.</summary>
    public bool MayRound { get; init; }

    /// <summary>Whether a file that has a SHA-256 of its content must hold what it held when it was saved. Default true.</summary>
    public bool ChecksSha256 { get; init; } = true;

    /// <summary>Whether a weight is to be taken from the file.</summary>
    /// <param name="name">Its name in the model.</param>
    public bool Includes(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (Only.Count == 0 || Only.Any(pattern => Matches(pattern, name))) && !Except.Any(pattern => Matches(pattern, name));
    }

    /// <summary>The name of a weight in the file.</summary>
    /// <param name="name">Its name in the model.</param>
    public string NameInFile(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        RenamedPrefix? renamed = Renames.FirstOrDefault(prefix => name.StartsWith(prefix.InModel, StringComparison.Ordinal));
        return renamed is null ? name : renamed.InFile + name[renamed.InModel.Length..];
    }

    /// <summary>Throws where a pattern or a beginning is that of no name.</summary>
    internal void RequireFit(IReadOnlyCollection<string> names)
    {
        foreach (string pattern in Only.Concat(Except))
        {
            if (!names.Any(name => Matches(pattern, name)))
                Refuse($"The pattern {pattern} matches no weight of the model");
        }
        foreach (RenamedPrefix prefix in Renames)
        {
            if (!names.Any(name => name.StartsWith(prefix.InModel, StringComparison.Ordinal)))
                Refuse($"No weight of the model begins with {prefix.InModel}, which is to be renamed");
        }

        void Refuse(string what) => throw new ArgumentException($"{what}; there are {string.Join(", ", names)}.");
    }

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
