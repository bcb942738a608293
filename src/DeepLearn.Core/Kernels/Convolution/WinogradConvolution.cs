using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A convolution of 3x3 or 5x5 by Winograd's minimal filtering algorithm (Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2016).
/// Inputs and kernels are transformed, one matrix product <c>[tiles, channels] [channels, filters]</c> is taken for each element of a
/// square, and the products are transformed to tiles of outputs.
/// </summary>
/// <remarks>
/// <para>With a stride of 2, a kernel of 3x3 is four kernels, of 2x2, 2x1, 1x2 and 1x1, for inputs with even and odd numbers. What sees
/// two taps along an axis is an F(4, 2), five products for four outputs; what sees one is multiplied as it is. That makes 81 products for
/// 4x4 outputs, directly 144.</para>
/// <para>The gradient of the inputs is the same convolution with the kernels rotated by 180 degrees; with a stride of 2, it is an F(4, 2)
/// for every other input of a line, and plain products between them. For the gradient of the weights, the gradients of the outputs are
/// transformed by the transpose of the output transform, the products are summed over the tiles, and the sums are transformed to gradients
/// of taps.</para>
/// <para>Every output depends only on the weights and on the inputs that its tile sees. It has the same bits in any batch, at any vector
/// width and on any number of threads. A sum over tiles is a chain of fused multiply-adds over each run of tiles, and the runs are added in
/// order; the length of a run depends on the shape alone. A NaN or an infinity in an image reaches all outputs of the tiles that see it;
/// the direct algorithm would leave some of them finite.</para>
/// </remarks>
internal sealed unsafe class WinogradConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WinogradGrid _gradients;
    private readonly WinogradGrid _inputGradients;

    /// <summary>A convolution.</summary>
    /// <param name="geometry">Its geometry, which <see cref="WinogradRule"/> allows.</param>
    /// <param name="outputs">The side of a tile of outputs, 2 or 4; 4 with a stride of 2.</param>
    public WinogradConvolution(ConvolutionGeometry geometry, int outputs)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        int channels = geometry.Channels, filters = geometry.Filters, stride = vertical.Stride;
        Kernels = WinogradKernels<T>.For(outputs, vertical.Kernel, stride);
        Sizes = new(Kernels.Products, Kernels.Places, geometry.Taps, channels, filters);
        Positions = geometry.Positions;
        BackwardKernels = Kernels;
        int side = Kernels.Side, down = Tiles(vertical.Output), across = Tiles(horizontal.Output);
        Inputs = new(
            down, across, outputs * stride, -vertical.Before, -horizontal.Before, side, vertical.Input, horizontal.Input, channels);
        Outputs = new(down, across, outputs, 0, 0, outputs, vertical.Output, horizontal.Output, filters);

        if (stride == 2)
        {
            BackwardKernels = WinogradKernels<T>.Backward(WinogradStrideGrids.IsOdd(geometry));
            _gradients = WinogradStrideGrids.From(geometry);
            _inputGradients = WinogradStrideGrids.To(geometry);
            return;
        }

        // The backward convolution pads by kernel - 1, less the padding of the forward one.
        int most = vertical.Kernel - 1;
        down = Tiles(vertical.Input);
        across = Tiles(horizontal.Input);
        _gradients = new(
            down, across, outputs, vertical.Before - most, horizontal.Before - most, side, vertical.Output, horizontal.Output, filters);
        _inputGradients = new(down, across, outputs, 0, 0, outputs, vertical.Input, horizontal.Input, channels);

        int Tiles(int extent) => (extent + outputs - 1) / outputs;
    }

    /// <summary>The transforms.</summary>
    public WinogradKernels<T> Kernels { get; }

    /// <summary>The transforms for gradients of inputs.</summary>
    public WinogradKernels<T> BackwardKernels { get; }

    /// <summary>How many tiles are processed together.</summary>
    public WinogradSizes<T> Sizes { get; }

    /// <summary>The positions of an image's outputs.</summary>
    public int Positions { get; }

    /// <summary>The tiles, and the square of the input that each of them reads.</summary>
    public WinogradGrid Inputs { get; }

    /// <summary>The tiles of the output.</summary>
    public WinogradGrid Outputs { get; }

    /// <summary>The most tiles of an image in any pass: inputs have more than outputs where there is little padding.</summary>
    public int MostTiles => Math.Max(Inputs.Tiles, _gradients.Tiles);

    /// <summary>Computes the outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">The weights, <c>[taps * channels, filters]</c>.</param>
    /// <param name="end">What is done with the outputs.</param>
    /// <param name="output">The outputs.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public void Forward(
        ImageStack<T> input, T* weights, OutputEnd<T> end, ImageStack<T> output, WinogradScratch<T> scratch, WorkerPool workers)
    {
        if (Sizes.IsStreamed(input.Count * Inputs.Tiles, areKnown: !scratch.Trains))
        {
            WinogradStream<T>.Run(this, Inputs, input, weights, false, Outputs, end, output, scratch, workers);
            return;
        }
        if (scratch.ForwardsFrom.IsSet && !end.IsFollowed)
        {
            // The threads compare the weights while they compute with the transformed ones. If the weights have changed, all is done anew.
            scratch.ForwardsFrom.Begin(weights);
            WinogradBlocks<T>.Run(
                this, Kernels, Inputs, input, scratch.Forwards, Outputs, end, output, scratch, workers, scratch.ForwardsFrom);
            if (!scratch.ForwardsFrom.Differ)
                return;
        }
        scratch.ForwardsFrom.Clear();
        WinogradWeights<T>.Pack(this, weights, false, scratch.Forwards, scratch, workers);
        scratch.ForwardsFrom.Set(weights);
        WinogradBlocks<T>.Run(this, Kernels, Inputs, input, scratch.Forwards, Outputs, end, output, scratch, workers);
    }

    /// <summary>Computes the gradients of the inputs from those of the outputs.</summary>
    public void InputGradient(
        ImageStack<T> outputGradient, T* weights, ImageStack<T> inputGradient, WinogradScratch<T> scratch, WorkerPool workers)
    {
        if (Sizes.IsStreamed(outputGradient.Count * _gradients.Tiles))
        {
            WinogradStream<T>.Run(
                this, _gradients, outputGradient, weights, true, _inputGradients, default, inputGradient, scratch, workers);
            return;
        }
        WinogradWeights<T>.Pack(this, weights, true, scratch.Backwards, scratch, workers);
        WinogradBlocks<T>.Run(
            this, BackwardKernels, _gradients, outputGradient, scratch.Backwards, _inputGradients, default, inputGradient, scratch,
            workers);
    }

    /// <summary>
    /// Computes the gradient of the weights, <c>destination = keep * destination + scale * gradient</c>, and that of the biases, which is
    /// written without factors unless its destination is null.
    /// </summary>
    public void WeightGradient(
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T scale,
        T keep,
        T* destination,
        T* biasGradient,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        if (Sizes.StreamsSums(input.Count * Inputs.Tiles))
            WinogradSumStream<T>.Run(this, input, outputGradient, scale, keep, destination, biasGradient, scratch, workers);
        else
            SumAndTransform(input, outputGradient, scale, keep, destination, biasGradient, scratch, workers);
    }

    private void SumAndTransform(
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T scale,
        T keep,
        T* destination,
        T* biasGradient,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        fixed (T* sums = scratch.Kernels.AsSpan())
        {
            WinogradSums<T>.Run(this, input, outputGradient, sums, biasGradient, scratch, workers);
            var end = new TransformOfSums
            {
                Of = this,
                Sums = sums,
                Scale = scale,
                Keep = keep,
                Destination = destination,
                Parts = PartsOfKernels(workers),
            };
            workers.Run(ref end, end.Parts);
        }
    }

    private int PartsOfKernels(WorkerPool workers) => (int)Math.Clamp((long)Sizes.Weights / 8192, 1, workers.Threads);

    /// <summary>A part's share of the kernels.</summary>
    private (int Start, int Count) Share(int part, int parts)
    {
        int numbers = Sizes.Weights;
        int start = (int)((long)numbers * part / parts) & ~15;
        int end = part == parts - 1 ? numbers : (int)((long)numbers * (part + 1) / parts) & ~15;
        return (start, end - start);
    }

    private struct TransformOfSums : IParallelBody
    {
        public required WinogradConvolution<T> Of;
        public required T* Sums;
        public required T Scale;
        public required T Keep;
        public required T* Destination;
        public required int Parts;

        public readonly void Run(int part)
        {
            (int start, int count) = Of.Share(part, Parts);
            Of.Kernels.TransformSums(
                Sums + start, Of.Sizes.KernelStep, count, Scale, Keep, Destination + start, Of.Sizes.Weights);
        }
    }
}
