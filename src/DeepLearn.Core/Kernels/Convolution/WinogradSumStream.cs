using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The gradient of the weights by Winograd's algorithm where tiles are few and weights many: the sums of some channels and filters at a
/// time are transformed to taps as soon as they are there, so that they never leave the second cache. The bits are those of
/// <see cref="WinogradSums{T}"/> of one run.
/// </summary>
internal unsafe struct WinogradSumStream<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowsTogether = WinogradSizes<T>.RowsOfStream, ColumnsTogether = WinogradSizes<T>.ColumnsOfStream;

    private WinogradConvolution<T> _of;
    private T* _inputs;
    private nint _inputStep;
    private T* _gradients;
    private nint _gradientStep;
    private int _tiles;
    private T _scale;
    private T _keep;
    private T* _destination;
    private T* _memory;
    private nint _ofThread;
    private ClaimCounter _claims;

    /// <summary>
    /// Computes the gradient, and that of the biases unless its destination is null; <see cref="WinogradSizes{T}.StreamsSums"/> says when.
    /// </summary>
    public static void Run(
        WinogradConvolution<T> of,
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T scale,
        T keep,
        T* destination,
        T* biasGradient,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        WinogradSizes<T> sizes = of.Sizes;
        WinogradKernels<T> transforms = of.Kernels;
        int tiles = input.Count * of.Inputs.Tiles;
        int inputStep = WinogradSizes<T>.PlaneStep(tiles, sizes.Channels), gradientStep = WinogradSizes<T>.PlaneStep(tiles, sizes.Filters);
        fixed (T* planes = scratch.Run.AsSpan(), zeros = scratch.Sums.AsSpan(), memory = scratch.Blocks.AsSpan())
        {
            T* gradients = planes + ((nint)sizes.Products * inputStep);
            new Span<T>(zeros, sizes.Spare).Clear();
            transforms.TransformInputs(of.Inputs, input.First, input.Stride, 0, tiles, zeros, planes, inputStep);
            transforms.TransformOutputGradients(
                of.Outputs, outputGradient.First, outputGradient.Stride, 0, tiles, zeros, gradients, gradientStep);
            var body = new WinogradSumStream<T>
            {
                _of = of,
                _inputs = planes,
                _inputStep = inputStep,
                _gradients = gradients,
                _gradientStep = gradientStep,
                _tiles = tiles,
                _scale = scale,
                _keep = keep,
                _destination = destination,
                _memory = memory,
                _ofThread = scratch.Blocks.Columns,
                _claims = scratch.Claims,
            };
            scratch.Claims.Begin();
            workers.Run(ref body, workers.Threads);
            if (biasGradient != null)
                PositionSums<T>.AddImages(outputGradient, 0, input.Count, of.Positions, sizes.Filters, zeros, biasGradient);
        }
    }

    /// <summary>Some channels with some filters, and others after them.</summary>
    /// <param name="part">The number of the thread.</param>
    public readonly void Run(int part)
    {
        int channels = _of.Sizes.Channels, filters = _of.Sizes.Filters;
        int across = (filters + ColumnsTogether - 1) / ColumnsTogether, items = (channels + RowsTogether - 1) / RowsTogether * across;
        T* sums = _memory + (part * _ofThread);
        for (int item = _claims.Next(); item < items; item = _claims.Next())
        {
            int first = item / across * RowsTogether, start = item % across * ColumnsTogether;
            Sum(first, Math.Min(RowsTogether, channels - first), start, Math.Min(ColumnsTogether, filters - start), sums);
        }
    }

    private readonly void Sum(int first, int rows, int start, int columns, T* sums)
    {
        int channels = _of.Sizes.Channels, filters = _of.Sizes.Filters;
        if (WinogradFewTiles<T>.TakesSums(_of.Kernels, _tiles))
        {
            T* destination = _destination + ((nint)first * filters) + start;
            WinogradFewTiles<T>.Sum(
                _inputs + first, _inputStep, channels, _gradients + start, _gradientStep, filters, _tiles, rows, columns, _scale, _keep,
                destination, _of.Sizes.Weights, filters);
            return;
        }
        nint step = WinogradSizes<T>.PlaneStep(rows, columns);
        for (int place = 0; place < _of.Kernels.Places; place++)
        {
            int plane = _of.Kernels.PlaneOf(place), depth = _tiles * _of.Kernels.RowsOf(place);
            var a = new ReadOnlySpan<T>(_inputs + (plane * _inputStep) + first, (depth * channels) - first);
            var b = new ReadOnlySpan<T>(_gradients + (plane * _gradientStep) + start, (depth * filters) - start);
            MatrixProduct.Multiply(
                new ReadOnlyMatrixView<T>(a, depth, rows, channels),
                new ReadOnlyMatrixView<T>(b, depth, columns, filters),
                new ProductOptions<T> { TransposeA = true },
                WorkerPool.Single,
                new MatrixView<T>(new Span<T>(sums + (place * step), rows * columns), rows, columns));
        }
        for (int row = 0; row < rows; row++)
        {
            T* to = _destination + ((nint)(first + row) * filters) + start;
            _of.Kernels.TransformSums(sums + ((nint)row * columns), step, columns, _scale, _keep, to, _of.Sizes.Weights);
        }
    }
}
