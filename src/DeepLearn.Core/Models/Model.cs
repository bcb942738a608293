using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// A network with its parameters. Many callers may run it forward at once, each with a <see cref="ModelWorkspace{T}"/> of its own; one at a
/// time trains it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// Model&lt;float&gt; model = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build&lt;float&gt;(inputShape: 4, seed: 1);
/// Matrix&lt;float&gt; scores = model.Predict(Matrix&lt;float&gt;.FromArray(new float[,] { { 5.1f, 3.5f, 1.4f, 0.2f } }));
/// Console.WriteLine($"{scores.Rows} x {scores.Columns}");    // prints 1 x 3
/// </code></example>
public sealed class Model<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PredictionWorkspaces<T> _predictions;

    // By the pool of threads, which is not kept in memory by it.
    private readonly ConditionalWeakTable<WorkerPool, PredictionWorkspaces<T>> _predictionsOf = [];

    internal Model(Layer network, LayerRuntime<T> runtime)
    {
        Network = network;
        Runtime = runtime;
        _predictions = new(runtime, WorkerPool.Single);
        string? twice =
            Parameters.Select(parameter => parameter.Name).GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw new ArgumentException($"Every parameter of a model has a name of its own; found two of {twice}.");
    }

    /// <summary>The specification of the network.</summary>
    public Layer Network { get; }

    /// <summary>
    /// What goes with the weights: what inputs have to go through first, what the outputs mean, how the model came about. A trainer fills
    /// it in, and a file keeps it.
    /// </summary>
    /// <exception cref="ArgumentException">The card is not one of such a network.</exception>
    public ModelCard Card
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.RequireFit(InputShape, OutputShape);
            field = value;
        }
    } = ModelCard.Empty;

    /// <summary>The shape of one example.</summary>
    public Shape InputShape => Runtime.InputShape;

    /// <summary>The shape of one example's output.</summary>
    public Shape OutputShape => Runtime.OutputShape;

    /// <summary>The trainable parameters in a fixed order: layer by layer, weights before biases.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => Runtime.Parameters;

    /// <summary>What is saved besides the parameters, such as moving averages, in a fixed order.</summary>
    public IReadOnlyList<StateBuffer<T>> Buffers => Runtime.Buffers;

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Value.Count);

    /// <summary>
    /// Whether the first layer that computes anything reads examples as bytes, unconverted. If not, the model is given numbers.
    /// </summary>
    public bool ReadsBytes => Runtime.Traits.ReadsBytes;

    internal LayerRuntime<T> Runtime { get; }

    /// <summary>Whoever trains it; one at a time.</summary>
    internal SoleUse Training { get; } = new("The model", "Two runs that train one model would each undo what the other does.");

    /// <summary>The network, its input shape and its output shape, in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{InvariantText.Of(Network)} from {InputShape} to {OutputShape}, {ParameterCount} parameters");

    /// <summary>Everything that is saved, by name: the parameters, then the buffers.</summary>
    internal StateBuffer<T>[] Values =>
        [.. Parameters.Select(parameter => new StateBuffer<T>(parameter.Name, parameter.Value)), .. Buffers];

    /// <summary>Makes the working memory of one caller.</summary>
    /// <param name="capacity">The largest number of examples in a pass, at least 1.</param>
    /// <param name="mode">What the passes are for; inference needs less memory.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    public ModelWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool? workers = null) =>
        new(this, capacity, mode, workers ?? WorkerPool.Single);

    /// <summary>
    /// The network's outputs for some examples, in inference: scores, of examples as the network takes them. A <c>Predictor</c> normalizes
    /// examples first and makes probabilities of scores. Many threads may call it at once, while nobody trains the model.
    /// </summary>
    /// <param name="examples">
    /// The examples, <c>[batch, features]</c>, of any number: numbers or, where <see cref="ReadsBytes"/>, bytes.
    /// </param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <returns>The outputs, <c>[batch, outputs]</c>, in a matrix of the caller's own.</returns>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">The examples are bytes that the model does not read.</exception>
    public Matrix<T> Predict(LayerInput<T> examples, WorkerPool? workers = null)
    {
        CheckInput(examples);
        var outputs = new Matrix<T>(examples.Rows, OutputShape.Count);
        Predict(examples, outputs.View, workers);
        return outputs;
    }

    /// <summary>
    /// Writes the network's outputs for some examples, in inference. Many threads may call it at once, while nobody trains the model.
    /// Working memory is reused from call to call: a call with no more examples than an earlier one allocates nothing.
    /// </summary>
    /// <param name="examples">
    /// The examples, <c>[batch, features]</c>, of any number: numbers or, where <see cref="ReadsBytes"/>, bytes.
    /// </param>
    /// <param name="destination">Receives the outputs, <c>[batch, outputs]</c>; it shares no memory with the examples.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <exception cref="ShapeMismatchException">The examples are not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">
    /// The destination has another shape or shares memory with the examples, or these are bytes that the model does not read. Nothing has
    /// been written then.
    /// </exception>
    public void Predict(LayerInput<T> examples, MatrixView<T> destination, WorkerPool? workers = null)
    {
        CheckInput(examples);
        if (destination.Rows != examples.Rows || destination.Columns != OutputShape.Count)
        {
            throw new ArgumentException(
                $"The outputs of {examples.Rows} examples fill [{examples.Rows}, {OutputShape.Count}]; found {destination.ToString()}.",
                nameof(destination));
        }
        if (!examples.IsBytes)
            MatrixGuard.CheckApart(examples.Numbers, destination, nameof(examples));
        PredictionWorkspaces<T> workspaces = WorkspacesOf(workers ?? WorkerPool.Single);
        for (int first = 0, count; first < examples.Rows; first += count)
        {
            count = Math.Min(workspaces.MostAtOnce, examples.Rows - first);
            LayerWorkspace<T> workspace = workspaces.Take(count, out bool isNew);
            Runtime.Forward(examples.Slice(first, 0, count, examples.Columns), destination.SliceRows(first, count), workspace);
            workspaces.GiveBack(workspace, isNew);
        }
    }

    /// <summary>
    /// Writes the network's outputs for one example, in inference, on the calling thread. It allocates nothing after the first call.
    /// </summary>
    /// <param name="example">The example: as many numbers as the input shape has.</param>
    /// <param name="destination">Receives the outputs: as many numbers as the output shape has, in memory of its own.</param>
    /// <exception cref="ShapeMismatchException">The example is not of the model's input shape.</exception>
    /// <exception cref="ArgumentException">
    /// The destination has another length or shares memory with the example. Nothing has been written then.
    /// </exception>
    public void Predict(ReadOnlySpan<T> example, Span<T> destination) =>
        Predict(new ReadOnlyMatrixView<T>(example, 1, example.Length), new MatrixView<T>(destination, 1, destination.Length));

    /// <summary>
    /// The order and the memory in which the network's layers are run, a value that can be printed. Null if the network is a single layer
    /// without a plan.
    /// </summary>
    /// <param name="mode">What the passes are for.</param>
    public ExecutionPlan? PlanFor(RunMode mode) => Runtime.PlanFor(mode);

    internal void CheckInput(LayerInput<T> examples)
    {
        if (examples.Columns != InputShape.Count)
        {
            throw new ShapeMismatchException(
                $"The model takes examples of {InputShape}, {InputShape.Count} numbers each; found {examples.ToString()}.");
        }
        if (examples.IsBytes && !ReadsBytes)
        {
            throw new ArgumentException(
                $"The first layer of this model reads numbers; found {examples.ToString()}. A batch gives what a model "
                + "reads.", nameof(examples));
        }
    }

    private PredictionWorkspaces<T> WorkspacesOf(WorkerPool workers)
    {
        if (workers == WorkerPool.Single)
            return _predictions;
        return _predictionsOf.TryGetValue(workers, out PredictionWorkspaces<T>? known) ? known : Make(workers);

        PredictionWorkspaces<T> Make(WorkerPool workers) => _predictionsOf.GetValue(workers, pool => new(Runtime, pool));
    }
}
