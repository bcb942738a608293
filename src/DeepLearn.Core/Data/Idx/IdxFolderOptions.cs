using DeepLearn.Foundation;

namespace DeepLearn.Data.Idx;

/// <summary>How <see cref="IdxFiles.LoadFolder(string, IdxFolderOptions, CancellationToken)"/> reads a collection: an immutable
/// value.</summary>
public sealed record IdxFolderOptions
{
    /// <summary>What reports call the collection. Default <c>mnist</c>.</summary>
    public string Name { get; init => field = PropertyGuard.NotNull(value); } = "mnist";

    /// <summary>
    /// What the names of the files begin with, for instance <c>emnist-balanced</c>. Null, the default, if the folder holds one collection.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>The number of classes, from 1 to 256. Default 10.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>The names of the classes; empty, the default, for the numbers.</summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>
    /// Whether the files hold the columns of an image one after the other, as those of EMNIST do (Cohen, Afshar, Tapson and van Schaik,
    /// "EMNIST: extending MNIST to handwritten letters", 2017), so that its images would lie on their side. Default false.
    /// </summary>
    public bool IsTransposed { get; init; }
}
