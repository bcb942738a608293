namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Divides a batch into chunks of examples. The gradient of the weights is summed over each chunk, and the chunks' sums are added in order.
/// The division depends on batch size and shape alone, since it decides the order of a sum.
/// </summary>
internal readonly struct BatchChunks
{
    private const int MostChunks = 16;
    private const int MostSums = 1 << 21;

    private readonly int _batch;
    private readonly int _size;

    public BatchChunks(ConvolutionGeometry geometry, int batch)
    {
        int most = Math.Clamp(MostSums / ((geometry.Depth + 1) * geometry.Filters), 1, MostChunks);
        _batch = batch;
        _size = (batch + most - 1) / most;
        Count = (batch + _size - 1) / _size;
    }

    /// <summary>The number of chunks.</summary>
    public int Count { get; }

    /// <summary>The first example of a chunk.</summary>
    public int First(int chunk) => chunk * _size;

    /// <summary>One past the last example of a chunk.</summary>
    public int End(int chunk) => Math.Min(_batch, (chunk + 1) * _size);
}
