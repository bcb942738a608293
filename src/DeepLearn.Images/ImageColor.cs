namespace DeepLearn.Images;

/// <summary>The channels that an image is read into.</summary>
public enum ImageColor
{
    /// <summary>Red, green and blue. The default.</summary>
    Color,

    /// <summary>One channel, the luma of ITU-R BT.601: 0.299 red + 0.587 green + 0.114 blue.</summary>
    Gray,
}
