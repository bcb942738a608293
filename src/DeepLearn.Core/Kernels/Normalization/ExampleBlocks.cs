namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Blocks of whole examples over which sums are taken apart, and then added in order. They depend on the batch and the shape alone,
/// never on threads or vectors, since they decide the order of a sum.
/// </summary>
internal readonly struct ExampleBlocks
{
    /// <summary>About how many elements a block has: what the second sweep over it finds still in the cache.</summary>
    private const int ElementsOfBlock = 1 << 13;

    private readonly int _batch;
    private readonly int _size;

    public ExampleBlocks(int batch, int features)
    {
        _batch = batch;
        _size = Math.Max(1, ElementsOfBlock / features);
        Count = (batch + _size - 1) / _size;
    }

    /// <summary>The number of blocks.</summary>
    public int Count { get; }

    /// <summary>The first example of a block.</summary>
    public int First(int block) => block * _size;

    /// <summary>The number of examples in a block.</summary>
    public int Size(int block) => Math.Min(_size, _batch - (block * _size));
}
