using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Convolution of a batch of images, forward and backward: <c>output[y, x, f] = bias[f] + sum over i, j, c of input[y * stride - before + i
/// * dilation, x * stride - before + j * dilation, c] * W[(i, j, c), f]</c>, with zeros outside the image, c over the channels of the
/// filter's group.
/// </summary>
/// <remarks>
/// <para>As in all deep-learning libraries this is a cross-correlation: the kernel is not flipped. The weights are a matrix <c>[taps *
/// group channels, filters]</c>, its rows in the order kernel row, kernel column, channel. An image is a row of a matrix, <c>[height,
/// width, channels]</c>.</para>
/// <para>There are two algorithms; the shape alone decides between them. The direct one reads patches from the image, without copying them
/// (after Dukhan, "The Indirect Convolution Algorithm", 2019, without its table of pointers): an output is one chain of fused multiply-adds
/// over taps and channels in order. Winograd's minimal filtering algorithm (Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2016) computes tiles of 2x2 or 4x4 outputs. Results are reproducible bit for bit: they do not depend on the width of the
/// vectors or the number of threads, and outputs and gradients of inputs do not depend on the rest of the batch.</para>
/// <para>Matrices and spans belong to the caller, and a pass keeps none of them. Working memory is in a
/// <see cref="ConvolutionScratch{T}"/>; several callers may use one convolution at the same time if each has its own. A pass allocates
/// nothing.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class ImageConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A convolution.</summary>
    /// <param name="geometry">The shape.</param>
    /// <param name="largestTile">
    /// The largest allowed side of Winograd's tiles, 2 or 4; 0 allows the direct algorithm only. The rounding error of 2x2 tiles is smaller
    /// than the direct algorithm's, that of 4x4 tiles about twice as large, and less than that with a stride of 2.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="largestTile"/> is not 0, 2 or 4.</exception>
    public ImageConvolution(ConvolutionGeometry geometry, int largestTile)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (largestTile is not (0 or 2 or 4))
            throw new ArgumentOutOfRangeException(nameof(largestTile), largestTile, "Expected a largest tile of 0, 2 or 4.");
        Geometry = geometry;
        Tile = WinogradRule.OutputsFor(geometry, largestTile);
        if (Tile > 0)
            Winograd = new(geometry, Tile);
        else if (PointwiseConvolution<T>.Takes(geometry))
            Pointwise = new(geometry);
        else
            Direct = new(geometry);
    }

    /// <summary>The shape.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>
    /// The side of Winograd's tiles, 2 or 4; 0 where the direct algorithm is used. It depends on the shape and the largest allowed side
    /// alone.
    /// </summary>
    public int Tile { get; }

    internal DirectConvolution<T>? Direct { get; }

    internal PointwiseConvolution<T>? Pointwise { get; }

    internal WinogradConvolution<T>? Winograd { get; }

    /// <summary>Creates working memory for one caller.</summary>
    /// <param name="capacity">The most examples of a pass, at least 1.</param>
    /// <param name="trains">Whether gradients will be computed; otherwise only outputs can be computed.</param>
    /// <param name="threads">The most threads of a pass, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public ConvolutionScratch<T> CreateScratch(int capacity, bool trains, int threads) => new(this, capacity, trains, threads);

    /// <summary>Computes the outputs.</summary>
    /// <param name="operands">What is read and written.</param>
    /// <param name="scratch">Working memory that this convolution made.</param>
    /// <param name="workers">The threads, at most as many as the working memory was made for.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape or shares memory with the output, or the working memory is another convolution's or too small. Nothing
    /// has been written then.
    /// </exception>
    public void Forward(ConvolutionOperands<T> operands, ConvolutionScratch<T> scratch, WorkerPool workers)
    {
        ReadOnlyMatrixView<T> input = operands.Input, weights = operands.Weights;
        ReadOnlySpan<T> biases = operands.Biases;
        MatrixView<T> output = operands.Output;
        Check(scratch, workers, input.Rows, trains: false);
        ShapeGuard.Require(input, input.Rows, Geometry.InputCount);
        ShapeGuard.Require<T>(output, input.Rows, Geometry.OutputCount);
        CheckWeights(weights);
        if (!biases.IsEmpty)
            ShapeGuard.Require(biases, Geometry.Filters);
        MatrixGuard.CheckApart(input, output);
        MatrixGuard.CheckApart(weights, output);
        MatrixGuard.CheckApart(biases, output);
        if (input.Rows == 0)
            return;
        fixed (T* images = input.Row(0), w = weights.Row(0), b = biases, results = output.Row(0))
        {
            var from = new ImageStack<T>(images, input.Stride, input.Rows);
            var to = new ImageStack<T>(results, output.Stride, input.Rows);
            var end = new OutputEnd<T>(b, operands.Relu, operands.Follower, to, Geometry.OutputCount);
            if (Winograd is not null)
                Winograd.Forward(from, w, end, to, scratch.Winograd!, workers);
            else if (Pointwise is not null)
                Pointwise.Forward(from, w, end, to, scratch.Pointwise!, workers);
            else
                Direct!.Forward(from, w, end, to, scratch.Direct!, workers);
        }
    }

    /// <summary>Computes the gradient of the input.</summary>
    /// <param name="outputGradient">The gradient of the output, <c>[batch, output height * output width * filters]</c>.</param>
    /// <param name="weights">The weights, <c>[taps * group channels, filters]</c>, without a gap between rows.</param>
    /// <param name="inputGradient">The gradient of the input, <c>[batch, height * width * channels]</c>, all of which is written.</param>
    /// <param name="scratch">Working memory that this convolution made, for training.</param>
    /// <param name="workers">The threads, at most as many as the working memory was made for.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape or shares memory with the input's gradient, or the working memory is another convolution's, too small
    /// or not for training. Nothing has been written then.
    /// </exception>
    public void InputGradient(
        ReadOnlyMatrixView<T> outputGradient,
        ReadOnlyMatrixView<T> weights,
        MatrixView<T> inputGradient,
        ConvolutionScratch<T> scratch,
        WorkerPool workers)
    {
        Check(scratch, workers, outputGradient.Rows, trains: true);
        ShapeGuard.Require(outputGradient, outputGradient.Rows, Geometry.OutputCount);
        ShapeGuard.Require<T>(inputGradient, outputGradient.Rows, Geometry.InputCount);
        CheckWeights(weights);
        MatrixGuard.CheckApart(outputGradient, inputGradient);
        MatrixGuard.CheckApart(weights, inputGradient);
        if (outputGradient.Rows == 0)
            return;
        fixed (T* derivatives = outputGradient.Row(0), w = weights.Row(0), results = inputGradient.Row(0))
        {
            var from = new ImageStack<T>(derivatives, outputGradient.Stride, outputGradient.Rows);
            var to = new ImageStack<T>(results, inputGradient.Stride, outputGradient.Rows);
            if (Winograd is not null)
                Winograd.InputGradient(from, w, to, scratch.Winograd!, workers);
            else if (Pointwise is not null)
                Pointwise.InputGradient(from, w, to, scratch.Pointwise!, workers);
            else
                Direct!.InputGradient(from, w, to, scratch.Direct!, workers);
        }
    }

    /// <summary>
    /// Computes the gradient of the weights, <c>destination = keep * destination + scale * gradient</c>, and that of the biases.
    /// </summary>
    /// <param name="input">The images, <c>[batch, height * width * channels]</c>, at least one.</param>
    /// <param name="outputGradient">The gradient of the output, <c>[batch, output height * output width * filters]</c>.</param>
    /// <param name="scale">The factor on the weights' gradient.</param>
    /// <param name="keep">The factor on the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">
    /// Receives the gradient of the weights, <c>[taps * group channels, filters]</c>, without a gap between rows.
    /// </param>
    /// <param name="biasGradient">Receives the gradient of the biases, <c>[filters]</c>; empty if it is not needed.</param>
    /// <param name="scratch">Working memory that this convolution made, for training.</param>
    /// <param name="workers">The threads, at most as many as the working memory was made for.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape or shares memory with what is written, the batch is empty, or the working memory is another
    /// convolution's, too small or not for training. Nothing has been written then.
    /// </exception>
    public void WeightGradient(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> outputGradient,
        T scale,
        T keep,
        MatrixView<T> destination,
        Span<T> biasGradient,
        ConvolutionScratch<T> scratch,
        WorkerPool workers)
    {
        Check(scratch, workers, input.Rows, trains: true);
        if (input.Rows == 0)
            throw new ArgumentException("Expected a batch of at least one example; found none.", nameof(input));
        ShapeGuard.Require(input, input.Rows, Geometry.InputCount);
        ShapeGuard.Require(outputGradient, input.Rows, Geometry.OutputCount);
        CheckWeights(destination);
        MatrixGuard.CheckApart(input, destination);
        MatrixGuard.CheckApart(outputGradient, destination);
        if (!biasGradient.IsEmpty)
        {
            ShapeGuard.Require<T>(biasGradient, Geometry.Filters);
            MatrixGuard.CheckApart(input, biasGradient);
            MatrixGuard.CheckApart(outputGradient, biasGradient);
            MatrixGuard.CheckApart<T, T>(destination, biasGradient);
        }
        fixed (T* images = input.Row(0), derivatives = outputGradient.Row(0), ofWeights = destination.Row(0), ofBiases = biasGradient)
        {
            var from = new ImageStack<T>(images, input.Stride, input.Rows);
            var gradient = new ImageStack<T>(derivatives, outputGradient.Stride, input.Rows);
            if (Winograd is not null)
                Winograd.WeightGradient(from, gradient, scale, keep, ofWeights, ofBiases, scratch.Winograd!, workers);
            else if (Pointwise is not null)
                Pointwise.WeightGradient(from, gradient, scale, keep, ofWeights, ofBiases, scratch.Pointwise!, workers);
            else
                Direct!.WeightGradient(from, gradient, scale, keep, ofWeights, ofBiases, scratch.Direct!, workers);
        }
    }

    private void Check(ConvolutionScratch<T> scratch, WorkerPool workers, int batch, bool trains)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        ArgumentNullException.ThrowIfNull(workers);
        if (!ReferenceEquals(scratch.Convolution, this))
            throw new ArgumentException("Expected working memory that this convolution made; found another's.", nameof(scratch));
        if (trains && !scratch.Trains)
            throw new ArgumentException("Expected working memory for training; found some for outputs alone.", nameof(scratch));
        if (workers.Threads > scratch.Threads)
        {
            throw new ArgumentException(
                $"Expected at most {scratch.Threads} threads, for which there is memory; found {workers.Threads}.", nameof(workers));
        }
        ShapeGuard.RequireCapacity(batch, scratch.Capacity);
    }

    private void CheckWeights(ReadOnlyMatrixView<T> weights)
    {
        ShapeGuard.Require(weights, Geometry.Depth, Geometry.Filters);
        if (!weights.IsContiguous)
            throw new ArgumentException($"Expected weights without a gap between rows; found {weights.ToString()}.", nameof(weights));
    }
}
