namespace DeepLearn.Layers;

/// <summary>
/// What a layer declares about its passes, so that a <see cref="Sequential"/> can save memory and work. The defaults are right for every
/// layer; every other value is a promise that the layer keeps. An immutable value, the same for the whole life of a runtime.
/// </summary>
public sealed record LayerTraits
{
    /// <summary>The defaults, which are right for every layer.</summary>
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
    /// Whether the layer is a pass-through, as <see cref="Flatten"/> is: it changes no number forward and no gradient backward, and has no
    /// parameters. At the front of a <see cref="Sequential"/> it is then not run at all. Default false.
    /// </summary>
    public bool IsPassThrough { get; init; }

    /// <summary>
    /// Whether the forward pass writes <c>max(0, x)</c> of every element, as <see cref="Kernels.Elementwise.Activations.Relu"/> has it, in
    /// training and in inference, and does nothing else, with a derivative of 0 where that is not above 0. It can then be fused into the
    /// layer before, where that is an <see cref="IFusesRelu{T}"/> (an <see cref="IFusesReluBackward{T}"/> does its backward pass too) and
    /// this one <see cref="WorksInPlace"/>. Default false.
    /// </summary>
    public bool IsRelu { get; init; }

    /// <summary>
    /// Whether the layer also takes an input of bytes, forward and backward, with the same result, bit for bit, as for the numbers that the
    /// bytes stand for. Default false: the layer is given numbers. The gradient of an input of bytes is never asked for.
    /// </summary>
    public bool ReadsBytes { get; init; }
}
