namespace DeepLearn.Layers;

/// <summary>
/// What a layer declares of its passes, so that whoever runs it may save memory and work: an immutable value that never changes for one
/// runtime. The defaults are the cautious answers; they are right for every layer.
/// </summary>
public sealed record LayerTraits
{
    /// <summary>The cautious answers.</summary>
    public static LayerTraits Default { get; } = new();

    /// <summary>
    /// Whether the output may be written over the input, and the gradient of the input over that of the output. Default false. In training
    /// this is made use of only where no backward pass reads what stood there.
    /// </summary>
    public bool WorksInPlace { get; init; }

    /// <summary>Which activations the backward pass reads; the others may have been overwritten. Default both.</summary>
    public BackwardNeeds BackwardNeeds { get; init; } = BackwardNeeds.Input | BackwardNeeds.Output;

    /// <summary>
    /// Whether the backward pass leaves the gradient of the output as it was, unless it is told to write the gradient of the input over it.
    /// A layer that needs that gradient elsewhere too then copies nothing. Default false.
    /// </summary>
    public bool KeepsOutputGradient { get; init; }

    /// <summary>
    /// Whether the layer passes on what it is given, numbers forward and gradients backward, and has no parameters, as
    /// <see cref="Flatten"/> does. At the front of a <see cref="Sequential"/> it is then not run at all, and the layer behind it is the
    /// first. Default false.
    /// </summary>
    public bool IsPassThrough { get; init; }

    /// <summary>
    /// Whether the forward pass writes <c>max(0, x)</c> of every element, as <see cref="Kernels.Elementwise.Activations.Relu"/> has it, in
    /// training and in inference, and does nothing else. Then a layer before it that is an <see cref="IFusesRelu{T}"/> may do it, where
    /// this one <see cref="WorksInPlace"/>. Default false.
    /// </summary>
    public bool IsRelu { get; init; }

    /// <summary>
    /// Whether the layer reads an input of bytes too, forward and backward, with the bits that it has for the numbers that they stand for.
    /// Default false: the layer is given numbers. The gradient of an input of bytes is never asked for.
    /// </summary>
    public bool ReadsBytes { get; init; }
}
