namespace DeepLearn.Onnx.Import;

/// <summary>What a <see cref="Step"/> is.</summary>
internal enum StepKind
{
    /// <summary>The examples.</summary>
    Input,

    /// <summary>A layer of one input.</summary>
    Layer,

    /// <summary>A function of each element that is no layer by itself.</summary>
    Function,

    /// <summary>A function of the elements of two steps: a sum, a product.</summary>
    Pair,

    /// <summary>A factor and a term, of all elements, of each channel or of each feature.</summary>
    Affine,

    /// <summary>A softmax.</summary>
    Softmax,

    /// <summary>The logarithm of a softmax.</summary>
    LogSoftmax,

    /// <summary>The probabilities of two classes, 1 - p and p, whose one score is its parent.</summary>
    TwoClasses,

    /// <summary>The mean of several softmaxes, whose scores are its parents.</summary>
    MeanProbabilities,

    /// <summary>An ensemble, whose members' scores are its parents.</summary>
    Ensemble,
}
