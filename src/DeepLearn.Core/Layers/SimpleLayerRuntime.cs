using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of a layer in its simplest form: you write two passes over numbers and, where the layer has parameters,
/// <see cref="LayerRuntime{T}.Parameters"/>. This class does everything else that the library asks of a layer.
/// </summary>
/// <remarks>
/// A layer that wants more (to work in place, to divide its work among threads, to read bytes) derives from <see cref="LayerRuntime{T}"/>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="input">The shape of one example before the layer.</param>
/// <param name="output">The shape of one example after it.</param>
/// <example><code>
/// using System.Numerics;
/// using DeepLearn.Kernels.Elementwise;
///
/// // What a layer 'Scale' makes: y = factor * x.
/// sealed class ScaleRuntime&lt;T&gt;(Shape shape, double factor) : SimpleLayerRuntime&lt;T&gt;(shape, shape)
///     where T : unmanaged, IBinaryFloatingPointIeee754&lt;T&gt;
/// {
///     protected override void Forward(ReadOnlyMatrixView&lt;T&gt; input, MatrixView&lt;T&gt; output)
///     {
///         for (int row = 0; row &lt; input.Rows; row++)
///             Arithmetic.Scale(input.Row(row), T.CreateChecked(factor), output.Row(row));
///     }
///
///     protected override void Backward(
///         ReadOnlyMatrixView&lt;T&gt; input,
///         ReadOnlyMatrixView&lt;T&gt; output,
///         ReadOnlyMatrixView&lt;T&gt; outputGradient,
///         MatrixView&lt;T&gt; inputGradient)
///     {
///         for (int row = 0; row &lt; input.Rows; row++)
///             Arithmetic.Scale(outputGradient.Row(row), T.CreateChecked(factor), inputGradient.Row(row));
///     }
/// }
/// </code></example>
public abstract class SimpleLayerRuntime<T>(Shape input, Shape output) : LayerRuntime<T>(input, output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // It is given the gradient of the output to read, and cannot change it.
    private static readonly LayerTraits ReadsAll = new() { KeepsOutputGradient = true };

    /// <inheritdoc/>
    public sealed override LayerTraits Traits => ReadsAll;

    /// <inheritdoc/>
    public sealed override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Workspace(this, capacity, mode, workers);

    /// <inheritdoc/>
    public sealed override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output);

    /// <inheritdoc/>
    public sealed override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        IReadOnlyList<Parameter<T>> parameters = Parameters;
        if (inputGradient.IsEmpty)
        {
            if (!gradients.AnyIsWanted)
                return;
            inputGradient = ((Workspace)workspace).Unwanted.SliceRows(0, input.Rows);
        }
        for (int i = 0; i < parameters.Count; i++)
            parameters[i].Gradient.AsSpan().Clear();
        Backward(input.Numbers, output, outputGradient, inputGradient);
        for (int i = 0; i < parameters.Count; i++)
            gradients[i].Write(parameters[i].Gradient);
    }

    /// <summary>Computes the output.</summary>
    /// <param name="input">The activations before the layer, <c>[batch, features in]</c>.</param>
    /// <param name="output">The activations after it, <c>[batch, features out]</c>, all of which is written.</param>
    protected abstract void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output);

    /// <summary>
    /// Computes the gradient of the input, which is written over whatever stands there, and that of each parameter, a sum over the batch,
    /// in <see cref="Parameter{T}.Gradient"/>, which holds zeros when the pass begins: adding to it and writing it are the same. It
    /// follows a forward pass with the same input.
    /// </summary>
    /// <param name="input">The activations before the layer.</param>
    /// <param name="output">The activations after it.</param>
    /// <param name="outputGradient">The gradient of the loss with respect to the output, <c>[batch, features out]</c>.</param>
    /// <param name="inputGradient">Where that with respect to the input goes, <c>[batch, features in]</c>, all of which is written.</param>
    protected abstract void Backward(
        ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient);

    private sealed class Workspace : LayerWorkspace<T>
    {
        public Workspace(SimpleLayerRuntime<T> owner, int capacity, RunMode mode, WorkerPool workers)
            : base(capacity, mode, workers)
        {
            bool learns = mode == RunMode.Training && owner.Parameters.Count > 0;
            Unwanted = new(learns ? capacity : 0, owner.InputShape.Count);
            if (learns)
            {
                foreach (Parameter<T> parameter in owner.Parameters)
                    _ = parameter.Gradient; // made here, so that the passes allocate nothing
            }
        }

        /// <summary>Where the gradient of the input goes when nobody wants it.</summary>
        public Matrix<T> Unwanted { get; }

        public override unsafe long MemoryInBytes => sizeof(T) * (long)Unwanted.Count;
    }
}
