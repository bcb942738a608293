using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// A network with its parameters. Many callers may run it forward at once, each with a <see cref="ModelWorkspace{T}"/> of its own; one
/// at a time trains it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Model<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Model(Layer network, LayerRuntime<T> runtime)
    {
        Network = network;
        Runtime = runtime;
        string? twice = Parameters.Select(parameter => parameter.Name).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"Every parameter of a model has a name of its own; found two of {twice}.");
    }

    /// <summary>What the network is.</summary>
    public Layer Network { get; }

    /// <summary>The shape of one example.</summary>
    public Shape InputShape => Runtime.InputShape;

    /// <summary>The shape of one example's output.</summary>
    public Shape OutputShape => Runtime.OutputShape;

    /// <summary>What training changes, in a fixed order: layer by layer, weights before biases.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => Runtime.Parameters;

    /// <summary>What is saved besides the parameters, such as moving averages, in a fixed order.</summary>
    public IReadOnlyList<StateBuffer<T>> Buffers => Runtime.Buffers;

    /// <summary>The number of numbers that training changes.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Value.Count);

    /// <summary>Whether the first layer that does anything reads examples in bytes as they stand; otherwise the model is given numbers.</summary>
    public bool ReadsBytes => Runtime.Traits.ReadsBytes;

    internal LayerRuntime<T> Runtime { get; }

    /// <summary>All that is saved, by name: the parameters, then the buffers.</summary>
    internal StateBuffer<T>[] Values => [.. Parameters.Select(parameter => new StateBuffer<T>(parameter.Name, parameter.Value)), .. Buffers];

    /// <summary>Makes the working memory of one caller.</summary>
    /// <param name="capacity">The largest number of examples in a pass, at least 1.</param>
    /// <param name="mode">What the passes are for; inference needs less memory.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    public ModelWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool? workers = null) =>
        new(this, capacity, mode, workers ?? WorkerPool.Single);

    /// <summary>The network's outputs for some examples, in inference.</summary>
    /// <param name="examples">The examples, <c>[batch, features]</c>.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in a matrix of the caller's own.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    public Matrix<T> Predict(ReadOnlyMatrixView<T> examples, WorkerPool? workers = null)
    {
        CheckInput(examples);
        var outputs = new Matrix<T>(examples.Rows, OutputShape.Count);
        if (examples.Rows == 0)
            return outputs;
        int capacity = Math.Min(examples.Rows, 1024);
        ModelWorkspace<T> workspace = CreateWorkspace(capacity, RunMode.Inference, workers);
        for (int first = 0; first < examples.Rows; first += capacity)
        {
            int count = Math.Min(capacity, examples.Rows - first);
            workspace.Forward(examples.SliceRows(first, count)).CopyTo(outputs.SliceRows(first, count));
        }
        return outputs;
    }

    /// <summary>How the network's layers are run: a value that can be printed; null where the network is a single layer without a plan.</summary>
    /// <param name="mode">What the passes are for.</param>
    public ExecutionPlan? PlanFor(RunMode mode) => Runtime.PlanFor(mode);

    internal void CheckInput(LayerInput<T> examples)
    {
        if (examples.Columns != InputShape.Count)
            throw new ShapeMismatchException($"The model takes examples of {InputShape}, {InputShape.Count} numbers each; found {examples.ToString()}.");
        if (examples.IsBytes && !ReadsBytes)
        {
            throw new ArgumentException(
                $"The first layer of this model reads numbers; found {examples.ToString()}. A batch gives what a model reads.", nameof(examples));
        }
    }
}
