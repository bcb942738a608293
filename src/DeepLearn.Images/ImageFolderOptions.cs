using DeepLearn.Foundation;

namespace DeepLearn.Images;

/// <summary>How <see cref="ImageFolder"/> reads: an immutable value.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>
    /// The classes in order: those of a training set, so that a validation set has the same. Empty, the default, takes the names of the
    /// folders in ordinal order.
    /// </summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>
    /// Whether files that are damaged or of another format are left out, and listed in <see cref="ImageDataset.LeftOut"/>. Default false:
    /// the first one is an error. One that cannot be opened always is.
    /// </summary>
    public bool LeavesOutDamaged { get; init; }

    /// <summary>The files that are read at once, at least 1; 0, the default, for one for each processor. The images are the same for any
    /// number.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Threads), $"The number of files at once is at least 0; found {value}.");
    }
}
