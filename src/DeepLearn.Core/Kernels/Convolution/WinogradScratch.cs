using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The working memory of a <see cref="WinogradConvolution{T}"/>.</summary>
internal sealed class WinogradScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Memory for a convolution.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="capacity">The most examples.</param>
    /// <param name="trains">Whether gradients are computed as well.</param>
    /// <param name="threads">How many threads work at once.</param>
    public WinogradScratch(WinogradConvolution<T> convolution, int capacity, bool trains, int threads)
    {
        WinogradSizes<T> sizes = convolution.Sizes;
        int tiles = (int)Math.Min((long)capacity * (trains ? convolution.MostTiles : convolution.Inputs.Tiles), int.MaxValue);
        int ofRun = Math.Min(sizes.TilesOfRun, tiles);

        // Where the most tiles are streamed, fewer are too: nothing is transformed ahead of its use then.
        bool streams = sizes.IsStreamed(tiles, areKnown: !trains), streamsSums = sizes.StreamsSums(tiles);
        Trains = trains;
        Forwards = streams ? [] : Packed(sizes.Channels, sizes.Filters);
        ForwardsFrom = new(trains || streams ? 0 : sizes.Taps * sizes.Weights);
        Backwards = !trains || streams ? [] : sizes.Channels == sizes.Filters ? Forwards : Packed(sizes.Filters, sizes.Channels);
        int ofBlock = streams ? 0 : Math.Max(sizes.PlaneCount(sizes.TilesOfBlock) + sizes.Spare, sizes.RowsCount);
        Blocks = new(threads, DirectScratch<T>.Rounded(Math.Max(ofBlock, sizes.StreamCount(tiles))));
        Kernels = new(1, trains && !streamsSums ? sizes.Places * sizes.KernelStep : 0);
        Run = new(1, trains ? sizes.PlaneCount(ofRun) : 0);
        Shares = new(threads);
        int ofThread = Math.Max(sizes.Spare, tiles > sizes.TilesOfRun ? sizes.Weights : 0);
        bool hasRuns = trains && !streamsSums && sizes.HasSmallSums(threads) && tiles > ofRun;
        SumsOfRuns = new(hasRuns ? sizes.RunsTogether(tiles, threads) : 0, sizes.Places * sizes.KernelStep);
        Sums = new(trains ? threads : 0, trains ? DirectScratch<T>.Rounded(ofThread) : 0);

        PackedMatrix<T>[] Packed(int depth, int columns) =>
            [.. Enumerable.Range(0, sizes.Places).Select(_ => new PackedMatrix<T>(depth, columns))];
    }

    /// <summary>Whether gradients are computed as well.</summary>
    public bool Trains { get; }

    /// <summary>The transformed weights for outputs: a matrix <c>[channels, filters]</c> for each place.</summary>
    public PackedMatrix<T>[] Forwards { get; }

    /// <summary>The weights that <see cref="Forwards"/> were made from, in inference; training changes them at every step.</summary>
    public TransformedFrom<T> ForwardsFrom { get; }

    /// <summary>
    /// Those for gradients of inputs, <c>[filters, channels]</c>; the same memory where both have one shape, since no pass needs what
    /// another has left.
    /// </summary>
    public PackedMatrix<T>[] Backwards { get; }

    /// <summary>The sums over tiles.</summary>
    public Matrix<T> Kernels { get; }

    /// <summary>The transformed tiles of a block, for each thread.</summary>
    public Matrix<T> Blocks { get; }

    /// <summary>The transformed tiles of a run.</summary>
    public Matrix<T> Run { get; }

    /// <summary>The sums of a place over a run, for each thread.</summary>
    public Matrix<T> Sums { get; }

    /// <summary>The sums of all places over a run, for some runs, where they are small and there are several runs.</summary>
    public Matrix<T> SumsOfRuns { get; }

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes =>
        Unsafe.SizeOf<T>() * ((long)Kernels.Count + ForwardsFrom.Count + Blocks.Count + Run.Count + Sums.Count + SumsOfRuns.Count
            + Forwards.Concat(ReferenceEquals(Forwards, Backwards) ? [] : Backwards).Sum(place => (long)place.Depth * place.Columns));

    /// <summary>Hands out rows of weights, tiles or products to the threads.</summary>
    public ClaimCounter Claims { get; } = new();

    /// <summary>Hands out blocks or runs of tiles, to each thread those of its own images first.</summary>
    public ShareClaims Shares { get; }
}
