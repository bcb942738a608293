using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>
/// Measures a model on whole data sets. The examples go through in chunks of a fixed size, which threads take as they come to be free; the
/// chunks' sums are added in order, so that the result depends neither on the number of threads nor on which took what. One caller at a
/// time; a second one is refused.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// trainer.Run();
/// Evaluator&lt;float&gt; evaluator = Evaluator&lt;float&gt;.Of(model, new SoftmaxCrossEntropy(), test.Description);
/// foreach ((string measure, double value) in evaluator.MeasureUsual(test))
///     Console.WriteLine($"{measure}: {value:g4}");
/// </code></example>
public sealed partial class Evaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkSize = EvaluationSweep<T>.ChunkSize;

    private readonly Model<T> _model;
    private readonly Loss _loss;
    private readonly Regularizer _regularizer;
    private readonly FeatureTransform<T>? _transform;
    private readonly WorkerPool _workers;
    private readonly DatasetDescription _description;
    private readonly EvaluationSlot<T>[] _slots;
    private readonly bool _scalesTargets;
    private readonly SoleUse _use = new("The evaluator", "Make one for each thread, or measure one set after the other.");

    /// <summary>Makes an evaluator with memory of its own for each thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss to measure.</param>
    /// <param name="regularizer">The penalty that the cost adds to it.</param>
    /// <param name="description">What an example of the data sets looks like.</param>
    /// <param name="normalization">How features are brought to a common scale; null leaves them as they are.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <param name="targetScaling">
    /// How the targets of a regression are brought to a common scale. The loss is that of the scaled targets; metrics are in the
    /// targets' own unit. Null leaves them as they are.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model does not take such examples, a scaling is of other features or targets, or the loss does not fit outputs and targets.
    /// </exception>
    public Evaluator(
        Model<T> model,
        Loss loss,
        Regularizer regularizer,
        DatasetDescription description,
        Normalization? normalization = null,
        WorkerPool? workers = null,
        Normalization? targetScaling = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(regularizer);
        ArgumentNullException.ThrowIfNull(description);
        DataFit.RequireExamples(model, description, "data");
        normalization?.RequireFit(description, nameof(normalization));
        targetScaling?.RequireTargets(description.TargetWidth, nameof(targetScaling));
        OutputFit.Require(model, loss, description.Classes, description.TargetWidth);
        _description = description;
        _model = model;
        _loss = loss;
        _regularizer = regularizer;
        _transform = normalization?.Build<T>();
        _workers = workers ?? WorkerPool.Single;
        _scalesTargets = targetScaling is not null;
        FeatureTransform<T>? scaling = targetScaling?.Build<T>();
        _slots = new EvaluationSlot<T>[_workers.Threads];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new(
                model.CreateWorkspace(ChunkSize, RunMode.Inference),
                new Batch<T>(ChunkSize, description) { TargetScaling = scaling },
                targetScaling);
        }
    }

    /// <summary>
    /// Makes an evaluator for a model that was trained or loaded: features and targets are scaled as its card says, and no penalty is
    /// added.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss to measure.</param>
    /// <param name="description">What an example of the data sets looks like: the <see cref="Dataset.Description"/> of one of them.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <exception cref="ArgumentException">The model does not take such examples, or the loss does not fit them.</exception>
    public static Evaluator<T> Of(Model<T> model, Loss loss, DatasetDescription description, WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new(model, loss, Regularizer.None, description, model.Card.Normalization, workers, model.Card.TargetScaling);
    }

    /// <summary>The bytes of its working memory.</summary>
    public unsafe long MemoryInBytes =>
        _slots.Sum(slot => slot.Workspace.MemoryInBytes + slot.Batch.MemoryInBytes) + (2L * (_transform?.Features ?? 0) * sizeof(T));

    /// <summary>Measures the model on a data set.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">The data set is empty or its examples are of another form.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model's card has a normalization or a scaling of targets, and the evaluator was made without; or another thread uses it.
    /// </exception>
    public Evaluation Evaluate(Dataset dataset, CancellationToken cancellationToken = default) =>
        Evaluate(dataset, [], cancellationToken);

    /// <summary>Measures the model on a data set, and takes further metrics in the same pass.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">
    /// The data set is empty, its examples are of another form, or a metric has no meaning for the task.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model's card has a normalization or a scaling of targets, and the evaluator was made without; or another thread uses it.
    /// </exception>
    public Evaluation Evaluate(Dataset dataset, IReadOnlyList<Metric> metrics, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(metrics);
        RequireFit(dataset);
        var accuracy = new Accuracy();
        PredictionTask task = TaskOf(dataset);
        bool hasAccuracy = accuracy.AppliesTo(task);
        MetricAccumulator[][] accumulators = Accumulators(hasAccuracy ? [accuracy, .. metrics] : metrics, task);
        double loss = Sweep(dataset, task, accumulators, cancellationToken).Sum() / dataset.Count;
        Merge(accumulators);
        MetricAccumulator[] taken = accumulators[0][(hasAccuracy ? 1 : 0)..];
        return new(
            loss + _regularizer.TotalPenalty(_model.Parameters),
            loss,
            hasAccuracy && accumulators[0][0].Value is var value and not double.NaN ? value : null,
            dataset.Count)
        {
            Metrics =
            [
                .. metrics.Select((metric, i) => new MetricValue(metric.Name, taken[i].Value)).Where(value => !double.IsNaN(value.Value)),
            ],
        };
    }

    /// <summary>What the model predicts of the examples of a data set, which decides what metrics mean anything.</summary>
    /// <param name="dataset">The data set.</param>
    public PredictionTask TaskOf(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return BatchTargets.TaskOf(dataset, _loss, _model.OutputShape.Count);
    }

    /// <summary>The measures that are usual for what is predicted of a data set, without those that do not know its weights.</summary>
    internal ValueList<Metric> UsualFor(Dataset dataset)
    {
        PredictionTask task = TaskOf(dataset);
        return [.. Metric.UsualFor(task).Where(metric => dataset.Weights.IsEmpty || metric.CreateAccumulator(task).TakesWeights)];
    }

    /// <summary>Takes the usual measures of the model on a data set: see <see cref="Metric.UsualFor"/>.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <returns>The name and the value of each measure that has one.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">The data set is empty, or its targets or examples do not fit the loss or the model.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model's card has a normalization or a scaling of targets, and the evaluator was made without; or another thread uses it.
    /// </exception>
    public IReadOnlyDictionary<string, double> MeasureUsual(Dataset dataset, CancellationToken cancellationToken = default)
    {
        ValueList<Metric> metrics = Metric.UsualFor(TaskOf(dataset));
        IReadOnlyList<MetricAccumulator> taken = Measure(dataset, metrics, cancellationToken);
        return metrics.Select((metric, i) => (metric.Name, taken[i].Value)).Where(pair => !double.IsNaN(pair.Value))
            .ToDictionary(pair => pair.Name, pair => pair.Value);
    }

    /// <summary>Takes measures of the model on a data set.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="metrics">The measures to take.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <returns>
    /// The accumulators of the metrics, in their order, with every example taken; that of <see cref="ConfusionMatrix"/>, for instance, has
    /// more to say than one value.
    /// </returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">
    /// The data set is empty, its targets or examples do not fit the loss or the model, or a metric has no meaning for the task.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model's card has a normalization or a scaling of targets, and the evaluator was made without; or another thread uses it.
    /// </exception>
    public IReadOnlyList<MetricAccumulator> Measure(
        Dataset dataset, IReadOnlyList<Metric> metrics, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(metrics);
        RequireFit(dataset);
        PredictionTask task = TaskOf(dataset);
        MetricAccumulator[][] accumulators = Accumulators(metrics, task);
        Sweep(dataset, task, accumulators, cancellationToken);
        Merge(accumulators);
        return accumulators[0];
    }

    private void RequireFit(Dataset dataset)
    {
        if (dataset.Count == 0)
            throw new ArgumentException("A model is measured on at least one example; found none.", nameof(dataset));
        Likeness.Require(_description, "the data that the evaluator was made for", dataset.Description, "the data set", nameof(dataset));
        RequireScaling(_model.Card.Normalization is not null && _transform is null, "normalized features", "normalization");
        RequireScaling(_model.Card.TargetScaling is not null && !_scalesTargets, "scaled targets", "targetScaling");
    }

    private static void RequireScaling(bool isForgotten, string what, string parameter)
    {
        if (isForgotten)
        {
            throw new InvalidOperationException(
                $"The model was trained on {what}, as its card says; the evaluator was made without. Give it the plan's as '{parameter}'.");
        }
    }

    private static void Merge(MetricAccumulator[][] accumulators)
    {
        for (int i = 1; i < accumulators.Length; i++)
        {
            for (int metric = 0; metric < accumulators[0].Length; metric++)
                accumulators[0][metric].Merge(accumulators[i][metric]);
        }
    }

    /// <summary>Accumulators of their own for each thread.</summary>
    private MetricAccumulator[][] Accumulators(IReadOnlyList<Metric> metrics, PredictionTask task)
    {
        foreach (Metric metric in metrics)
            ArgumentNullException.ThrowIfNull(metric, nameof(metrics));
        return [.. _slots.Select(_ => metrics.Select(metric => metric.CreateAccumulator(task)).ToArray())];
    }

    /// <summary>Takes all examples; the sum of the losses of each chunk.</summary>
    private double[] Sweep(
        Dataset dataset, PredictionTask task, MetricAccumulator[][] accumulators, CancellationToken cancellationToken)
    {
        using SoleUse.Scope use = _use.Begin();
        var sums = new double[(dataset.Count + ChunkSize - 1) / ChunkSize];
        var sweep = new EvaluationSweep<T>(_slots, _loss, _transform, dataset, task, sums, accumulators, cancellationToken);
        _workers.Run(ref sweep, _slots.Length);
        sweep.Failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
        return sums;
    }
}
