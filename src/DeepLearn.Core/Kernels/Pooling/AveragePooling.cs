using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Pooling;

/// <summary>
/// The mean of each window, channel by channel (LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document
/// Recognition", 1998, without that paper's trained factors), and its gradient.
/// </summary>
/// <remarks>
/// <para><c>output[y, x, c] = (sum over i, j of input[y * stride - before + i, x * stride - before + j, c]) / count</c>, summed row by row
/// over the elements within the image. The count is the number of those elements or, if the padding counts, of all elements of the
/// window.</para>
/// <para>A matrix has one image a row, and belongs to the caller. Results are reproducible bit for bit, at any vector width and on any
/// number of threads. A pass allocates nothing.</para>
/// </remarks>
public static class AveragePooling
{
    /// <summary>Writes the mean of each window.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts as zeros.</param>
    /// <param name="input">The images, <c>[batch, height * width * channels]</c>.</param>
    /// <param name="output">The means, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="workers">The threads, which divide the examples among them.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, or the operands share memory. Nothing has been written then.
    /// </exception>
    public static void Forward<T>(
        PoolGeometry geometry, bool countsPadding, ReadOnlyMatrixView<T> input, MatrixView<T> output, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(workers);
        ShapeGuard.Require(input, input.Rows, geometry.InputCount);
        ShapeGuard.Require<T>(output, input.Rows, geometry.OutputCount);
        MatrixGuard.CheckApart(input, output);
        PoolPass<T>.Run(PoolWork.AverageForward, geometry, countsPadding, input, output, default, workers);
    }

    /// <summary>
    /// Writes the gradient of the input: each output adds its gradient, divided by the count, to all inputs of its window.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts as zeros.</param>
    /// <param name="outputGradient">The gradient of the output, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="inputGradient">The gradient of the input, <c>[batch, height * width * channels]</c>, all of which is written.</param>
    /// <param name="workers">The threads, which divide the examples among them.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, or the operands share memory. Nothing has been written then.
    /// </exception>
    public static void Backward<T>(
        PoolGeometry geometry, bool countsPadding, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> inputGradient, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(workers);
        ShapeGuard.Require(outputGradient, outputGradient.Rows, geometry.OutputCount);
        ShapeGuard.Require<T>(inputGradient, outputGradient.Rows, geometry.InputCount);
        MatrixGuard.CheckApart(outputGradient, inputGradient);
        PoolPass<T>.Run(PoolWork.AverageBackward, geometry, countsPadding, inputGradient, outputGradient, default, workers);
    }
}
