using System.Numerics;
using System.Runtime.ExceptionServices;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>
/// Measures a model on whole data sets. The examples go through in chunks of a fixed size, which threads take as they come to be free; the
/// chunks' sums are added in order, so that the result depends neither on the number of threads nor on which took what.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Evaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ChunkSize = 128;

    private readonly Model<T> _model;
    private readonly Loss _loss;
    private readonly Regularizer _regularizer;
    private readonly FeatureTransform<T>? _transform;
    private readonly WorkerPool _workers;
    private readonly Slot[] _slots;

    /// <summary>An evaluator with memory of its own for each thread.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss to measure.</param>
    /// <param name="regularizer">The penalty that the cost adds to it.</param>
    /// <param name="description">What an example of the data sets looks like.</param>
    /// <param name="normalization">How features are brought to a common scale; null leaves them as they are.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    public Evaluator(
        Model<T> model,
        Loss loss,
        Regularizer regularizer,
        DatasetDescription description,
        Normalization? normalization = null,
        WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(regularizer);
        ArgumentNullException.ThrowIfNull(description);
        _model = model;
        _loss = loss;
        _regularizer = regularizer;
        _transform = normalization?.Build<T>();
        _workers = workers ?? WorkerPool.Single;
        _slots = new Slot[_workers.Threads];
        for (int i = 0; i < _slots.Length; i++)
            _slots[i] = new(model.CreateWorkspace(ChunkSize, RunMode.Inference), new Batch<T>(ChunkSize, description));
    }

    /// <summary>The bytes of its working memory.</summary>
    public unsafe long MemoryInBytes =>
        _slots.Sum(slot => slot.Workspace.MemoryInBytes + slot.Batch.MemoryInBytes) + (2L * (_transform?.Features ?? 0) * sizeof(T));

    /// <summary>Measures the model on a data set.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">The data set is empty or its examples are of another form.</exception>
    public Evaluation Evaluate(Dataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Count == 0)
            throw new ArgumentException("A model is measured on at least one example; found none.", nameof(dataset));
        _loss.RequireFit(_model.OutputShape.Count, dataset.Classes, dataset.TargetWidth);
        Body body = Sweep(dataset, null, cancellationToken);
        double loss = body.LossSums.Sum() / dataset.Count;
        double accuracy = dataset.Classes > 0 ? (double)body.Correct.Sum() / dataset.Count : double.NaN;
        return new(loss + _regularizer.TotalPenalty(_model.Parameters), loss, accuracy, dataset.Count);
    }

    /// <summary>Takes other measures of the model on a data set with class labels.</summary>
    /// <param name="dataset">The data set, at least one example.</param>
    /// <param name="metrics">The measures to take.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <returns>
    /// The accumulators of the metrics, in their order, with every example taken; that of <see cref="ConfusionMatrix"/>, for instance, has
    /// more to say than one value.
    /// </returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">The data set is empty, has no class labels, or its examples are of another form.</exception>
    public IReadOnlyList<MetricAccumulator> Measure(
        Dataset dataset, IReadOnlyList<Metric> metrics, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(metrics);
        if (dataset.Count == 0 || dataset.Classes == 0)
        {
            throw new ArgumentException(
                $"Metrics are taken on at least one example with a class label; found {dataset.Count} of {dataset.Classes} classes.", nameof(dataset));
        }
        var accumulators = new MetricAccumulator[_slots.Length][];
        for (int i = 0; i < accumulators.Length; i++)
            accumulators[i] = [.. metrics.Select(metric => metric.CreateAccumulator(dataset.Classes))];
        Sweep(dataset, accumulators, cancellationToken);
        for (int i = 1; i < accumulators.Length; i++)
        {
            for (int metric = 0; metric < metrics.Count; metric++)
                accumulators[0][metric].Merge(accumulators[i][metric]);
        }
        return accumulators[0];
    }

    private Body Sweep(Dataset dataset, MetricAccumulator[][]? accumulators, CancellationToken cancellationToken)
    {
        int chunks = (dataset.Count + ChunkSize - 1) / ChunkSize;
        var body = new Body(this, dataset, new double[chunks], new int[chunks], accumulators, cancellationToken);
        _workers.Run(ref body, _slots.Length);
        body.Failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
        return body;
    }

    private sealed record Slot(ModelWorkspace<T> Workspace, Batch<T> Batch);

    private struct Body(
        Evaluator<T> owner, Dataset dataset, double[] lossSums, int[] correct, MetricAccumulator[][]? accumulators, CancellationToken cancellationToken)
        : IParallelBody
    {
        private int _taken;
        private int _failedChunk;

        public readonly double[] LossSums => lossSums;

        public readonly int[] Correct => correct;

        /// <summary>What the first chunk of those that failed threw. Chunks are taken in order, so that this one is always among them.</summary>
        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Run(int part)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                int chunk = Interlocked.Increment(ref _taken) - 1;
                if (chunk >= lossSums.Length)
                    return;
                try
                {
                    Measure(chunk, part);
                }
                catch (Exception exception)
                {
                    Fail(chunk, exception);
                }
            }
        }

        private readonly void Measure(int chunk, int part)
        {
            (ModelWorkspace<T> workspace, Batch<T> batch) = owner._slots[part];
            int first = chunk * ChunkSize;
            batch.ReferRange(dataset, first, Math.Min(ChunkSize, dataset.Count - first), owner._transform);
            ReadOnlyMatrixView<T> outputs = workspace.Forward(batch);
            lossSums[chunk] = owner._loss.Compute(outputs, BatchTargets.Of(batch, owner._loss), default) * batch.Count;
            correct[chunk] = CountCorrect(outputs, batch.LabelView);
            foreach (MetricAccumulator accumulator in accumulators is null ? [] : accumulators[part])
                accumulator.Add(outputs, batch.LabelView);
        }

        // Nobody takes another chunk after this.
        private void Fail(int chunk, Exception exception)
        {
            Interlocked.Exchange(ref _taken, lossSums.Length);
            lock (owner._slots)
            {
                if (Failure is not null && _failedChunk < chunk)
                    return;
                Failure = ExceptionDispatchInfo.Capture(exception);
                _failedChunk = chunk;
            }
        }

        private static int CountCorrect(ReadOnlyMatrixView<T> outputs, ReadOnlySpan<int> labels)
        {
            int count = 0;
            for (int row = 0; row < labels.Length; row++)
                count += Ranking.First(outputs.Row(row)) == labels[row] ? 1 : 0;
            return count;
        }
    }
}
