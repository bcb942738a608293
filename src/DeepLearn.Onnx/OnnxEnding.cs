namespace DeepLearn.Onnx;

/// <summary>The function at the end of a file, after the network's outputs; in this library it is part of the loss.</summary>
public enum OnnxEnding
{
    /// <summary>Nothing: the outputs are the network's own, such as scores (logits) or predicted numbers.</summary>
    None,

    /// <summary>A softmax over all outputs of an example: probabilities of classes that exclude each other.</summary>
    Softmax,

    /// <summary>The logarithm of the softmax.</summary>
    LogSoftmax,

    /// <summary>A sigmoid of each output: probabilities of labels that do not exclude each other.</summary>
    Sigmoid,
}
