using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Pooling;

/// <summary>
/// The maximum of each window, channel by channel (Riesenhuber and Poggio, "Hierarchical Models of Object Recognition in Cortex", 1999),
/// and its gradient.
/// </summary>
/// <remarks>
/// <para><c>output[y, x, c] = max over i, j of input[y * stride - before + i, x * stride - before + j, c]</c>, over the elements within the
/// image. A NaN counts as the maximum; of several equal numbers the first counts, row by row.</para>
/// <para>A matrix has one image a row, and belongs to the caller. Results are reproducible bit for bit, at any vector width and on any
/// number of threads. A pass allocates nothing.</para>
/// </remarks>
public static class MaxPooling
{
    /// <summary>The number of elements at which indices are no longer exact in a float.</summary>
    private const long MostPlaces = 1 << 24;

    /// <summary>Writes the maximum of each window.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling; a window has fewer than 2^24 elements.</param>
    /// <param name="input">The images, <c>[batch, height * width * channels]</c>.</param>
    /// <param name="output">The maxima, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="places">
    /// Receives the index of each maximum in its window, for <see cref="Backward"/>. Indices count row by row and include the padding. It
    /// has the shape of the output, or is empty if it is not needed.
    /// </param>
    /// <param name="workers">The threads, which divide the examples among them.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, shares memory with another, or a window has too many elements. Nothing has been written then.
    /// </exception>
    public static void Forward<T>(
        PoolGeometry geometry, ReadOnlyMatrixView<T> input, MatrixView<T> output, MatrixView<T> places, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(geometry, workers);
        ShapeGuard.Require(input, input.Rows, geometry.InputCount);
        ShapeGuard.Require<T>(output, input.Rows, geometry.OutputCount);
        MatrixGuard.CheckApart(input, output);
        if (!places.IsEmpty)
        {
            ShapeGuard.Require<T>(places, input.Rows, geometry.OutputCount);
            MatrixGuard.CheckApart(input, places);
            MatrixGuard.CheckApart<T>(output, places);
        }
        PoolPass<T>.Run(PoolWork.MaxForward, geometry, false, input, output, places, workers);
    }

    /// <summary>Writes the gradient of the input: each output adds its gradient to the input that was its maximum.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling.</param>
    /// <param name="outputGradient">The gradient of the output, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="places">What <see cref="Forward"/> wrote, of the same shape.</param>
    /// <param name="inputGradient">The gradient of the input, <c>[batch, height * width * channels]</c>, all of which is written.</param>
    /// <param name="workers">The threads, which divide the examples among them.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, or shares memory with the one that is written. Nothing has been written then.
    /// </exception>
    public static void Backward<T>(
        PoolGeometry geometry,
        ReadOnlyMatrixView<T> outputGradient,
        ReadOnlyMatrixView<T> places,
        MatrixView<T> inputGradient,
        WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(geometry, workers);
        ShapeGuard.Require(outputGradient, outputGradient.Rows, geometry.OutputCount);
        ShapeGuard.Require(places, outputGradient.Rows, geometry.OutputCount);
        ShapeGuard.Require<T>(inputGradient, outputGradient.Rows, geometry.InputCount);
        MatrixGuard.CheckApart(outputGradient, inputGradient);
        MatrixGuard.CheckApart(places, inputGradient);
        PoolPass<T>.Run(PoolWork.MaxBackward, geometry, false, inputGradient, outputGradient, places, workers);
    }

    private static void Check(PoolGeometry geometry, WorkerPool workers)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(workers);
        long places = (long)geometry.Vertical.Kernel * geometry.Horizontal.Kernel;
        if (places >= MostPlaces)
            throw new ArgumentException($"Expected a window of fewer than {MostPlaces} elements; found {places}.", nameof(geometry));
    }
}
