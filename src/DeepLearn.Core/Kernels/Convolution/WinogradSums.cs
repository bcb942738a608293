using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Computes the sums over tiles from which the gradient of the weights is made, one run of tiles after another. First all threads transform
/// the tiles of a run; then they divide its matrix products among them.
/// </summary>
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
    private bool _isProduct;

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
            };
            for (int first = 0; first < tiles; first += run)
            {
                body._first = first;
                body._count = Math.Min(run, tiles - first);
                body._isProduct = false;
                scratch.Claims.Begin();
                workers.Run(ref body, workers.Threads);
                body._isProduct = true;
                scratch.Claims.Begin();
                workers.Run(ref body, workers.Threads);
            }
        }
    }

    /// <summary>Claims and processes tiles or products until none is left.</summary>
    /// <param name="part">The number of the thread.</param>
    public readonly void Run(int part)
    {
        T* spare = _ofThreads + (part * _ofThread);
        if (_isProduct)
            Multiply(spare);
        else
            Transform(spare);
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
                inputs, _input.First, _input.Stride, first, count, zeros, _inputs + ((nint)skipped * _of.Sizes.Channels), _inputStep);
            T* planes = _gradients + ((nint)skipped * _of.Sizes.Filters);
            transforms.TransformOutputGradients(
                gradients, _gradient.First, _gradient.Stride, first, count, zeros, planes, _gradientStep);
        }
    }

    private readonly void Multiply(T* ofThread)
    {
        int channels = _of.Sizes.Channels, filters = _of.Sizes.Filters, numbers = channels * filters;
        for (int product = _claims.Next(); product <= _of.Kernels.Products; product = _claims.Next())
        {
            if (product == _of.Kernels.Products)
            {
                if (_biases != null)
                    AddBiases(ofThread);
                continue;
            }
            T* total = _sums + ((nint)product * _of.Sizes.KernelStep), sum = _first == 0 ? total : ofThread;
            var a = new ReadOnlySpan<T>(_inputs + (product * _inputStep), _count * channels);
            var b = new ReadOnlySpan<T>(_gradients + (product * _gradientStep), _count * filters);
            MatrixProduct.Multiply(
                new ReadOnlyMatrixView<T>(a, _count, channels),
                new ReadOnlyMatrixView<T>(b, _count, filters),
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
