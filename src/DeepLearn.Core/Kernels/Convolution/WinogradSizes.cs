using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// How many tiles of a Winograd convolution are processed together, and how much memory that takes. What decides the order of a sum depends
/// on the shape alone, never on threads or the batch.
/// </summary>
/// <param name="Products">The number of elements of a square; each is one matrix product.</param>
/// <param name="Places">The number of elements of a transformed kernel.</param>
/// <param name="Taps">The number of elements of a kernel.</param>
/// <param name="Channels">The channels of the input.</param>
/// <param name="Filters">The channels of the output.</param>
internal readonly record struct WinogradSizes<T>(int Products, int Places, int Taps, int Channels, int Filters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>About how many bytes the transformed inputs and outputs of a block of tiles take: half of a second cache of 1 MB.</summary>
    private const int BlockBytes = 512 << 10;

    /// <summary>The fewest and the most tiles of a block. Smaller blocks would read the weights too often.</summary>
    private const int LeastBlock = 32, MostBlock = 512;

    /// <summary>
    /// From how many bytes on the weights of one product no longer stay in the second cache beside all else, and the fewest tiles then, if
    /// there are as many.
    /// </summary>
    private const int LargeWeights = 512 << 10, LeastBlockOfLargeWeights = 128;

    /// <summary>
    /// From how many bytes on transformed weights are no longer written for a few tiles: they would leave the second cache, and threads
    /// would read what others have written.
    /// </summary>
    private const int StreamedWeights = 2 << 20;

    /// <summary>
    /// The same for predictions, whose weights are those of the call before and need no transform: as long as the last cache holds the
    /// transformed ones, reading them takes less time than making them anew, unless one or two tiles are all that they are for.
    /// </summary>
    private const int StreamedKnownWeights = 16 << 20;

    /// <summary>
    /// How many rows of the weights are transformed at once: they stay in the second cache until they are where they belong.
    /// </summary>
    public const int RowsTogether = 16;

    /// <summary>The same, and how many columns, where transformed weights are used at once.</summary>
    public const int RowsOfStream = 32, ColumnsOfStream = 64;

    /// <summary>
    /// About how many bytes the transformed inputs and gradients of a run of tiles take, and the fewest and the most tiles of a run.
    /// </summary>
    private const int RunBytes = 8 << 20, LeastRun = 64, MostRun = 512;

    /// <summary>
    /// The most bytes of the sums of a run that are kept beside transformed tiles in the second cache, and how many bytes of tiles then.
    /// </summary>
    private const int SmallSums = 512 << 10, SumBlockBytes = 384 << 10;

    /// <summary>
    /// The same on several threads, where the other way is that each reads what all have transformed: a tenth or two faster where their
    /// processors share a cache, and half as fast where they do not.
    /// </summary>
    private const int SmallSumsOfThreads = 640 << 10;

    /// <summary>
    /// The same where products share sums, as with a stride of 2: a block has up to sixteen rows for each tile then, so that sums are
    /// loaded and stored more seldom.
    /// </summary>
    private const int SmallSharedSums = 1280 << 10;

    /// <summary>About how many bytes the sums of the runs take that are computed before they are added.</summary>
    private const int SumsOfRunsBytes = 4 << 20;

    /// <summary>The numbers in a cache line.</summary>
    public static unsafe int LineOfCache => 64 / sizeof(T);

    /// <summary>The numbers that some rows of the weights take with their transformed ones.</summary>
    public int RowsCount => (Taps + Places) * PlaneStep(RowsTogether, Spare);

    /// <summary>The numbers that a thread needs where transformed weights are used at once.</summary>
    public int StreamCount(int tiles) => !IsStreamed(1) ? 0 : Spare + (Taps * PlaneStep(RowsOfStream, ColumnsOfStream))
        + (Products * (PlaneStep(Math.Min(tiles, WinogradStream<T>.MostTiles), Spare)
            + PlaneStep(WinogradStream<T>.MostTiles, ColumnsOfStream))) + (Places * PlaneStep(RowsOfStream, ColumnsOfStream));

    /// <summary>The numbers of a kernel's place: a weight for each channel and filter.</summary>
    public int Weights => Channels * Filters;

    /// <summary>
    /// The distance from one plane of transformed kernels to the next. The extra cache line keeps planes from competing for the same cache
    /// sets.
    /// </summary>
    public int KernelStep => Weights + LineOfCache;

    /// <summary>The size of the zeros outside the image, or of the results outside it: a number for each channel.</summary>
    public int Spare => Math.Max(Channels, Filters);

    private unsafe int LeastTilesOfBlock => Weights * sizeof(T) < LargeWeights ? LeastBlock : LeastBlockOfLargeWeights;

    /// <summary>The tiles of a block, if the batch has that many.</summary>
    public int TilesOfBlock => Math.Clamp(BlockBytes / BytesOfTile, LeastTilesOfBlock, MostBlock) & ~7;

    /// <summary>The tiles of a run.</summary>
    public int TilesOfRun => Math.Clamp(RunBytes / BytesOfTile, LeastRun, MostRun) & ~7;

    /// <summary>The tiles of a run that are transformed together where a thread takes whole runs.</summary>
    public int TilesOfSumBlock => Math.Min(Math.Max(SumBlockBytes / BytesOfTile, 16) & ~7, TilesOfBlock);

    /// <summary>Whether sums are so small that a thread keeps them, with a block of tiles, in its second cache.</summary>
    public unsafe bool HasSmallSums(int threads) => (long)Places * KernelStep * sizeof(T)
        <= (Places < Products ? SmallSharedSums : threads > 1 ? SmallSumsOfThreads : SmallSums);

    /// <summary>
    /// How many runs of so many tiles are computed before their sums are added: some for each thread, so that they meet seldom.
    /// </summary>
    public unsafe int RunsTogether(int tiles, int threads)
    {
        // One thread adds what it has just computed.
        if (threads == 1)
            return 1;
        int runs = (tiles + TilesOfRun - 1) / TilesOfRun, most = SumsOfRunsBytes / (Places * KernelStep * sizeof(T));
        return Math.Min(runs, Math.Max(most / threads, 1) * threads);
    }

    /// <summary>Whether threads take whole runs: if hardly any is idle while the last are computed. The bits do not depend on it.</summary>
    public bool TakesWholeRuns(int runs, int threads) =>
        HasSmallSums(threads) && (runs + threads - 1) / threads * (long)threads * 4 <= runs * 5L;

    /// <summary>
    /// Whether the weights of so many tiles are transformed as they are needed: where the transformed ones would be written and read from
    /// far away for the sake of few products. The bits do not depend on it.
    /// </summary>
    /// <param name="tiles">The tiles.</param>
    /// <param name="areKnown">Whether the weights are mostly those of the call before, as in predictions.</param>
    public unsafe bool IsStreamed(int tiles, bool areKnown = false)
    {
        int least = areKnown && tiles > WinogradFewTiles<T>.MostTiles ? StreamedKnownWeights : StreamedWeights;
        return tiles <= WinogradStream<T>.MostTiles && (long)Places * Weights * sizeof(T) >= least;
    }

    /// <summary>The same for the sums of the gradient of the weights.</summary>
    public unsafe bool StreamsSums(int tiles) => Weights * sizeof(T) >= LargeWeights && IsStreamed(tiles);

    private unsafe int BytesOfTile => Products * (Channels + Filters) * sizeof(T);

    /// <summary>The distance from one plane of transformed tiles to the next.</summary>
    public static int PlaneStep(int tiles, int channels) => (tiles * channels) + LineOfCache;

    /// <summary>The size of all planes of some tiles, inputs and outputs (or their gradients), in numbers.</summary>
    public int PlaneCount(int tiles) => Products * (PlaneStep(tiles, Channels) + PlaneStep(tiles, Filters));
}
