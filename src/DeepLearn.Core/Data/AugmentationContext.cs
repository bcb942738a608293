using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>Everything besides the image that an augmentation may depend on. An immutable value.</summary>
/// <param name="Layout">The extents of the image and the order of its elements.</param>
/// <param name="Epoch">The number of the epoch, from 0.</param>
/// <param name="ExampleKey">The name of this example's random numbers. It is the same in every epoch.</param>
public readonly record struct AugmentationContext(ImageLayout Layout, long Epoch, RandomKey ExampleKey)
{
    /// <summary>The name of this example's random numbers in this epoch: what an augmentation draws from.</summary>
    public RandomKey Key => ExampleKey.Derive("epoch").Derive(Epoch);

    /// <summary>The context of one part of a composition, with random numbers of its own.</summary>
    /// <param name="position">The number of the part, from 0.</param>
    public AugmentationContext Part(int position) => this with { ExampleKey = ExampleKey.Derive(position) };
}
