using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// How much of a Winograd convolution is worked on at once, and the memory that it takes: functions of the shape alone, never of threads
/// or the batch, where they decide the order of a sum.
/// </summary>
/// <param name="Products">The places of a square: a matrix product each.</param>
/// <param name="Channels">The channels of the input.</param>
/// <param name="Filters">The channels of the output.</param>
internal readonly record struct WinogradSizes<T>(int Products, int Channels, int Filters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>About how many bytes the transformed inputs and outputs of a block of tiles take: what the second cache holds.</summary>
    private const int BlockBytes = 1 << 20;

    /// <summary>The fewest and the most tiles of a block: fewer would read the weights too often.</summary>
    private const int LeastBlock = 32, MostBlock = 512;

    /// <summary>
    /// From how many bytes on the weights of one product no longer stay in the second cache beside all else, and the fewest tiles then.
    /// </summary>
    private const int LargeWeights = 512 << 10, LeastBlockOfLargeWeights = 128;

    /// <summary>
    /// About how many bytes the transformed inputs and gradients of a run of tiles take, and the fewest and the most tiles of it.
    /// </summary>
    private const int RunBytes = 8 << 20, LeastRun = 64, MostRun = 512;

    /// <summary>The numbers of a line of the cache.</summary>
    public static unsafe int LineOfCache => 64 / sizeof(T);

    /// <summary>The numbers of a kernel's place: a weight for each channel and filter.</summary>
    public int Weights => Channels * Filters;

    /// <summary>From the transformed kernels of one place to those of the next.</summary>
    public int KernelStep => Weights + LineOfCache;

    /// <summary>Zeros, or what nobody wants, for each channel of an input or an output.</summary>
    public int Spare => Math.Max(Channels, Filters);

    /// <summary>The fewest tiles of a block.</summary>
    public unsafe int LeastTilesOfBlock => Weights * sizeof(T) < LargeWeights ? LeastBlock : LeastBlockOfLargeWeights;

    /// <summary>The tiles of a block, where there are many.</summary>
    public int TilesOfBlock => Math.Clamp(BlockBytes / BytesOfTile, LeastTilesOfBlock, MostBlock) & ~7;

    /// <summary>The tiles of a run.</summary>
    public int TilesOfRun => Math.Clamp(RunBytes / BytesOfTile, LeastRun, MostRun) & ~7;

    private unsafe int BytesOfTile => Products * (Channels + Filters) * sizeof(T);

    /// <summary>From one matrix of transformed tiles to the next.</summary>
    public static int PlaneStep(int tiles, int channels) => (tiles * channels) + LineOfCache;

    /// <summary>The numbers of all matrices of some tiles: inputs and outputs, or gradients.</summary>
    public int PlaneCount(int tiles) => Products * (PlaneStep(tiles, Channels) + PlaneStep(tiles, Filters));
}
