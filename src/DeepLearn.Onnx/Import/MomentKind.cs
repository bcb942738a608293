namespace DeepLearn.Onnx.Import;

/// <summary>The parts of a layer normalization, in the order in which they are computed.</summary>
internal enum MomentKind
{
    /// <summary>The mean over the last axis.</summary>
    Mean,

    /// <summary>What is left without the mean.</summary>
    Centered,

    /// <summary>The square of that.</summary>
    Squared,

    /// <summary>The mean of the squares.</summary>
    Variance,

    /// <summary>The root of the variance.</summary>
    StandardDeviation,
}
