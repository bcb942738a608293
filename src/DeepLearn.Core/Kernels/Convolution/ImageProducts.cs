using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Outputs, or gradients of inputs, of a convolution of 1x1, a product for some images after others: over copies of the positions that a
/// stride sees; or over the images themselves, where somebody follows the outputs and finds them in the cache.
/// </summary>
internal unsafe struct ImageProducts<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ConvolutionGeometry _geometry;
    private StridedPositions? _positions;
    private ImageStack<T> _inputs;
    private T* _weights;
    private PackedMatrix<T>? _packed;
    private OutputEnd<T> _end;
    private ImageStack<T> _outputs;
    private bool _isBackward;
    private int _together;
    private T* _copies;
    private nint _copyStep;
    private ShareClaims _claims;

    /// <summary>Computes all results.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="positions">The positions that it sees; null where it sees all, forward.</param>
    /// <param name="inputs">The images, or where their gradients go.</param>
    /// <param name="weights">The weights, <c>[channels, filters]</c>.</param>
    /// <param name="packed">The same weights as the products read them, forward; or null.</param>
    /// <param name="end">What is done with the outputs.</param>
    /// <param name="outputs">Where the outputs go, or their gradients.</param>
    /// <param name="isBackward">Whether gradients of inputs are wanted.</param>
    /// <param name="together">How many images are in a product.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public static void Run(
        ConvolutionGeometry geometry,
        StridedPositions? positions,
        ImageStack<T> inputs,
        T* weights,
        PackedMatrix<T>? packed,
        OutputEnd<T> end,
        ImageStack<T> outputs,
        bool isBackward,
        int together,
        PointwiseScratch<T> scratch,
        WorkerPool workers)
    {
        fixed (T* copies = scratch.Copies.AsSpan())
        {
            var body = new ImageProducts<T>
            {
                _geometry = geometry,
                _positions = positions,
                _inputs = inputs,
                _weights = weights,
                _packed = packed,
                _end = end,
                _outputs = outputs,
                _isBackward = isBackward,
                _together = together,
                _copies = copies,
                _copyStep = scratch.Copies.Columns,
                _claims = scratch.Claims,
            };
            int items = (inputs.Count + together - 1) / together, parts = Math.Min(workers.Threads, items);
            scratch.Claims.Begin(items, parts);
            workers.Run(ref body, parts);
        }
    }

    /// <summary>Some images, and others after them.</summary>
    /// <param name="part">The number of the thread.</param>
    public readonly void Run(int part)
    {
        int channels = _geometry.Channels, filters = _geometry.Filters;
        T* copy = _copies + (part * _copyStep);
        var options = new ProductOptions<T>
        {
            TransposeB = _isBackward,
            Bias = new(_end.Biases, _end.Biases == null ? 0 : filters),
            Relu = _end.Relu,
        };
        MatrixView<T> weights = View(_weights, channels, filters);
        for (int item = _claims.Next(part); item >= 0; item = _claims.Next(part))
        {
            int first = item * _together, count = Math.Min(_together, _inputs.Count - first), rows = count * _geometry.Positions;
            MatrixView<T> inputs = View(_positions is null ? _inputs[first] : copy, rows, channels);
            MatrixView<T> outputs = View(_outputs[first], rows, filters);
            if (_isBackward)
            {
                MatrixProduct.Multiply(outputs, weights, options, WorkerPool.Single, inputs);
                _positions!.Scatter(copy, _inputs, first, count);
                continue;
            }
            _positions?.Gather(_inputs, first, count, copy);
            if (_packed is null)
                MatrixProduct.Multiply(inputs, weights, options, WorkerPool.Single, outputs);
            else
                MatrixProduct.Multiply(inputs, _packed, options, WorkerPool.Single, outputs);
            _end.Wrote(first, count);
        }
    }

    private static MatrixView<T> View(T* first, int rows, int columns) => new(new Span<T>(first, rows * columns), rows, columns);
}
