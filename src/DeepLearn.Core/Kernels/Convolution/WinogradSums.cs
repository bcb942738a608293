using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Computes the sums over tiles from which the gradient of the weights is made, in runs of tiles. Where sums are small, each thread takes a
/// run of its own, a block of tiles at a time, so that transformed tiles stay in its second cache; the sums of a few runs are then added in
/// order. Where they are large, first all threads transform the tiles of a run; then they divide its matrix products among them.
/// </summary>
/// <remarks>A sum over a run is one chain in the order of the tiles, either way: a block goes on where the one before it ended.</remarks>
internal unsafe struct WinogradSums<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int TilesOfItem = 16;

    private WinogradConvolution<T> _of;
    private ImageStack<T> _input;
    private ImageStack<T> _gradient;
    private T* _inputs;
    private nint _inputStep;
    private T* _gradients;
    private nint _gradientStep;
    private T* _sums;
    private T* _biases;
    private T* _ofThreads;
    private nint _ofThread;
    private ClaimCounter _claims;
    private int _first;
    private int _count;
    private Work _work;
    private T* _blocks;
    private nint _ofBlock;
    private int _block;
    private T* _ofRuns;
    private int _run;
    private int _tiles;
    private int _runs;
    private int _together;
    private ShareClaims _shares;

    private enum Work
    {
        Transform,
        Multiply,
        WholeRuns,
        AddRuns,
    }

    /// <summary>Computes the sums.</summary>
    /// <param name="of">The convolution.</param>
    /// <param name="input">The images.</param>
    /// <param name="outputGradient">The gradients of the outputs.</param>
    /// <param name="sums">Where the sums go, in the layout of transformed kernels.</param>
    /// <param name="biases">Where the gradients of the biases go; null if they are not needed.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public static void Run(
        WinogradConvolution<T> of,
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T* sums,
        T* biases,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        WinogradSizes<T> sizes = of.Sizes;
        int tiles = input.Count * of.Inputs.Tiles, run = Math.Min(sizes.TilesOfRun, tiles);
        int inputStep = WinogradSizes<T>.PlaneStep(run, sizes.Channels), gradientStep = WinogradSizes<T>.PlaneStep(run, sizes.Filters);
        fixed (T* planes = scratch.Run.AsSpan(), ofThreads = scratch.Sums.AsSpan())
        fixed (T* blocks = scratch.Blocks.AsSpan(), ofRuns = scratch.SumsOfRuns.AsSpan())
        {
            var body = new WinogradSums<T>
            {
                _of = of,
                _input = input,
                _gradient = outputGradient,
                _inputs = planes,
                _inputStep = inputStep,
                _gradients = planes + ((nint)sizes.Products * inputStep),
                _gradientStep = gradientStep,
                _sums = sums,
                _biases = biases,
                _ofThreads = ofThreads,
                _ofThread = scratch.Sums.Columns,
                _claims = scratch.Claims,
                _blocks = blocks,
                _ofBlock = scratch.Blocks.Columns,
                _block = sizes.TilesOfSumBlock,
                _ofRuns = ofRuns,
                _together = Math.Max(scratch.SumsOfRuns.Rows, 1),
                _shares = scratch.Shares,
                _run = run,
                _tiles = tiles,
            };
            if (sizes.TakesWholeRuns((tiles + run - 1) / run, workers.Threads))
                body.RunWhole(workers);
            else
                body.RunInTurns(workers);
        }
    }

    private void RunInTurns(WorkerPool workers)
    {
        for (int first = 0; first < _tiles; first += _run)
        {
            _first = first;
            _count = Math.Min(_run, _tiles - first);
            _work = Work.Transform;
            _claims.Begin();
            workers.Run(ref this, workers.Threads);
            _work = Work.Multiply;
            _claims.Begin();
            workers.Run(ref this, workers.Threads);
        }
    }

    private void RunWhole(WorkerPool workers)
    {
        int runs = (_tiles + _run - 1) / _run;
        for (int first = 0; first < runs; first += _together)
        {
            _first = first;
            _runs = Math.Min(_together, runs - first);
            _work = Work.WholeRuns;
            int parts = Math.Min(workers.Threads, _runs);
            _shares.Begin(_runs, parts);
            workers.Run(ref this, parts);
            _work = Work.AddRuns;
            if (first + _runs > 1)
                workers.Run(ref this, _of.Kernels.Places);
        }
        if (_biases != null)
            PositionSums<T>.AddImages(_gradient, 0, _input.Count, _of.Positions, _of.Sizes.Filters, _ofThreads, _biases);
    }

    /// <summary>Claims and processes tiles or products until none is left; or takes runs; or adds the sums of one place.</summary>
    /// <param name="part">The number of the thread or of the place.</param>
    public readonly void Run(int part)
    {
        switch (_work)
        {
            case Work.Transform:
                Transform(_ofThreads + (part * _ofThread));
                break;
            case Work.Multiply:
                Multiply(_ofThreads + (part * _ofThread));
                break;
            case Work.WholeRuns:
                for (int run = _shares.Next(part); run >= 0; run = _shares.Next(part))
                    TakeRun(run, _blocks + (part * _ofBlock));
                break;
            default:
                AddPlace(part);
                break;
        }
    }

    /// <summary>The first run of all writes the totals; the others have sums of their own.</summary>
    private readonly T* SumsOf(int run) =>
        _first + run == 0 ? _sums : _ofRuns + (run * (nint)_of.Kernels.Places * _of.Sizes.KernelStep);

    private readonly void TakeRun(int run, T* zeros)
    {
        WinogradKernels<T> transforms = _of.Kernels;
        WinogradSizes<T> sizes = _of.Sizes;
        int channels = sizes.Channels, filters = sizes.Filters;
        int start = (_first + run) * _run, end = Math.Min(_tiles, start + _run);
        nint inputStep = WinogradSizes<T>.PlaneStep(_block, channels), gradientStep = WinogradSizes<T>.PlaneStep(_block, filters);
        T* inputs = zeros + sizes.Spare, gradients = inputs + (transforms.Products * inputStep);
        T* sums = SumsOf(run);
        new Span<T>(zeros, sizes.Spare).Clear();
        for (int first = start; first < end; first += _block)
        {
            int count = Math.Min(_block, end - first);
            transforms.TransformInputs(_of.Inputs, _input.First, _input.Stride, first, count, zeros, inputs, inputStep);
            transforms.TransformOutputGradients(
                _of.Outputs, _gradient.First, _gradient.Stride, first, count, zeros, gradients, gradientStep);
            for (int place = 0; place < transforms.Places; place++)
            {
                int plane = transforms.PlaneOf(place), depth = count * transforms.RowsOf(place);
                var a = new ReadOnlySpan<T>(inputs + (plane * inputStep), depth * channels);
                var b = new ReadOnlySpan<T>(gradients + (plane * gradientStep), depth * filters);
                MatrixProduct.Multiply(
                    new ReadOnlyMatrixView<T>(a, depth, channels),
                    new ReadOnlyMatrixView<T>(b, depth, filters),
                    new ProductOptions<T> { TransposeA = true, Beta = first == start ? T.Zero : T.One },
                    WorkerPool.Single,
                    new MatrixView<T>(new Span<T>(sums + ((nint)place * sizes.KernelStep), sizes.Weights), channels, filters));
            }
        }
    }

    private readonly void AddPlace(int place)
    {
        nint at = (nint)place * _of.Sizes.KernelStep;
        int numbers = _of.Sizes.Weights;
        var total = new Span<T>(_sums + at, numbers);
        for (int run = 0; run < _runs; run++)
        {
            if (_first + run > 0)
                Arithmetic.Add<T>(total, new(SumsOf(run) + at, numbers), total);
        }
    }

    private readonly void Transform(T* zeros)
    {
        WinogradKernels<T> transforms = _of.Kernels;
        WinogradGrid inputs = _of.Inputs, gradients = _of.Outputs;
        new Span<T>(zeros, _of.Sizes.Spare).Clear();
        int items = (_count + TilesOfItem - 1) / TilesOfItem;
        for (int item = _claims.Next(); item < items; item = _claims.Next())
        {
            int skipped = item * TilesOfItem, count = Math.Min(TilesOfItem, _count - skipped), first = _first + skipped;
            transforms.TransformInputs(
                inputs, _input.First, _input.Stride, first, count, zeros, _inputs, _inputStep, skipped);
            transforms.TransformOutputGradients(
                gradients, _gradient.First, _gradient.Stride, first, count, zeros, _gradients, _gradientStep, skipped);
        }
    }

    private readonly void Multiply(T* ofThread)
    {
        int channels = _of.Sizes.Channels, filters = _of.Sizes.Filters, numbers = channels * filters;
        for (int item = _claims.Next(); item <= _of.Kernels.Places; item = _claims.Next())
        {
            if (item == _of.Kernels.Places)
            {
                if (_biases != null)
                    AddBiases(ofThread);
                continue;
            }
            // The last places have the most rows; a thread that began with one of them late would be waited for.
            int place = _of.Kernels.Places - 1 - item;
            T* total = _sums + ((nint)place * _of.Sizes.KernelStep), sum = _first == 0 ? total : ofThread;
            int plane = _of.Kernels.PlaneOf(place), depth = _count * _of.Kernels.RowsOf(place);
            var a = new ReadOnlySpan<T>(_inputs + (plane * _inputStep), depth * channels);
            var b = new ReadOnlySpan<T>(_gradients + (plane * _gradientStep), depth * filters);
            MatrixProduct.Multiply(
                new ReadOnlyMatrixView<T>(a, depth, channels),
                new ReadOnlyMatrixView<T>(b, depth, filters),
                new ProductOptions<T> { TransposeA = true },
                WorkerPool.Single,
                new MatrixView<T>(new Span<T>(sum, numbers), channels, filters));
            if (sum != total)
                Arithmetic.Add<T>(new(total, numbers), new(sum, numbers), new Span<T>(total, numbers));
        }
    }

    /// <summary>Adds the gradients of the biases of all images whose first tile is in the run.</summary>
    private readonly void AddBiases(T* ofThread)
    {
        int tiles = _of.Inputs.Tiles, first = (_first + tiles - 1) / tiles, end = (_first + _count + tiles - 1) / tiles;
        PositionSums<T>.AddImages(_gradient, first, end, _of.Positions, _of.Sizes.Filters, ofThread, _biases);
    }
}
