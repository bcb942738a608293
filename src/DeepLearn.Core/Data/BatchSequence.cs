using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Everything that the batches of a loader depend on. The thread that makes them ahead of time holds this value instead of the loader.
/// </summary>
internal sealed class BatchSequence<T>(Dataset dataset, int batchSize, RandomKey key, BatchLoaderOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Dataset Dataset { get; } = dataset;

    public int BatchSize { get; } = batchSize;

    public RandomKey Key { get; } = key;

    public BatchLoaderOptions Options { get; } = options;

    public int BatchesPerEpoch { get; } =
        options.DropLast ? dataset.Count / batchSize : (int)(((long)dataset.Count + batchSize - 1) / batchSize);

    public FeatureTransform<T>? Transform { get; } = options.Normalization?.Build<T>();

    public long EpochOf(long step) => step / BatchesPerEpoch;

    public int CountAt(long step) => (int)Math.Min(BatchSize, Dataset.Count - (step % BatchesPerEpoch * BatchSize));

    public FeatureTransform<T>? TargetScaling { get; } = options.TargetScaling?.Build<T>();

    public Batch<T> CreateBatch() => new(BatchSize, Dataset.Description) { TargetScaling = TargetScaling };
}
