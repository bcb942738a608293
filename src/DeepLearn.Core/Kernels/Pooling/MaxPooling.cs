using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Pooling;

/// <summary>
/// The largest number of each window, channel by channel (Riesenhuber and Poggio, "Hierarchical Models of Object Recognition in Cortex",
/// 1999), and the way of the gradient back to where it stood.
/// </summary>
/// <remarks>
/// <para><c>output[y, x, c] = max over i, j of input[y * stride - before + i, x * stride - before + j, c]</c>, over the places within the
/// image. A NaN counts as largest; of several equal numbers the first does, row by row.</para>
/// <para>A matrix has a row for each example, an image each, and belongs to the caller. Results are the same bits at any width of vectors
/// and on any number of threads. A pass allocates nothing.</para>
/// </remarks>
public static class MaxPooling
{
    /// <summary>The numbers below which T holds every whole number that numbers a place of a window.</summary>
    private const long MostPlaces = 1 << 24;

    /// <summary>Writes the largest number of each window.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling; a window has fewer than 2^24 places.</param>
    /// <param name="input">The images, <c>[batch, height * width * channels]</c>.</param>
    /// <param name="output">The largest numbers, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="places">
    /// Where each stood, for <see cref="Backward"/>: the number of the place in its window, row by row, the padding counted. Of the shape
    /// of the output, or empty where nobody wants to know.
    /// </param>
    /// <param name="workers">The threads, which share the examples.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, shares memory with another, or a window has too many places. Nothing has been written then.
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

    /// <summary>Writes the gradient of the input: that of each output is added where its largest number stood.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="geometry">The pooling.</param>
    /// <param name="outputGradient">The gradient of the output, <c>[batch, output height * output width * channels]</c>.</param>
    /// <param name="places">What <see cref="Forward"/> wrote, of the same shape.</param>
    /// <param name="inputGradient">The gradient of the input, <c>[batch, height * width * channels]</c>, all of which is written.</param>
    /// <param name="workers">The threads, which share the examples.</param>
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
            throw new ArgumentException($"Expected a window of fewer than {MostPlaces} places; found {places}.", nameof(geometry));
    }
}
