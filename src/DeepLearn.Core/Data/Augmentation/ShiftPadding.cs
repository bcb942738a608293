namespace DeepLearn.Data.Augmentation;

/// <summary>What fills the border that a shifted image leaves.</summary>
public enum ShiftPadding
{
    /// <summary>One value, 0 unless another is given: black.</summary>
    Zero,

    /// <summary>The image's own mirror image, without repeating the pixels at the border.</summary>
    Reflection,
}
