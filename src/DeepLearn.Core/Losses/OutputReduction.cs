namespace DeepLearn.Losses;

/// <summary>How the terms of an example's outputs become its loss. The loss of a batch is the mean over the examples either way.</summary>
public enum OutputReduction
{
    /// <summary>Their mean, as PyTorch's reduction "mean" for outputs <c>[batch, outputs]</c>.</summary>
    Mean,

    /// <summary>Their sum: the gradient of an output does not shrink with the number of outputs.</summary>
    Sum,
}
