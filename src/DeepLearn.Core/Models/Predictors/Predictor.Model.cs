using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models.Specifications;
using DeepLearn.Tensors;

namespace DeepLearn.Models.Predictors;

/// <summary>
/// A trained model as one object that predicts: it takes data as a user has it (numbers, named values, a record, bytes of an image, a
/// table, a data set) and returns the answer in the user's terms (a class with its name and probability, labels, numbers in the targets'
/// units). Preprocessing and normalization are those of the model's card, and are always applied.
/// </summary>
/// <remarks>
/// Any number of threads may call it at once, on the one set of weights, while nobody trains the model. A prediction has the same bits in a
/// batch of any size and on any number of threads. The overloads with a destination allocate nothing after the first call of their size.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// trainer.Run();
/// var predictor = new Predictor&lt;float&gt;(model);
/// foreach (ClassProbability guess in predictor.Predict(test.Bytes(0).Span).Top(3))
///     Console.WriteLine($"{guess.Name}: {guess.Probability:p1}");
/// </code></example>
public sealed partial class Predictor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of examples between two checks of the cancellation token.</summary>
    private const int Chunk = 64;

    private readonly ExampleReader<T> _reader;
    private readonly ScoreFinish<T> _finish;
    private readonly WorkerPool _workers;
    private readonly ReusedParts<Matrix<T>> _examples = new(static matrix => matrix.Rows);
    private readonly ReusedParts<Matrix<T>> _outputs = new(static matrix => matrix.Rows);
    private readonly T[] _scale;
    private readonly T[] _offset;

    /// <summary>A predictor of a model.</summary>
    /// <param name="model">The model, which is not copied.</param>
    /// <param name="card">What goes with its weights; null for the model's own card.</param>
    /// <param name="workers">The threads that large batches use; the caller disposes of them. Null for the calling thread alone.</param>
    /// <exception cref="ArgumentException">The card does not say what the model predicts, or does not fit the model.</exception>
    public Predictor(Model<T> model, ModelCard? card = null, WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        card ??= model.Card;
        card.RequireFit(model.InputShape, model.OutputShape);
        Model = model;
        Card = card;
        Task = card.Task ?? throw new ArgumentException(
            "The model's card does not say what its outputs mean. A trainer writes it there; otherwise set it, as in model.Card = "
            + $"model.Card with {{ {nameof(ModelCard.Task)} = {nameof(PredictionTask)}.{nameof(PredictionTask.Multiclass)}"
            + $"({model.OutputShape.Count}) }}.",
            nameof(card));
        _reader = new(card, model.InputShape);
        _finish = new(card, Task);
        _workers = workers ?? WorkerPool.Single;
        _scale = _reader.Transform is { } transform ? transform.Scale.ToArray() : Filled(T.One);
        _offset = _reader.Transform is { } same ? same.Offset.ToArray() : Filled(T.Zero);

        T[] Filled(T value)
        {
            var array = new T[model.InputShape.Count];
            array.AsSpan().Fill(value);
            return array;
        }
    }

    /// <summary>The model.</summary>
    public Model<T> Model { get; }

    /// <summary>What goes with its weights.</summary>
    public ModelCard Card { get; }

    /// <summary>What it predicts.</summary>
    public PredictionTask Task { get; }

    /// <summary>
    /// The number of values of an example: the columns of the table where the card has a preprocessing, else the network's inputs.
    /// </summary>
    public int InputCount => _reader.Columns;

    /// <summary>The names of an example's values, in order; empty if they are not known.</summary>
    public IReadOnlyList<string> InputNames => _reader.Names;

    /// <summary>
    /// The number of numbers that a prediction writes to a destination: a probability for each class or label (of two classes by one
    /// output, that of class 1 alone), or the numbers.
    /// </summary>
    public int OutputCount => Model.OutputShape.Count;

    /// <summary>The names of the classes, labels or numbers, in order; empty if they are not known.</summary>
    public ValueList<string> OutputNames => _finish.Names;

    /// <summary>Saves the model with this predictor's card.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="ArgumentException">A layer or an initializer has no written form. Nothing has been written then.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(string path, SpecificationFormats? formats = null) => ModelFile.Save(Model, Card, path, formats);

    /// <summary>
    /// A predictor of the same model whose probabilities fit a validation set best: scores are divided by a temperature before they become
    /// probabilities, which changes no order of classes (Guo, Pleiss, Sun and Weinberger, 2017).
    /// </summary>
    /// <param name="validation">
    /// Examples with classes or labels that the model was not trained on, at least one. Each counts by its weight, as in a loss.
    /// </param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="InvalidOperationException">The model predicts numbers.</exception>
    /// <exception cref="ArgumentException">The data set is empty, or its weights are all 0, or it does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Predictor<T> Calibrated(Dataset validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(validation);
        if (Task.Kind == TaskKind.Regression)
            throw new InvalidOperationException("Numbers have no probabilities to calibrate.");
        if (validation.Count == 0)
            throw new ArgumentException("A temperature is fitted on at least one example; found none.", nameof(validation));
        if (!validation.Weights.IsEmpty && !validation.Weights.ContainsAnyExcept(0))
        {
            throw new ArgumentException(
                "A temperature is fitted on at least one example of a weight above 0; found none.", nameof(validation));
        }
        if (Card.ClassNames.Count > 0 && validation.Description.ClassNames.Count > 0)
        {
            validation = validation.AlignedTo(
                validation.Description with { Classes = Card.ClassNames.Count, ClassNames = Card.ClassNames });
        }
        bool hasLabels = Task.Classes > 0 && validation.Classes > 0;
        if ((hasLabels && validation.Classes > Task.Classes) || (!hasLabels && validation.TargetWidth != OutputCount))
        {
            throw new ArgumentException(
                $"The validation set of {Task} has labels of as many classes, or as many targets; found {validation.Classes} classes and "
                + $"{validation.TargetWidth} targets.",
                nameof(validation));
        }
        var scores = new Matrix<T>(validation.Count, OutputCount);
        Score(validation, scores.View, cancellationToken, static (_, _) => { });
        double[] numbers = [.. scores.AsSpan().ToArray().Select(double.CreateChecked)];
        if (!numbers.All(double.IsFinite))
            throw new ArgumentException("The network's outputs for the validation set are not finite.", nameof(validation));
        double temperature = hasLabels && Task.Kind == TaskKind.Multiclass
            ? TemperatureFit.OfClasses(numbers, validation.Labels, validation.Weights)
            : TemperatureFit.OfLabels(
                numbers, hasLabels ? [.. validation.Labels.ToArray().Select(label => (double)label)] : Targets(), validation.Weights);
        return new(Model, Card with { Temperature = temperature }, _workers);

        double[] Targets()
        {
            var targets = new Matrix<double>(validation.Count, OutputCount);
            validation.GatherTargets([.. Enumerable.Range(0, validation.Count)], targets.View);
            return targets.AsSpan().ToArray();
        }
    }

    /// <summary>The task, and the model that predicts it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Task} by {Model}");
}
