using System.Numerics;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>Makes any batch of a loader's sequence. It keeps the order of one epoch and some scratch, so it serves one thread at a
/// time.</summary>
internal sealed class BatchMaker<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchLoader<T> _loader;
    private readonly RandomKey _shuffleKey;
    private readonly RandomKey _augmentKey;
    private readonly ImageLayout _layout;
    private readonly int[] _order;
    private readonly T[] _scratch;
    private long _epochOfOrder = -1;

    public BatchMaker(BatchLoader<T> loader)
    {
        _loader = loader;
        _shuffleKey = loader.Key.Derive("shuffle");
        _augmentKey = loader.Key.Derive("augment");
        _order = new int[loader.Dataset.Count];
        _scratch = [];
        if (loader.Options.Augmentation is not null)
        {
            _layout = ImageLayout.Of(loader.Dataset.Description);
            _scratch = new T[_layout.Count];
        }
    }

    public void Make(long step, Batch<T> destination)
    {
        Dataset dataset = _loader.Dataset;
        long epoch = _loader.EpochOf(step);
        PrepareOrder(epoch);
        ReadOnlySpan<int> indices = _order.AsSpan((int)(step % _loader.BatchesPerEpoch) * _loader.BatchSize, _loader.CountAt(step));
        if (_loader.Options.Augmentation is not { } augmentation)
        {
            destination.Fill(dataset, indices, _loader.Transform);
            return;
        }

        // Example by example, so that each is gathered, augmented and normalised while it is in the first-level cache.
        destination.Prepare(dataset, indices.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            dataset.Gather(indices.Slice(i, 1), destination.Features.SliceRows(i, 1));
            Span<T> example = destination.Features.Row(i);
            var context = new AugmentationContext(_layout, epoch, _augmentKey.Derive(indices[i]));
            augmentation.Apply(in context, example, _scratch);
            _loader.Transform?.Apply(example, example);
        }
        destination.FillLabelsAndTargets(dataset, indices);
    }

    private void PrepareOrder(long epoch)
    {
        if (epoch == _epochOfOrder || (!_loader.Options.Shuffle && _epochOfOrder >= 0))
            return;
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        if (_loader.Options.Shuffle)
        {
            RandomStream random = _shuffleKey.Derive(epoch).Open();
            random.Shuffle(_order.AsSpan());
        }
        _epochOfOrder = epoch;
    }
}
