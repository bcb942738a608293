namespace DeepLearn.Layers;

/// <summary>
/// A way to look at an image: moved by some pixels, with its own pixels reflected into the gap, and then perhaps mirrored left to right. An
/// immutable value.
/// </summary>
public readonly record struct ImageView
{
    /// <summary>How many pixels the image is moved down; up where negative. Default 0.</summary>
    public int Down { get; init; }

    /// <summary>How many pixels the image is moved to the right; to the left where negative. Default 0.</summary>
    public int Right { get; init; }

    /// <summary>Whether it is mirrored left to right. Default false.</summary>
    public bool Mirrored { get; init; }

    /// <summary>
    /// How much the view counts beside the others, finite and above 0; what counts is its share of the sum. 1 by the constructor.
    /// </summary>
    public double Weight { get; init; }

    /// <summary>The image as it is, with a weight of 1.</summary>
    public ImageView() => Weight = 1;
}
