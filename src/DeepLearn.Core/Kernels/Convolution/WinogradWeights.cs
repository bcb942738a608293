using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The weights of a Winograd convolution, transformed some rows at a time; as they are for outputs, turned around for gradients of inputs.
/// Threads claim one run of rows after another.
/// </summary>
internal unsafe struct WinogradWeights<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private WinogradConvolution<T> _of;
    private T* _weights;
    private bool _isBackward;
    private PackedMatrix<T>[] _packed;
    private T* _memory;
    private nint _ofThread;
    private ClaimCounter _claims;

    /// <summary>Transforms all weights and packs them for the products: a matrix for each place.</summary>
    /// <param name="of">The convolution.</param>
    /// <param name="weights">The weights, <c>[taps * channels, filters]</c>.</param>
    /// <param name="isBackward">Whether they are to be turned around.</param>
    /// <param name="packed">Where they go.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public static void Pack(
        WinogradConvolution<T> of, T* weights, bool isBackward, PackedMatrix<T>[] packed, WinogradScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* memory = scratch.Blocks.AsSpan())
        {
            var body = new WinogradWeights<T>
            {
                _of = of,
                _weights = weights,
                _isBackward = isBackward,
                _packed = packed,
                _memory = memory,
                _ofThread = scratch.Blocks.Columns,
                _claims = scratch.Claims,
            };
            scratch.Claims.Begin();
            workers.Run(ref body, (int)Math.Clamp((long)of.Sizes.Weights / 8192, 1, workers.Threads));
        }
    }

    /// <summary>Transforms rows of the weights, and columns of the results.</summary>
    /// <param name="of">The convolution.</param>
    /// <param name="weights">The weights, <c>[taps * channels, filters]</c>.</param>
    /// <param name="isBackward">Whether they are to be turned around: rows are filters then.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="start">The first column.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="memory">Memory for the transposed weights of all taps.</param>
    /// <param name="kernels">Where the first place goes, <c>[rows, columns]</c>.</param>
    /// <param name="kernelStep">From one place to the next.</param>
    public static void Transform(
        WinogradConvolution<T> of, T* weights, bool isBackward, int first, int rows, int start, int columns, T* memory, T* kernels,
        nint kernelStep)
    {
        nint filters = of.Sizes.Filters;
        if (!isBackward)
        {
            for (int row = 0; row < rows; row++)
            {
                T* from = weights + ((first + row) * filters) + start;
                of.Kernels.TransformWeights(from, of.Sizes.Weights, kernels + ((nint)row * columns), kernelStep, columns);
            }
            return;
        }

        int numbers = rows * columns;
        Turn(of, weights, first, rows, start, columns, memory);
        nint tapStep = WinogradSizes<T>.PlaneStep(rows, columns);
        of.Kernels.TransformWeights(memory + ((of.Sizes.Taps - 1) * tapStep), -tapStep, kernels, kernelStep, numbers);
    }

    /// <summary>
    /// Turns some weights around for gradients of inputs: columns become rows. The taps, in their order, are to be read from the last to
    /// the first.
    /// </summary>
    /// <param name="of">The convolution.</param>
    /// <param name="weights">The weights, <c>[taps * channels, filters]</c>.</param>
    /// <param name="first">The first row, a filter.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="start">The first column, a channel.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="memory">Where they go, a plane <c>[rows, columns]</c> for each tap.</param>
    public static void Turn(WinogradConvolution<T> of, T* weights, int first, int rows, int start, int columns, T* memory)
    {
        nint filters = of.Sizes.Filters, tapStep = WinogradSizes<T>.PlaneStep(rows, columns);
        int numbers = rows * columns;
        for (int tap = 0; tap < of.Sizes.Taps; tap++)
        {
            T* from = weights + ((((nint)tap * of.Sizes.Channels) + start) * filters) + first;
            Transposition.Transpose(
                new ReadOnlyMatrixView<T>(new ReadOnlySpan<T>(from, ((columns - 1) * (int)filters) + rows), columns, rows, (int)filters),
                new MatrixView<T>(new Span<T>(memory + (tap * tapStep), numbers), rows, columns));
        }
    }

    /// <summary>Some rows, and others after them.</summary>
    /// <param name="part">The number of the thread.</param>
    public readonly void Run(int part)
    {
        const int Together = WinogradSizes<T>.RowsTogether;
        int sources = _packed[0].Depth, results = _packed[0].Columns;
        nint step = WinogradSizes<T>.PlaneStep(Together, results);
        T* kernels = _memory + (part * _ofThread), turned = kernels + (_packed.Length * step);
        for (int first = _claims.Next() * Together; first < sources; first = _claims.Next() * Together)
        {
            int rows = Math.Min(Together, sources - first);
            Transform(_of, _weights, _isBackward, first, rows, 0, results, turned, kernels, step);
            for (int place = 0; place < _packed.Length; place++)
            {
                var view = new ReadOnlySpan<T>(kernels + (place * step), rows * results);
                _packed[place].PackRows(first, new ReadOnlyMatrixView<T>(view, rows, results));
            }
        }
    }
}
