using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of a <see cref="Layer"/>: it owns the parameters; whoever runs it brings the activations and a <see
/// cref="LayerWorkspace{T}"/>.
/// </summary>
/// <remarks>
/// An activation is a matrix <c>[batch, features]</c>, one row for each example; an image's features are in the order height, width,
/// channels. The passes allocate nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The runtime between two shapes.</summary>
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

    /// <summary>What training changes, in a fixed order. By default nothing.</summary>
    public virtual IReadOnlyList<Parameter<T>> Parameters => [];

    /// <summary>What is saved with the model besides the parameters, in a fixed order. By default nothing.</summary>
    public virtual IReadOnlyList<StateBuffer<T>> Buffers => [];

    /// <summary>
    /// Whether the output may be written over the input, and the gradient of the input over that of the output. By default not. In
    /// training this is made use of only where the backward pass does not read the input.
    /// </summary>
    public virtual bool WorksInPlace => false;

    /// <summary>
    /// Whether the backward pass leaves the gradient of the output as it was, unless it is told to write the gradient of the input over
    /// it. A layer that needs that gradient elsewhere too then copies nothing. By default not.
    /// </summary>
    public virtual bool KeepsOutputGradient => false;

    /// <summary>Which activations the backward pass reads. By default both.</summary>
    public virtual BackwardNeeds BackwardNeeds => BackwardNeeds.Input | BackwardNeeds.Output;

    /// <summary>
    /// Whether the forward pass writes <c>max(0, x)</c> of every element, as <see cref="Kernels.Elementwise.Activations.Relu"/> has it,
    /// in training and in inference, and does nothing else: then the layer before may do it by <see cref="TryAbsorb"/>, where this one
    /// <see cref="WorksInPlace"/>. By default not.
    /// </summary>
    public virtual bool IsRelu => false;

    /// <summary>
    /// Lets the layer do the forward pass of the one that follows it as it writes its own output, as a matrix product does a ReLU.
    /// The follower's forward pass is then not run; its backward pass is. By default it does not.
    /// </summary>
    /// <remarks>
    /// It is asked once, when a <see cref="Sequential"/> is built, and from then on every forward pass does both. What the follower does is
    /// told by its public members alone, such as <see cref="IsRelu"/>: the library's own layers ask no more than that either.
    /// </remarks>
    /// <param name="next">The layer that follows, which works in place.</param>
    /// <returns>Whether it takes over.</returns>
    public virtual bool TryAbsorb(LayerRuntime<T> next) => false;

    /// <summary>
    /// Whether the layer takes examples as rows of bytes too, where it is the first: it then overrides the passes that do. By default not,
    /// and is given numbers.
    /// </summary>
    public virtual bool TakesBytes => false;

    /// <summary>
    /// Whether the layer hands on what it is given, numbers forward and gradients backward, and has no parameters, as <see cref="Flatten"/>
    /// does. At the front of a <see cref="Sequential"/> it is then not run at all, and the layer behind it is the first. By default not.
    /// </summary>
    public virtual bool HandsOn => false;

    /// <summary>Makes the working memory of one caller.</summary>
    /// <param name="capacity">The largest number of examples in a pass, at least 1.</param>
    /// <param name="mode">What the passes are for.</param>
    /// <param name="workers">The threads to use.</param>
    public virtual LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) => new(capacity, mode, workers);

    /// <summary>Computes the layer's output.</summary>
    /// <param name="input">The activations before the layer, <c>[batch, features in]</c>.</param>
    /// <param name="output">The activations after it, <c>[batch, features out]</c>, all of which is written.</param>
    /// <param name="workspace">A workspace that <see cref="CreateWorkspace"/> of this layer made.</param>
    public abstract void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace);

    /// <summary>
    /// Computes the gradients of the parameters, which go to their <see cref="Parameter{T}.Target"/>, and of the input, from that of the
    /// output. It follows a forward pass in training with the same workspace. A <see cref="Sequential"/> leaves it out where it would give
    /// neither: before the first layer that has parameters, unless the gradient of its own input is wanted.
    /// </summary>
    /// <param name="input">The activations before the layer; to be read only where <see cref="BackwardNeeds"/> says so.</param>
    /// <param name="output">The activations after it; to be read only where <see cref="BackwardNeeds"/> says so.</param>
    /// <param name="outputGradient">
    /// The gradient of the loss with respect to the output, <c>[batch, features out]</c>; it may be overwritten.
    /// </param>
    /// <param name="inputGradient">
    /// Where the gradient with respect to the input goes, <c>[batch, features in]</c>; empty where nobody wants it.
    /// </param>
    /// <param name="workspace">The workspace of the forward pass.</param>
    public abstract void Backward(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        LayerWorkspace<T> workspace);

    /// <summary>Computes the layer's output of examples in bytes: the same bits as of the numbers that they stand for.</summary>
    /// <param name="input">The examples, <c>[batch, features in]</c>.</param>
    /// <param name="output">The activations after the layer, <c>[batch, features out]</c>, all of which is written.</param>
    /// <param name="workspace">A workspace that <see cref="CreateWorkspace"/> of this layer made.</param>
    /// <exception cref="NotSupportedException">The layer does not <see cref="TakesBytes"/>.</exception>
    public virtual void Forward(in ByteRows<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        throw new NotSupportedException($"{GetType().Name} takes numbers only.");

    /// <summary>Computes the gradients of the parameters after a forward pass of examples in bytes, whose own gradient nobody wants.</summary>
    /// <param name="input">The examples.</param>
    /// <param name="output">The activations after the layer; to be read only where <see cref="BackwardNeeds"/> says so.</param>
    /// <param name="outputGradient">The gradient of the loss with respect to the output; it may be overwritten.</param>
    /// <param name="workspace">The workspace of the forward pass.</param>
    /// <exception cref="NotSupportedException">The layer does not <see cref="TakesBytes"/>.</exception>
    public virtual void Backward(
        in ByteRows<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, LayerWorkspace<T> workspace) =>
        throw new NotSupportedException($"{GetType().Name} takes numbers only.");
}
