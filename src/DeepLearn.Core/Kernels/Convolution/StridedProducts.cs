using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Outputs, or gradients of inputs, of a convolution of 1x1 with a stride: a product for some images after others, over copies of the
/// positions that are seen.
/// </summary>
internal unsafe struct StridedProducts<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private ConvolutionGeometry _geometry;
    private StridedPositions _positions;
    private ImageStack<T> _inputs;
    private T* _weights;
    private T* _biases;
    private bool _relu;
    private ImageStack<T> _outputs;
    private bool _isBackward;
    private int _together;
    private T* _copies;
    private nint _copyStep;
    private ClaimCounter _claims;

    /// <summary>Computes all results.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="positions">The positions that it sees.</param>
    /// <param name="inputs">The images, or where their gradients go.</param>
    /// <param name="weights">The weights, <c>[channels, filters]</c>.</param>
    /// <param name="biases">A number for each filter, or null.</param>
    /// <param name="relu">Whether negative outputs become 0.</param>
    /// <param name="outputs">Where the outputs go, or their gradients.</param>
    /// <param name="isBackward">Whether gradients of inputs are wanted.</param>
    /// <param name="together">How many images are copied for a product.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public static void Run(
        ConvolutionGeometry geometry,
        StridedPositions positions,
        ImageStack<T> inputs,
        T* weights,
        T* biases,
        bool relu,
        ImageStack<T> outputs,
        bool isBackward,
        int together,
        PointwiseScratch<T> scratch,
        WorkerPool workers)
    {
        fixed (T* copies = scratch.Copies.AsSpan())
        {
            var body = new StridedProducts<T>
            {
                _geometry = geometry,
                _positions = positions,
                _inputs = inputs,
                _weights = weights,
                _biases = biases,
                _relu = relu,
                _outputs = outputs,
                _isBackward = isBackward,
                _together = together,
                _copies = copies,
                _copyStep = scratch.Copies.Columns,
                _claims = scratch.Claims,
            };
            scratch.Claims.Begin();
            workers.Run(ref body, Math.Min(workers.Threads, (inputs.Count + together - 1) / together));
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
            Bias = new(_biases, _biases == null ? 0 : filters),
            Relu = _relu,
        };
        MatrixView<T> weights = View(_weights, channels, filters);
        for (int first = _claims.Next() * _together; first < _inputs.Count; first = _claims.Next() * _together)
        {
            int count = Math.Min(_together, _inputs.Count - first), rows = count * _geometry.Positions;
            MatrixView<T> copies = View(copy, rows, channels), outputs = View(_outputs[first], rows, filters);
            if (_isBackward)
            {
                MatrixProduct.Multiply(outputs, weights, options, WorkerPool.Single, copies);
                _positions.Scatter(copy, _inputs, first, count);
                continue;
            }
            _positions.Gather(_inputs, first, count, copy);
            MatrixProduct.Multiply(copies, weights, options, WorkerPool.Single, outputs);
        }
    }

    private static MatrixView<T> View(T* first, int rows, int columns) => new(new Span<T>(first, rows * columns), rows, columns);
}
