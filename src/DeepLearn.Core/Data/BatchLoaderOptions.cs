
namespace DeepLearn.Data;

/// <summary>How a <see cref="BatchLoader{T}"/> makes its batches: an immutable value.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>How features are brought to a common scale; null, the default, leaves them as they are.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>The random change of training images; null, the default, for none. The examples must be images.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Whether each epoch has an order of its own; default true. Otherwise every epoch has the data set's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether a last batch of an epoch that is smaller than the others is left out; default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// How many batches are made ahead of time on a thread of the loader's own. 0, the default, makes each batch when it is asked for; so
    /// does any number where there are as many workers as processors. The batches are the same, bit for bit.
    /// </summary>
    public int Prefetch { get; init; }
}
