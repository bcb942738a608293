namespace DeepLearn.Parameters;

/// <summary>What a parameter is for in its layer. Regularizers and optimizers choose by it.</summary>
public enum ParameterRole
{
    /// <summary>What a layer's input is multiplied by: the matrix of a dense layer, the kernels of a convolution.</summary>
    Weights,

    /// <summary>What is added to a layer's output.</summary>
    Biases,

    /// <summary>What a normalization layer multiplies by.</summary>
    NormalizationScale,

    /// <summary>What a normalization layer adds.</summary>
    NormalizationShift,
}
