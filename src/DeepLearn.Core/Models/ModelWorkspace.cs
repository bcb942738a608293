using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// The working memory of one caller of a model: activations, their gradients and scratch, sized to the largest batch. Passes through it
/// allocate nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// // The gradient of the first score by the pixels of an image.
/// ModelWorkspace&lt;float&gt; workspace = model.CreateWorkspace(capacity: 1, RunMode.Training);
/// var image = new Matrix&lt;float&gt;(1, model.InputShape.Count);
/// var inputGradient = new Matrix&lt;float&gt;(1, model.InputShape.Count);
/// workspace.Forward(image);
/// workspace.OutputGradient.Fill(0);
/// workspace.OutputGradient[0, 0] = 1;
/// workspace.Backward(image, inputGradient);
/// </code></example>
public sealed class ModelWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerWorkspace<T> _layer;
    private readonly Matrix<T> _outputs;
    private readonly Matrix<T> _outputGradient;
    private GradientTarget<T>[]? _writing;
    private int _batch;

    internal ModelWorkspace(Model<T> model, int capacity, RunMode mode, WorkerPool workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Model = model;
        Capacity = capacity;
        Mode = mode;
        _layer = model.Runtime.CreateWorkspace(capacity, mode, workers);
        _outputs = new(capacity, model.OutputShape.Count);
        _outputGradient = new(mode == RunMode.Training ? capacity : 0, model.OutputShape.Count);
    }

    /// <summary>The model that it serves.</summary>
    public Model<T> Model { get; }

    /// <summary>The largest number of examples in a pass.</summary>
    public int Capacity { get; }

    /// <summary>What the passes are for.</summary>
    public RunMode Mode { get; }

    /// <summary>The bytes of all its buffers.</summary>
    public unsafe long MemoryInBytes => ((_outputs.Count + _outputGradient.Count) * (long)sizeof(T)) + _layer.MemoryInBytes;

    /// <summary>The outputs of the last forward pass, <c>[batch, outputs]</c>, until the next one.</summary>
    public ReadOnlyMatrixView<T> Outputs => _outputs.SliceRows(0, _batch);

    /// <summary>
    /// The gradient with respect to the last forward pass's outputs, <c>[batch, outputs]</c>: the loss writes it, the backward pass reads
    /// it.
    /// </summary>
    public MatrixView<T> OutputGradient => _outputGradient.SliceRows(0, _batch);

    /// <summary>Sets the key of the random numbers, such as dropout's, that the next training pass draws.</summary>
    /// <param name="noise">The key, different for every step.</param>
    public void SetNoise(RandomKey noise) => _layer.SetNoise(noise);

    /// <summary>Runs the network.</summary>
    /// <param name="examples">
    /// The examples, <c>[batch, features]</c>, at most <see cref="Capacity"/>: numbers or, where <see cref="Model{T}.ReadsBytes"/>, bytes.
    /// </param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in memory of this workspace, until the next pass.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">
    /// There are none, more than the capacity, or they are bytes that the model does not read.
    /// </exception>
    public ReadOnlyMatrixView<T> Forward(LayerInput<T> examples)
    {
        Model.CheckInput(examples);
        if (examples.Rows < 1 || examples.Rows > Capacity)
            throw new ArgumentException($"A pass takes 1 to {Capacity} examples; found {examples.Rows}.", nameof(examples));
        _batch = examples.Rows;
        Model.Runtime.Forward(examples, _outputs.SliceRows(0, _batch), _layer);
        return Outputs;
    }

    /// <summary>Runs the network on a batch, which gives bytes or numbers, whichever the model reads.</summary>
    /// <param name="batch">The examples, at most <see cref="Capacity"/>.</param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in memory of this workspace, until the next pass.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">There are none, or more than the capacity.</exception>
    public ReadOnlyMatrixView<T> Forward(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Forward(batch.InputFor(Model.ReadsBytes));
    }

    /// <summary>
    /// Runs the network backward from <see cref="OutputGradient"/>, which is overwritten: each parameter's gradient goes to its
    /// <see cref="Parameter{T}.Gradient"/>.
    /// </summary>
    /// <param name="examples">The examples of the last forward pass.</param>
    /// <param name="inputGradient">Where the gradient with respect to the examples goes; empty, the default, if it is not wanted.</param>
    /// <exception cref="InvalidOperationException">The workspace is for inference.</exception>
    /// <exception cref="ArgumentException">The shapes are not those of the last forward pass, or bytes are to have a gradient.</exception>
    public void Backward(LayerInput<T> examples, MatrixView<T> inputGradient = default) =>
        Backward(examples, _writing ??= GradientTargets<T>.Writing(Model.Parameters), inputGradient);

    /// <summary>
    /// Runs the network backward from <see cref="OutputGradient"/>, which is overwritten: each parameter's gradient goes where its target
    /// says, which may be the value itself.
    /// </summary>
    /// <param name="examples">The examples of the last forward pass.</param>
    /// <param name="gradients">Where the gradients go, in the order of the model's parameters.</param>
    /// <param name="inputGradient">Where the gradient with respect to the examples goes; empty, the default, if it is not wanted.</param>
    /// <exception cref="InvalidOperationException">The workspace is for inference.</exception>
    /// <exception cref="ArgumentException">
    /// The shapes are not those of the last forward pass, there are not as many targets as parameters, or bytes are to have a gradient.
    /// </exception>
    public void Backward(LayerInput<T> examples, GradientTargets<T> gradients, MatrixView<T> inputGradient = default)
    {
        if (Mode != RunMode.Training)
            throw new InvalidOperationException("A workspace for inference cannot run backward; create one for training.");
        Model.CheckInput(examples);
        if (examples.Rows != _batch)
            throw new ArgumentException($"The last forward pass had {_batch} examples; found {examples.Rows}.", nameof(examples));
        if (gradients.Count != Model.Parameters.Count)
        {
            throw new ArgumentException(
                $"{Model.Parameters.Count} parameters have as many targets; found {gradients.Count}.", nameof(gradients));
        }
        if (!inputGradient.IsEmpty)
        {
            if (examples.IsBytes)
                throw new ArgumentException("Bytes have no gradient; run the network on numbers.", nameof(inputGradient));
            if (inputGradient.Rows != examples.Rows || inputGradient.Columns != examples.Columns)
            {
                throw new ArgumentException(
                    $"The gradient of examples {examples.ToString()} has their shape; found "
                    + $"{inputGradient.ToString()}.", nameof(inputGradient));
            }
        }
        Model.Runtime.Backward(examples, Outputs, OutputGradient, inputGradient, gradients, _layer);
    }
}
