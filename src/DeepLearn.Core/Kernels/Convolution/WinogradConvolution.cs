using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A convolution of 3x3 by Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
/// Inputs and kernels are transformed, one matrix product <c>[tiles, channels] [channels, filters]</c> is taken for each place of a square,
/// and the products are transformed to tiles of outputs.
/// </summary>
/// <remarks>
/// <para>The gradient of the inputs is the same with the kernels turned around. The gradient of the weights transforms the gradients of
/// the outputs by the transpose of what made outputs, multiplies over the tiles, and transforms the sums to taps.</para>
/// <para>Every result is a function of what its tile sees and of the weights: it has the same bits in any batch, at any width and on any
/// number of threads. The sums over tiles are chains of fused multiply-adds over runs of tiles, whose length depends on the shape alone;
/// runs are added in order. A NaN or an infinity in an image reaches all outputs of the tiles that see it, of which the direct algorithm
/// would leave some finite.</para>
/// </remarks>
internal sealed unsafe class WinogradConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WinogradGrid _gradients;
    private readonly WinogradGrid _inputGradients;

    /// <summary>A convolution.</summary>
    /// <param name="geometry">Its geometry, of a kind that <see cref="WinogradRule"/> allows.</param>
    /// <param name="outputs">The side of a tile of outputs, 2 or 4.</param>
    public WinogradConvolution(ConvolutionGeometry geometry, int outputs)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        int channels = geometry.Channels, filters = geometry.Filters;
        Kernels = WinogradKernels<T>.For(outputs);
        Sizes = new(Kernels.Products, channels, filters);
        int side = Kernels.Side, down = Tiles(vertical.Output), across = Tiles(horizontal.Output);
        Inputs = new(down, across, outputs, -vertical.Before, -horizontal.Before, side, vertical.Input, horizontal.Input, channels);
        Outputs = new(down, across, outputs, 0, 0, outputs, vertical.Output, horizontal.Output, filters);

        // Backward, the image of the gradients has the padding that a whole kernel needs, less that of the inputs.
        down = Tiles(vertical.Input);
        across = Tiles(horizontal.Input);
        _gradients = new(
            down, across, outputs, vertical.Before - 2, horizontal.Before - 2, side, vertical.Output, horizontal.Output, filters);
        _inputGradients = new(down, across, outputs, 0, 0, outputs, vertical.Input, horizontal.Input, channels);

        int Tiles(int extent) => (extent + outputs - 1) / outputs;
    }

    /// <summary>The transforms.</summary>
    public WinogradKernels<T> Kernels { get; }

    /// <summary>How much is worked on at once.</summary>
    public WinogradSizes<T> Sizes { get; }

    /// <summary>The tiles and what each sees of the input.</summary>
    public WinogradGrid Inputs { get; }

    /// <summary>The tiles of the output.</summary>
    public WinogradGrid Outputs { get; }

    /// <summary>Computes the outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">The weights, <c>[9 * channels, filters]</c>.</param>
    /// <param name="biases">A number for each filter, or null.</param>
    /// <param name="relu">Whether negative outputs become 0.</param>
    /// <param name="output">The outputs.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public void Forward(
        ImageStack<T> input, T* weights, T* biases, bool relu, ImageStack<T> output, WinogradScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* kernels = scratch.Kernels.AsSpan())
        {
            TransformWeights(weights, Sizes.Channels, Sizes.Filters, 1, kernels, workers);
            WinogradBlocks<T>.Run(this, Inputs, input, kernels, Outputs, biases, relu, output, scratch, workers);
        }
    }

    /// <summary>Computes the gradients of the inputs from those of the outputs.</summary>
    public void InputGradient(
        ImageStack<T> outputGradient, T* weights, ImageStack<T> inputGradient, WinogradScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* kernels = scratch.Kernels.AsSpan(), turned = scratch.Turned.AsSpan())
        {
            var body = new Exchange { Weights = weights, Turned = turned, Channels = Sizes.Channels, Filters = Sizes.Filters };
            workers.Run(ref body, 9);
            TransformWeights(turned, Sizes.Filters, Sizes.Channels, -1, kernels, workers);
            WinogradBlocks<T>.Run(
                this, _gradients, outputGradient, kernels, _inputGradients, null, false, inputGradient, scratch, workers);
        }
    }

    /// <summary>
    /// Computes the gradient of the weights, <c>destination = keep * destination + scale * gradient</c>, and that of the biases, which
    /// is written as it is where there is a place for it.
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
        fixed (T* sums = scratch.Kernels.AsSpan(), biases = scratch.Biases.AsSpan())
        {
            WinogradSums<T>.Run(this, input, outputGradient, sums, biases, scratch, workers);
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
            if (biasGradient != null)
                scratch.Biases.AsSpan().CopyTo(new Span<T>(biasGradient, Sizes.Filters));
        }
    }

    private int PartsOfKernels(WorkerPool workers) => (int)Math.Clamp((long)Sizes.Weights / 8192, 1, workers.Threads);

    private void TransformWeights(T* weights, int rows, int columns, int direction, T* kernels, WorkerPool workers)
    {
        var body = new TransformOfWeights
        {
            Of = this,
            Weights = direction > 0 ? weights : weights + (8 * (nint)rows * columns),
            TapStep = direction * (nint)rows * columns,
            Kernels = kernels,
            Parts = PartsOfKernels(workers),
        };
        workers.Run(ref body, body.Parts);
    }

    /// <summary>A part's share of the kernels.</summary>
    private (int Start, int Count) Share(int part, int parts)
    {
        int numbers = Sizes.Weights;
        int start = (int)((long)numbers * part / parts) & ~15;
        int end = part == parts - 1 ? numbers : (int)((long)numbers * (part + 1) / parts) & ~15;
        return (start, end - start);
    }

    private struct TransformOfWeights : IParallelBody
    {
        public required WinogradConvolution<T> Of;
        public required T* Weights;
        public required nint TapStep;
        public required T* Kernels;
        public required int Parts;

        public readonly void Run(int part)
        {
            (int start, int count) = Of.Share(part, Parts);
            Of.Kernels.TransformWeights(Weights + start, TapStep, Kernels + start, Of.Sizes.KernelStep, count);
        }
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

    /// <summary>The weights of a tap, rows and columns exchanged.</summary>
    private struct Exchange : IParallelBody
    {
        public required T* Weights;
        public required T* Turned;
        public required int Channels;
        public required int Filters;

        public readonly void Run(int part)
        {
            int numbers = Channels * Filters;
            Transposition.Transpose(
                new ReadOnlyMatrixView<T>(new ReadOnlySpan<T>(Weights + ((nint)part * numbers), numbers), Channels, Filters),
                new MatrixView<T>(new Span<T>(Turned + ((nint)part * numbers), numbers), Filters, Channels));
        }
    }
}
