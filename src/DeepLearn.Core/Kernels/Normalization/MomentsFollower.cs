using System.Numerics;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Takes the moments of each block of examples as soon as the block has been written, while it is still in a cache. Whichever thread writes
/// the last of a block sums it, all of it and in its one order: the bits are those of a pass over the finished batch.
/// </summary>
internal sealed unsafe class MomentsFollower<T>(int mostBlocks, int positions, int channels, ChannelStatistics<T> statistics)
    : IOutputFollower<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For each block, how many of its numbers have not been written.</summary>
    private readonly int[] _missing = new int[mostBlocks];
    private ExampleBlocks _blocks;
    private int _batch;
    private int _open;

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes => sizeof(int) * (long)_missing.Length;

    private int Features => positions * channels;

    /// <summary>Waits for the examples of a batch.</summary>
    public void Begin(int batch)
    {
        _blocks = new(batch, Features);
        for (int block = 0; block < _blocks.Count; block++)
            _missing[block] = _blocks.Size(block) * Features;
        (_batch, _open) = (batch, _blocks.Count);
    }

    /// <summary>Whether the moments of all blocks of a batch of this size are there; they are handed out once.</summary>
    public bool TakeAll(int batch)
    {
        bool areThere = batch == _batch && _open == 0;
        _batch = 0;
        return areThere;
    }

    public void Wrote(ReadOnlyMatrixView<T> output, int example, int count)
    {
        ShapeGuard.Require(output, _batch, Features);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)example, (uint)_batch, nameof(example));
        int block = _blocks.Of(example);

        // This is also a barrier: who sees the last number sees what the other threads wrote before.
        if (Interlocked.Add(ref _missing[block], -count) != 0)
            return;
        int at = block * channels, first = _blocks.First(block), size = _blocks.Size(block);
        fixed (T* x = output.Row(0), means = statistics.Firsts, rests = statistics.Rests, squares = statistics.Seconds)
        {
            ChannelKernel<T>.Moments(
                new(x, output.Stride), first, size, positions, channels, means + at, rests + at, squares + at);
        }
        Interlocked.Decrement(ref _open);
    }
}
