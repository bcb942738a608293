using System.Numerics;
using System.Runtime.ExceptionServices;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>A pass over a data set in chunks, which threads take in order as they come to be free.</summary>
/// <param name="slots">The memory of each thread.</param>
/// <param name="loss">The loss to measure.</param>
/// <param name="transform">How features are normalized; null for not at all.</param>
/// <param name="dataset">The examples.</param>
/// <param name="task">What is predicted.</param>
/// <param name="lossSums">Where the sum of each chunk's losses goes.</param>
/// <param name="accumulators">The metrics of each thread.</param>
/// <param name="cancellationToken">Stops between two chunks.</param>
internal struct EvaluationSweep<T>(
    EvaluationSlot<T>[] slots,
    Loss loss,
    FeatureTransform<T>? transform,
    Dataset dataset,
    PredictionTask task,
    double[] lossSums,
    MetricAccumulator[][] accumulators,
    CancellationToken cancellationToken)
    : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of examples of a chunk; the last one may have fewer.</summary>
    public const int ChunkSize = 128;

    private int _taken;
    private int _failedChunk;

    /// <summary>
    /// What the first chunk of those that failed threw. Chunks are taken in order, so that this one is always among them.
    /// </summary>
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
        EvaluationSlot<T> slot = slots[part];
        Batch<T> batch = slot.Batch;
        int first = chunk * ChunkSize;
        batch.ReferRange(dataset, first, Math.Min(ChunkSize, dataset.Count - first), transform);
        ReadOnlyMatrixView<T> outputs = slot.Workspace.Forward(batch);
        lossSums[chunk] = loss.Compute(outputs, BatchTargets.Of(batch, loss), default) * batch.Count;
        if (!slot.IsScaled)
        {
            foreach (MetricAccumulator accumulator in accumulators[part])
                accumulator.Add(outputs, BatchTargets.Of(batch, loss, task));
            return;
        }
        MatrixView<double> predicted = slot.Unscale(outputs);
        foreach (MetricAccumulator accumulator in accumulators[part])
            accumulator.Add<double>(predicted, Targets<double>.FromValues(batch.ExactTargetView).WithWeights(batch.WeightView));
    }

    // Nobody takes another chunk after this.
    private void Fail(int chunk, Exception exception)
    {
        Interlocked.Exchange(ref _taken, lossSums.Length);
        lock (slots)
        {
            if (Failure is not null && _failedChunk < chunk)
                return;
            Failure = ExceptionDispatchInfo.Capture(exception);
            _failedChunk = chunk;
        }
    }
}
