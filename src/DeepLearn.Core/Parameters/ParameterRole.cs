namespace DeepLearn.Parameters;

/// <summary>What a parameter is for in its layer. Regularizers and optimizers choose by it.</summary>
public enum ParameterRole
{
    /// <summary>Factors on a layer's input: a dense layer's matrix, a convolution's kernels.</summary>
    Weights,

    /// <summary>Terms added to a layer's output.</summary>
    Biases,

    /// <summary>The factor of a normalization layer.</summary>
    NormalizationScale,

    /// <summary>The term of a normalization layer.</summary>
    NormalizationShift,
}
