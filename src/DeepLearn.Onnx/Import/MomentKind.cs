namespace DeepLearn.Onnx.Import;

/// <summary>
/// The parts of a layer normalization, in the order in which they are computed. x is what is normalized, m its mean, d its
/// standard deviation.
/// </summary>
internal enum MomentKind
{
    /// <summary>The mean over the last axis, m.</summary>
    Mean,

    /// <summary>That with the other sign, -m.</summary>
    NegatedMean,

    /// <summary>The square of the mean, m^2.</summary>
    SquaredMean,

    /// <summary>The mean of x^2, from which the variance comes without what is left of x without its mean.</summary>
    MeanOfSquares,

    /// <summary>What is left without the mean, x - m.</summary>
    Centered,

    /// <summary>The square of that.</summary>
    Squared,

    /// <summary>The mean of the squares; an epsilon is added to it.</summary>
    Variance,

    /// <summary>The root of the variance, d.</summary>
    StandardDeviation,

    /// <summary>Its inverse times the scale, s / d.</summary>
    InverseDeviation,

    /// <summary>x s / d.</summary>
    Scaled,

    /// <summary>m s / d.</summary>
    ScaledMean,

    /// <summary>The shift without that, b - m s / d.</summary>
    Offset,
}
