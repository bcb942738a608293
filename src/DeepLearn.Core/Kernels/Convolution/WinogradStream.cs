using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Outputs, or gradients of inputs, by Winograd's algorithm where tiles are few and weights many, as for one image of 4x4 with 512
/// channels: some rows and columns of the weights at a time are transformed and multiplied at once, so that the transformed weights, which
/// are more than the weights, never leave the second cache. Threads share the channels of the results. The bits are those of <see
/// cref="WinogradBlocks{T}"/>, since a chain goes on from one run of rows to the next.
/// </summary>
internal unsafe struct WinogradStream<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most tiles: more are worth transformed weights of their own.</summary>
    public const int MostTiles = 32;

    /// <summary>How many rows and columns of the weights are transformed at once.</summary>
    private const int RowsTogether = WinogradSizes<T>.RowsOfStream, ColumnsTogether = WinogradSizes<T>.ColumnsOfStream;

    private WinogradConvolution<T> _of;
    private WinogradGrid _from;
    private ImageStack<T> _source;
    private T* _weights;
    private bool _isBackward;
    private WinogradGrid _to;
    private OutputEnd<T> _end;
    private ImageStack<T> _result;
    private T* _memory;
    private nint _ofThread;
    private int _shares;

    /// <summary>Computes all results; <see cref="WinogradSizes{T}.IsStreamed"/> says when.</summary>
    /// <param name="of">The convolution.</param>
    /// <param name="from">The tiles and what each sees of the source.</param>
    /// <param name="source">The images that are read.</param>
    /// <param name="weights">The weights, <c>[taps * channels, filters]</c>.</param>
    /// <param name="isBackward">Whether they are to be turned around: the results are gradients of inputs.</param>
    /// <param name="to">The tiles of the results.</param>
    /// <param name="end">What is done with the results.</param>
    /// <param name="result">The images that are written.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public static void Run(
        WinogradConvolution<T> of,
        WinogradGrid from,
        ImageStack<T> source,
        T* weights,
        bool isBackward,
        WinogradGrid to,
        OutputEnd<T> end,
        ImageStack<T> result,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        fixed (T* memory = scratch.Blocks.AsSpan())
        {
            var body = new WinogradStream<T>
            {
                _of = of,
                _from = from,
                _source = source,
                _weights = weights,
                _isBackward = isBackward,
                _to = to,
                _end = end,
                _result = result,
                _memory = memory,
                _ofThread = scratch.Blocks.Columns,
                _shares = Math.Clamp(to.Channels / 64, 1, workers.Threads),
            };
            workers.Run(ref body, body._shares);
        }
    }

    /// <summary>A share of the channels of the results.</summary>
    /// <param name="part">Which.</param>
    public readonly void Run(int part)
    {
        WinogradKernels<T> transforms = _isBackward ? _of.BackwardKernels : _of.Kernels;
        int sources = _from.Channels, tiles = _source.Count * _from.Tiles, line = WinogradSizes<T>.LineOfCache;
        int start = new Share(part, _shares).First(_to.Channels / line) * line;
        int end = part == _shares - 1 ? _to.Channels : new Share(part, _shares).End(_to.Channels / line) * line;
        nint sourceStep = WinogradSizes<T>.PlaneStep(tiles, sources);
        T* spare = _memory + (part * _ofThread), inputs = spare + _of.Sizes.Spare;
        new Span<T>(spare, sources).Clear();
        transforms.TransformInputs(_from, _source.First, _source.Stride, 0, tiles, spare, inputs, sourceStep);
        for (; start < end; start += ColumnsTogether)
            RunColumns(start, Math.Min(ColumnsTogether, end - start), tiles, inputs, sourceStep, spare);
    }

    /// <summary>Some channels of the results.</summary>
    private readonly void RunColumns(int start, int columns, int tiles, T* inputs, nint sourceStep, T* spare)
    {
        WinogradKernels<T> transforms = _isBackward ? _of.BackwardKernels : _of.Kernels;
        int sources = _from.Channels;
        nint resultStep = WinogradSizes<T>.PlaneStep(tiles, columns), kernelStep = WinogradSizes<T>.PlaneStep(RowsTogether, columns);
        T* outputs = inputs + (transforms.Products * sourceStep), kernels = outputs + (transforms.Products * resultStep);
        T* turned = kernels + (transforms.Places * kernelStep);
        for (int row = 0; row < sources; row += RowsTogether)
        {
            int rows = Math.Min(RowsTogether, sources - row);
            if (WinogradFewTiles<T>.Takes(transforms, tiles))
            {
                Multiply(row, rows, start, columns, turned, tiles, inputs + row, sourceStep, outputs, resultStep);
                continue;
            }
            WinogradWeights<T>.Transform(_of, _weights, _isBackward, row, rows, start, columns, turned, kernels, kernelStep);
            var options = new ProductOptions<T> { Beta = row == 0 ? T.Zero : T.One };
            for (int place = 0; place < transforms.Places; place++)
            {
                int plane = transforms.PlaneOf(place), rowsOfPlane = tiles * transforms.RowsOf(place);
                var a = new ReadOnlySpan<T>(inputs + (plane * sourceStep) + row, (rowsOfPlane * sources) - row);
                var b = new ReadOnlySpan<T>(kernels + (place * kernelStep), rows * columns);
                var c = new Span<T>(outputs + (plane * resultStep), rowsOfPlane * columns);
                MatrixProduct.Multiply(
                    new ReadOnlyMatrixView<T>(a, rowsOfPlane, rows, sources),
                    new ReadOnlyMatrixView<T>(b, rows, columns),
                    options,
                    WorkerPool.Single,
                    new MatrixView<T>(c, rowsOfPlane, columns));
            }
        }
        transforms.TransformOutputs(
            _to,
            outputs,
            resultStep,
            columns,
            0,
            tiles,
            columns,
            _end.BiasesFrom(start),
            _end.Relu,
            spare,
            _result.First + start,
            _result.Stride);
        _end.Wrote(0, _result.Count, _to.Height * _to.Width * columns);
    }

    /// <summary>Some rows and columns of the weights times a tile or two.</summary>
    private readonly void Multiply(
        int row, int rows, int start, int columns, T* turned, int tiles, T* inputs, nint sourceStep, T* outputs, nint resultStep)
    {
        nint filters = _of.Sizes.Filters, tapStep = _of.Sizes.Weights, rowStep = filters;
        T* weights = _weights + (row * filters) + start;
        WinogradAhead<T> next = default;
        if (_isBackward)
        {
            // The weights are read where they are turned around next: in the same columns, or in the first rows of the columns after them.
            T* after = row + rows < _from.Channels ? _weights + (start * filters) + row + rows : _weights + ((start + columns) * filters);
            next = new(after, tapStep, filters);
            WinogradWeights<T>.Turn(_of, _weights, row, rows, start, columns, turned);
            tapStep = -WinogradSizes<T>.PlaneStep(rows, columns);
            rowStep = columns;
            weights = turned - ((_of.Sizes.Taps - 1) * tapStep);
        }
        WinogradFewTiles<T>.Multiply(
            weights, tapStep, rowStep, rows, columns, next, inputs, sourceStep, _from.Channels, tiles, row > 0, outputs, resultStep);
    }
}
