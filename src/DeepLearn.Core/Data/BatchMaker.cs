using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Makes any batch of a loader's sequence. It keeps the order of one epoch and some scratch, so it serves one thread at a time.
/// </summary>
internal sealed class BatchMaker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The least number of rows for each thread: with fewer, another thread costs more than it saves.</summary>
    private const int RowsWorthAThread = 8;

    private readonly BatchSequence<T> _sequence;
    private readonly RandomKey _shuffleKey;
    private readonly RandomKey _augmentKey;
    private readonly ImageLayout _layout;
    private readonly int[] _order;
    private readonly T[][] _scratch;
    private readonly WorkerPool _workers;
    private long _epochOfOrder = -1;

    public BatchMaker(BatchSequence<T> sequence, WorkerPool workers)
    {
        _sequence = sequence;
        _workers = workers;
        _shuffleKey = sequence.Key.Derive("shuffle");
        _augmentKey = sequence.Key.Derive("augment");
        _order = new int[sequence.Dataset.Count];
        _scratch = new T[workers.Threads][];
        if (sequence.Options.Augmentation is not null)
        {
            _layout = ImageLayout.Of(sequence.Dataset.Description);
            for (int i = 0; i < _scratch.Length; i++)
                _scratch[i] = new T[_layout.Count];
        }
    }

    /// <summary>The bytes of the order and the scratch.</summary>
    public static unsafe long MemoryInBytes(BatchLoader<T> loader, int threads)
    {
        long scratch = loader.Options.Augmentation is null ? 0 : loader.Dataset.ExampleShape.Count * (long)sizeof(T);
        return (loader.Dataset.Count * (long)sizeof(int)) + (threads * scratch);
    }

    /// <summary>Makes a batch.</summary>
    /// <param name="step">Its number.</param>
    /// <param name="destination">What is filled.</param>
    /// <param name="mayRefer">Whether examples that stand as bytes may stay where they are until their features are asked for.</param>
    public void Make(long step, Batch<T> destination, bool mayRefer = false)
    {
        Dataset dataset = _sequence.Dataset;
        long epoch = _sequence.EpochOf(step);
        PrepareOrder(epoch);
        int first = (int)(step % _sequence.BatchesPerEpoch) * _sequence.BatchSize;
        int count = _sequence.CountAt(step);
        destination.Prepare(dataset, count);
        ReadOnlySpan<int> indices = _order.AsSpan(first, count);
        bool refers = mayRefer && _sequence.Options.Augmentation is null
            && destination.TryRefer(dataset, indices, _sequence.Transform, _workers);
        if (!refers)
            MakeFeatures(epoch, first, count, destination);
        destination.FillLabelsAndTargets(dataset, indices);
    }

    private void MakeFeatures(long epoch, int first, int count, Batch<T> destination)
    {
        int parts = Math.Clamp(count / RowsWorthAThread, 1, _workers.Threads);
        if (parts == 1 || _sequence.Options.Augmentation is not null || !_sequence.Dataset.GathersFeatures)
        {
            var rows = new Rows(this, destination, epoch, first, count, parts);
            _workers.Run(ref rows, parts);
        }
        else
        {
            var features = new Features(this, destination, first, count, parts);
            _workers.Run(ref features, parts);
        }
    }

    private void MakeRows(Batch<T> destination, long epoch, ReadOnlySpan<int> indices, int row, Span<T> scratch)
    {
        Dataset dataset = _sequence.Dataset;
        if (_sequence.Options.Augmentation is not { } augmentation)
        {
            dataset.Gather(indices, _sequence.Transform, destination.FeatureView.SliceRows(row, indices.Length));
            return;
        }

        // Example by example, so that each is gathered, augmented and normalized while it is in the first-level cache.
        for (int i = 0; i < indices.Length; i++)
        {
            dataset.Gather(indices.Slice(i, 1), destination.FeatureView.SliceRows(row + i, 1));
            Span<T> example = destination.FeatureView.Row(row + i);
            var context = new AugmentationContext(_layout, epoch, _augmentKey.Derive(indices[i]));
            augmentation.Apply(in context, example, scratch);
            _sequence.Transform?.ApplyFused(example);
        }
    }

    private void PrepareOrder(long epoch)
    {
        if (epoch == _epochOfOrder || (!_sequence.Options.Shuffle && _epochOfOrder >= 0))
            return;
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        if (_sequence.Options.Shuffle)
        {
            RandomStream random = _shuffleKey.Derive(epoch).Open();
            random.Shuffle(_order.AsSpan());
        }
        _epochOfOrder = epoch;
    }

    /// <summary>
    /// The features of a batch, divided among the threads as the first layer divides them: what a thread writes, it will read.
    /// </summary>
    private readonly struct Features(BatchMaker<T> owner, Batch<T> destination, int first, int count, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var features = new EvenDivision(destination.FeatureView.Columns, parts);
            int begin = features.First(part), width = features.Count(part);
            owner._sequence.Dataset.GatherFeatures(
                owner._order.AsSpan(first, count),
                owner._sequence.Transform,
                begin,
                destination.FeatureView.Slice(0, begin, count, width));
        }
    }

    /// <summary>The rows of a batch, divided among the threads.</summary>
    private readonly struct Rows(BatchMaker<T> owner, Batch<T> destination, long epoch, int first, int count, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var rows = new EvenDivision(count, parts);
            int row = rows.First(part);
            owner.MakeRows(destination, epoch, owner._order.AsSpan(first + row, rows.Count(part)), row, owner._scratch[part]);
        }
    }
}
