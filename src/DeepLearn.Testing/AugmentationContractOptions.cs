using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>The images that <see cref="AugmentationContract"/> tries an augmentation on. An immutable value.</summary>
public sealed record AugmentationContractOptions
{
    /// <summary>The height of an image, at least 1. Default 6.</summary>
    public int Height { get; init; } = 6;

    /// <summary>The width of an image, at least 1. Default 5.</summary>
    public int Width { get; init; } = 5;

    /// <summary>The number of channels, at least 1. Default 3.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>The number of images, at least 2. Default 20.</summary>
    public int Images { get; init; } = 20;

    /// <summary>The numbers of threads that make batches. Default 2 and 3.</summary>
    public ValueList<int> Threads { get; init => field = PropertyGuard.NotNull(value); } = [2, 3];

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
