using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>All that an augmentation may depend on besides the image.</summary>
/// <param name="Layout">Where the image's numbers stand.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="ExampleKey">The name of the random numbers of this example, the same in every epoch.</param>
public readonly record struct AugmentationContext(ImageLayout Layout, long Epoch, RandomKey ExampleKey)
{
    /// <summary>The name of the random numbers of this example in this epoch.</summary>
    public RandomKey Key => ExampleKey.Derive("epoch").Derive(Epoch);

    /// <summary>The context of one part of a composition, with random numbers of its own.</summary>
    /// <param name="position">The number of the part.</param>
    public AugmentationContext Part(int position) => this with { ExampleKey = ExampleKey.Derive(position) };
}
