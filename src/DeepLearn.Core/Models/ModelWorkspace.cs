using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// The working memory of one caller of a model: activations, their gradients and scratch, sized to the largest batch. Passes through it
/// allocate nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ModelWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerWorkspace<T> _layer;
    private readonly Matrix<T> _outputs;
    private readonly Matrix<T> _outputGradient;
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

    /// <summary>The model that it is for.</summary>
    public Model<T> Model { get; }

    /// <summary>The largest number of examples in a pass.</summary>
    public int Capacity { get; }

    /// <summary>What the passes are for.</summary>
    public RunMode Mode { get; }

    /// <summary>The bytes of all its buffers.</summary>
    public unsafe long MemoryInBytes => ((_outputs.Count + _outputGradient.Count) * (long)sizeof(T)) + _layer.MemoryInBytes;

    /// <summary>The outputs of the last forward pass, <c>[batch, outputs]</c>, until the next one.</summary>
    public ReadOnlyMatrixView<T> Outputs => _outputs.SliceRows(0, _batch);

    /// <summary>Where the loss writes the gradient of the last forward pass's outputs, <c>[batch, outputs]</c>, for <see cref="Backward(ReadOnlyMatrixView{T}, MatrixView{T})"/>.</summary>
    public MatrixView<T> OutputGradient => _outputGradient.SliceRows(0, _batch);

    /// <summary>Names the random numbers (dropout's) of the next pass in training.</summary>
    /// <param name="noise">The key, different for every step.</param>
    public void SetNoise(RandomKey noise) => _layer.SetNoise(noise);

    /// <summary>Runs the network.</summary>
    /// <param name="examples">The examples, <c>[batch, features]</c>, at most <see cref="Capacity"/>.</param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in memory of this workspace, until the next pass.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">There are none, or more than the capacity.</exception>
    public ReadOnlyMatrixView<T> Forward(ReadOnlyMatrixView<T> examples)
    {
        Model.CheckInput(examples);
        if (examples.Rows < 1 || examples.Rows > Capacity)
            throw new ArgumentException($"A pass takes 1 to {Capacity} examples; found {examples.Rows}.", nameof(examples));
        _batch = examples.Rows;
        Model.Runtime.Forward(examples, _outputs.SliceRows(0, _batch), _layer);
        return Outputs;
    }

    /// <summary>Runs the network on a batch: as on its features, and where the first layer takes bytes, without making them.</summary>
    /// <param name="batch">The examples, at most <see cref="Capacity"/>.</param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in memory of this workspace, until the next pass.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">There are none, or more than the capacity.</exception>
    public ReadOnlyMatrixView<T> Forward(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!Model.Runtime.TakesBytes || !batch.TryGetBytes(out ByteRows<T> bytes) || bytes.Columns != Model.InputShape.Count
            || batch.Count < 1 || batch.Count > Capacity)
        {
            return Forward(batch.FeaturesToRead);
        }
        _batch = batch.Count;
        Model.Runtime.Forward(bytes, _outputs.SliceRows(0, _batch), _layer);
        return Outputs;
    }

    /// <summary>Runs the network backward, as from the features of a batch.</summary>
    /// <param name="batch">The batch of the last forward pass.</param>
    /// <exception cref="InvalidOperationException">The workspace is for inference.</exception>
    /// <exception cref="ArgumentException">The shapes are not those of the last forward pass.</exception>
    public void Backward(Batch<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!Model.Runtime.TakesBytes || !batch.TryGetBytes(out ByteRows<T> bytes) || bytes.Columns != Model.InputShape.Count
            || batch.Count != _batch || Mode != RunMode.Training)
        {
            Backward(batch.FeaturesToRead);
            return;
        }
        Model.Runtime.Backward(bytes, Outputs, OutputGradient, _layer);
    }

    /// <summary>
    /// Runs the network backward from <see cref="OutputGradient"/>, which is overwritten: the gradients of the parameters go to their targets.
    /// </summary>
    /// <param name="examples">The examples of the last forward pass.</param>
    /// <param name="inputGradient">Where the gradient with respect to the examples goes; empty, the default, where nobody wants it.</param>
    /// <exception cref="InvalidOperationException">The workspace is for inference.</exception>
    /// <exception cref="ArgumentException">The shapes are not those of the last forward pass.</exception>
    public void Backward(ReadOnlyMatrixView<T> examples, MatrixView<T> inputGradient = default)
    {
        if (Mode != RunMode.Training)
            throw new InvalidOperationException("A workspace for inference cannot run backward; create one for training.");
        Model.CheckInput(examples);
        if (examples.Rows != _batch)
            throw new ArgumentException($"The last forward pass had {_batch} examples; found {examples.Rows}.", nameof(examples));
        if (!inputGradient.IsEmpty && (inputGradient.Rows != examples.Rows || inputGradient.Columns != examples.Columns))
            throw new ArgumentException($"The gradient of examples {examples.ToString()} has their shape; found {inputGradient.ToString()}.", nameof(inputGradient));
        Model.Runtime.Backward(examples, Outputs, OutputGradient, inputGradient, _layer);
    }
}
