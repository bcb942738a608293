using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Computes outputs or gradients of inputs by Winograd's algorithm. Each thread claims one block of tiles after another and takes it all
/// the way from source to result. Where blocks are fewer than threads, as for one image, the channels of the results are divided too: each
/// share transforms the inputs anew, and reads the weights of its channels alone.
/// </summary>
internal unsafe struct WinogradBlocks<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The fewest tiles of a block: with fewer, each thread would read all weights for the sake of few products.</summary>
    private const int LeastTiles = 8;

    /// <summary>The fewest multiplications that are worth a thread, and as how many each number of a transform counts.</summary>
    private const long LeastWork = 100_000, WorkOfTransform = 4;

    private WinogradConvolution<T> _of;
    private WinogradKernels<T> _transforms;
    private WinogradGrid _from;
    private ImageStack<T> _source;
    private PackedMatrix<T>[] _kernels;
    private WinogradGrid _to;
    private OutputEnd<T> _end;
    private ImageStack<T> _result;
    private T* _memory;
    private nint _ofThread;
    private ShareClaims _claims;
    private int _tiles;
    private int _block;
    private int _shares;
    private TransformedFrom<T>? _madeFrom;
    private int _parts;

    /// <summary>Computes all results.</summary>
    /// <param name="of">The convolution.</param>
    /// <param name="transforms">The transforms.</param>
    /// <param name="from">The tiles, and the square of the source that each of them reads.</param>
    /// <param name="source">The images that are read.</param>
    /// <param name="kernels">The transformed kernels.</param>
    /// <param name="to">The tiles of the results.</param>
    /// <param name="end">What is done with the results.</param>
    /// <param name="result">The images that are written.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="madeFrom">The weights that the kernels were made from, to be compared by the way; null for none.</param>
    public static void Run(
        WinogradConvolution<T> of,
        WinogradKernels<T> transforms,
        WinogradGrid from,
        ImageStack<T> source,
        PackedMatrix<T>[] kernels,
        WinogradGrid to,
        OutputEnd<T> end,
        ImageStack<T> result,
        WinogradScratch<T> scratch,
        WorkerPool workers,
        TransformedFrom<T>? madeFrom = null)
    {
        // Blocks of about the same size, as many as there are threads or a multiple.
        int tiles = source.Count * from.Tiles, threads = ThreadsFor(transforms, tiles, from.Channels, to.Channels, workers);
        int block = of.Sizes.TilesOfBlock, blocks = (tiles + block - 1) / block;
        if (blocks < threads * 8)
        {
            blocks = (blocks + threads - 1) / threads * threads;
            blocks = Math.Max(1, Math.Min(blocks, tiles / LeastTiles));
        }
        block = Math.Min(((tiles + blocks - 1) / blocks + 7) & ~7, block);
        blocks = (tiles + block - 1) / block;
        int shares = Math.Clamp(threads / blocks, 1, kernels[0].Layout.Count);
        fixed (T* memory = scratch.Blocks.AsSpan())
        {
            var body = new WinogradBlocks<T>
            {
                _of = of,
                _transforms = transforms,
                _from = from,
                _source = source,
                _kernels = kernels,
                _to = to,
                _end = end,
                _result = result,
                _memory = memory,
                _ofThread = scratch.Blocks.Columns,
                _claims = scratch.Shares,
                _tiles = tiles,
                _block = block,
                _shares = shares,
                _madeFrom = madeFrom,
                _parts = Math.Min(threads, blocks * shares),
            };
            scratch.Shares.Begin(blocks * shares, body._parts);
            workers.Run(ref body, body._parts);
        }
    }

    /// <summary>How many threads the work is worth.</summary>
    private static int ThreadsFor(WinogradKernels<T> transforms, int tiles, long sources, long results, WorkerPool workers)
    {
        long work = (long)tiles * transforms.Products * ((sources * results) + (WorkOfTransform * (sources + results)));
        return (int)Math.Clamp(work / LeastWork, 1, workers.Threads);
    }

    /// <summary>Claims and computes blocks until none is left.</summary>
    /// <param name="part">The number of the thread.</param>
    public readonly void Run(int part)
    {
        _madeFrom?.Compare(new(part, _parts));
        WinogradKernels<T> transforms = _transforms;
        WinogradSizes<T> sizes = _of.Sizes;
        int sources = _from.Channels, results = _to.Channels;
        nint sourceStep = WinogradSizes<T>.PlaneStep(_block, sources), resultStep = WinogradSizes<T>.PlaneStep(_block, results);
        T* spare = _memory + (part * _ofThread), inputs = spare + sizes.Spare, outputs = inputs + (transforms.Products * sourceStep);
        ColumnPanels<T> panels = _kernels[0].Layout;
        for (int item = _claims.Next(part); item >= 0; item = _claims.Next(part))
        {
            int first = item / _shares * _block, count = Math.Min(_block, _tiles - first);
            var share = new Share(item % _shares, _shares);
            int firstPanel = share.First(panels.Count), endPanel = share.End(panels.Count);
            int column = panels.FirstColumn(firstPanel);
            int columns = (endPanel < panels.Count ? panels.FirstColumn(endPanel) : results) - column;
            new Span<T>(spare, sources).Clear();
            transforms.TransformInputs(_from, _source.First, _source.Stride, first, count, spare, inputs, sourceStep);
            for (int place = 0; place < transforms.Places; place++)
            {
                int plane = transforms.PlaneOf(place), rows = count * transforms.RowsOf(place);
                if (_shares > 1)
                {
                    MatrixProduct.MultiplyPanels(
                        inputs + (plane * sourceStep), rows, _kernels[place], firstPanel, endPanel, outputs + (plane * resultStep));
                    continue;
                }
                var a = new ReadOnlySpan<T>(inputs + (plane * sourceStep), rows * sources);
                var c = new Span<T>(outputs + (plane * resultStep), rows * results);
                MatrixProduct.Multiply(
                    new ReadOnlyMatrixView<T>(a, rows, sources),
                    _kernels[place],
                    new ProductOptions<T>(),
                    WorkerPool.Single,
                    new MatrixView<T>(c, rows, results));
            }
            transforms.TransformOutputs(
                _to, outputs + column, resultStep, results, first, count, columns, _end.BiasesFrom(column), _end.Relu, spare,
                _result.First + column, _result.Stride);
            if (_end.IsFollowed)
                Report(first, count, columns);
        }
    }

    /// <summary>Tells, image by image, what some tiles wrote in some channels.</summary>
    private readonly void Report(int first, int count, int channels)
    {
        int end = first + count;
        for (int tile = first; tile < end;)
        {
            (int image, int inImage) = Math.DivRem(tile, _to.Tiles);
            int tiles = Math.Min(_to.Tiles - inImage, end - tile);
            _end.Wrote(image, 1, _to.Numbers(inImage, tiles) / _to.Channels * channels);
            tile += tiles;
        }
    }
}
