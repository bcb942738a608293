using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of a <see cref="Layer"/>. It owns the parameters; the caller brings the activations and a <see cref="LayerWorkspace{T}"/>.
/// This is the expert's contract: a first layer of your own is easier as a <see cref="SimpleLayerRuntime{T}"/>.
/// </summary>
/// <remarks>
/// An activation is a matrix <c>[batch, features]</c>, one row for each example; an image's features are in the order height, width,
/// channels. The passes allocate nothing. What only some layers can do is told by <see cref="Traits"/> and by <see cref="IFusesRelu{T}"/>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the two shapes.</summary>
    /// <param name="input">The shape of one example before the layer.</param>
    /// <param name="output">The shape of one example after it.</param>
    protected LayerRuntime(Shape input, Shape output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        InputShape = input;
        OutputShape = output;
    }

    /// <summary>The shape of one example before the layer.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one example after the layer.</summary>
    public Shape OutputShape { get; }

    /// <summary>The parameters, which training changes, in a fixed order. By default none.</summary>
    public virtual IReadOnlyList<Parameter<T>> Parameters => [];

    /// <summary>The numbers that are saved with the model besides the parameters, in a fixed order. By default none.</summary>
    public virtual IReadOnlyList<StateBuffer<T>> Buffers => [];

    /// <summary>What the layer declares of its passes; always the same value. By default the cautious answers.</summary>
    public virtual LayerTraits Traits => LayerTraits.Default;

    /// <summary>How a layer of layers runs them; null, the default, for one that has no such plan.</summary>
    /// <param name="mode">What the passes are for.</param>
    public virtual ExecutionPlan? PlanFor(RunMode mode) => null;

    /// <summary>Makes the working memory of one caller.</summary>
    /// <param name="capacity">The largest number of examples in a pass, at least 1.</param>
    /// <param name="mode">What the passes are for.</param>
    /// <param name="workers">The threads to use.</param>
    public virtual LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) => new(capacity, mode, workers);

    /// <summary>Computes the layer's output.</summary>
    /// <param name="input">
    /// The activations before the layer, <c>[batch, features in]</c>: numbers, unless <see cref="Traits"/> say that it reads bytes too.
    /// </param>
    /// <param name="output">The activations after it, <c>[batch, features out]</c>, all of which is written.</param>
    /// <param name="workspace">A workspace that <see cref="CreateWorkspace"/> of this layer made.</param>
    public abstract void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace);

    /// <summary>
    /// Computes the gradients of the parameters and of the input from the gradient of the output. It is called after a forward pass in
    /// training with the same workspace. A <see cref="Sequential"/> does not call it where nobody wants either: before the first layer of
    /// whose parameters a gradient is wanted, unless that of the input is.
    /// </summary>
    /// <param name="input">The activations before the layer; to be read only where <see cref="Traits"/> say so.</param>
    /// <param name="output">The activations after it; to be read only where <see cref="Traits"/> say so.</param>
    /// <param name="outputGradient">
    /// The gradient of the loss with respect to the output, <c>[batch, features out]</c>; it may be overwritten.
    /// </param>
    /// <param name="inputGradient">
    /// Where the gradient with respect to the input goes, <c>[batch, features in]</c>; empty where nobody wants it.
    /// </param>
    /// <param name="gradients">
    /// Where the gradients of the parameters go, in the order of <see cref="Parameters"/>. A target may be the value itself, so that
    /// writing to it is the last use of the value; a layer that cannot do so computes the gradient into <see cref="Parameter{T}.Gradient"/>
    /// and hands it to <see cref="GradientTarget{T}.Write(Matrix{T})"/> at the end. A gradient that nobody wants
    /// (<see cref="GradientTarget{T}.IsWanted"/>), that of a frozen parameter, need not be computed.
    /// </param>
    /// <param name="workspace">The workspace of the forward pass.</param>
    public abstract void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace);
}
