
namespace DeepLearn.Data;

/// <summary>How a <see cref="BatchLoader{T}"/> makes its batches. An immutable value.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>The scale and offset of each feature. Default null: features are taken as they are.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>How targets are brought to a common scale; null, the default, leaves them as they are.</summary>
    public Normalization? TargetScaling { get; init; }

    /// <summary>The random change of training images. Default null: none. With it, the examples must be images.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Whether each epoch has a random order of its own. Default true; with false every epoch has the data set's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Whether the last batch of an epoch is left out where it would be smaller than the others. Default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// How many batches are made ahead of time, on a thread of the loader's own; at least 0. Default 0: each batch is made when it is asked
    /// for. The same holds for any number where there are as many workers as processors. The batches are the same, bit for bit.
    /// </summary>
    public int Prefetch { get; init; }
}
