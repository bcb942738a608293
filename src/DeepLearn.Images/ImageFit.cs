namespace DeepLearn.Images;

/// <summary>How an image of other proportions becomes one of the wanted size.</summary>
public enum ImageFit
{
    /// <summary>The largest part in its center that has the wanted proportions is resized; the rest is lost. The default.</summary>
    CenterCrop,

    /// <summary>The whole image is resized, and its proportions change.</summary>
    Stretch,

    /// <summary>The whole image is resized with its proportions, in the center of a black background.</summary>
    Pad,
}
