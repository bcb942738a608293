namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Divides a batch into blocks of whole examples. Each block is summed on its own, and the sums are combined in order. The blocks depend on
/// batch size and shape alone, never on threads or vectors, since they decide the order of a sum.
/// </summary>
internal readonly struct ExampleBlocks
{
    /// <summary>About how many elements a block has; the second sweep over a block finds them still in the cache.</summary>
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

    /// <summary>The block of an example.</summary>
    public int Of(int example) => example / _size;

    /// <summary>The first example of a block.</summary>
    public int First(int block) => block * _size;

    /// <summary>The number of examples in a block.</summary>
    public int Size(int block) => Math.Min(_size, _batch - (block * _size));
}
