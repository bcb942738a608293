using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The direct algorithm for kernels of 1x1 without padding or groups: the positions of all images are the rows of one matrix, and each pass
/// is a matrix product. With a stride, the positions that are seen are first copied side by side (<see cref="StridedPositions"/>), some
/// images at a time. The products' chains are those of <see cref="DirectConvolution{T}"/>, and so are the bits.
/// </summary>
internal sealed unsafe class PointwiseConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>About how many positions are copied side by side for one product.</summary>
    private const int PositionsTogether = 256;

    /// <summary>About how many outputs, and at least how many positions, are in one product where somebody follows the outputs.</summary>
    private const int OutputsFollowed = 1 << 17, LeastFollowed = 128;

    private readonly ConvolutionGeometry _geometry;

    /// <summary>Which positions are seen; null where all of them are.</summary>
    private readonly StridedPositions? _strided;

    public PointwiseConvolution(ConvolutionGeometry geometry) => (_geometry, _strided) = (geometry, StridedPositions.Of(geometry));

    private int Channels => _geometry.Channels;

    private int Filters => _geometry.Filters;

    private int Positions => _geometry.Positions;

    /// <summary>Whether a convolution is of this kind.</summary>
    public static bool Takes(ConvolutionGeometry geometry) =>
        geometry.Groups == 1 && IsPlain(geometry.Vertical) && IsPlain(geometry.Horizontal);

    /// <summary>The numbers that a thread needs to copy positions side by side.</summary>
    public static int CopyCount(ConvolutionGeometry geometry) => StridedPositions.Of(geometry) is null
        ? 0 : Math.Max(1, PositionsTogether / geometry.Positions) * geometry.Positions * geometry.Channels;

    /// <summary>Computes the outputs.</summary>
    public void Forward(
        ImageStack<T> input, T* weights, OutputEnd<T> end, ImageStack<T> output, PointwiseScratch<T> scratch, WorkerPool workers)
    {
        int together = _strided is not null ? TogetherStrided(output, Filters)
            : end.IsFollowed ? TogetherFollowed(input, output, workers.Threads) : 0;
        if (together > 0)
        {
            PackedMatrix<T>? packed = _strided is null ? scratch.Packed : null;
            packed?.Pack(View(weights, Channels, Filters));
            ImageProducts<T>.Run(_geometry, _strided, input, weights, packed, end, output, false, together, scratch, workers);
            return;
        }
        var options = new ProductOptions<T> { Bias = new(end.Biases, end.Biases == null ? 0 : Filters), Relu = end.Relu };
        for (int first = 0; first < input.Count; first += Together(input, Channels, output, Filters))
        {
            int rows = Together(input, Channels, output, Filters) * Positions;
            MatrixProduct.Multiply(
                View(input[first], rows, Channels), View(weights, Channels, Filters), options, workers, View(output[first], rows, Filters));
        }
    }

    /// <summary>Computes the gradients of the inputs.</summary>
    public void InputGradient(
        ImageStack<T> outputGradient, T* weights, ImageStack<T> inputGradient, PointwiseScratch<T> scratch, WorkerPool workers)
    {
        if (_strided is not null)
        {
            int together = TogetherStrided(outputGradient, Filters);
            ImageProducts<T>.Run(
                _geometry, _strided, inputGradient, weights, null, default, outputGradient, true, together, scratch, workers);
            return;
        }
        var options = new ProductOptions<T> { TransposeB = true };
        for (int first = 0; first < outputGradient.Count; first += Together(inputGradient, Channels, outputGradient, Filters))
        {
            int rows = Together(inputGradient, Channels, outputGradient, Filters) * Positions;
            MatrixProduct.Multiply(
                View(outputGradient[first], rows, Filters),
                View(weights, Channels, Filters),
                options,
                workers,
                View(inputGradient[first], rows, Channels));
        }
    }

    /// <summary>
    /// Computes the gradient of the weights, <c>destination = keep * destination + scale * gradient</c>, and that of the biases, unless its
    /// destination is null.
    /// </summary>
    public void WeightGradient(
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T scale,
        T keep,
        T* destination,
        T* biasGradient,
        PointwiseScratch<T> scratch,
        WorkerPool workers)
    {
        int numbers = Channels * Filters, step = scratch.Sums.Columns;
        fixed (T* sums = scratch.Sums.AsSpan(), copies = scratch.Copies.AsSpan())
        {
            var body = new Summing
            {
                Of = this,
                Chunks = new(_geometry, input.Count),
                Claims = scratch.Claims,
                Input = input,
                Gradient = outputGradient,
                Sums = sums,
                Step = step,
                WithBiases = biasGradient != null,
                Copies = copies,
                CopyStep = scratch.Copies.Columns,
            };

            // Each thread claims chunks. With fewer chunks than threads, all threads work on each product instead.
            bool isShared = body.Chunks.Count < workers.Threads;
            body.Workers = isShared ? workers : WorkerPool.Single;
            int parts = isShared ? 1 : workers.Threads;
            scratch.Claims.Begin(body.Chunks.Count, parts);
            if (isShared)
                body.Run(0);
            else
                workers.Run(ref body, parts);

            ChunkSums<T>.Finish(sums, step, body.Chunks.Count, numbers, scale, keep, destination, workers);
            if (biasGradient != null)
                ChunkSums<T>.Finish(sums + numbers, step, body.Chunks.Count, Filters, T.One, T.Zero, biasGradient, WorkerPool.Single);
        }
    }

    private static bool IsPlain(WindowAxis axis) => axis is { Kernel: 1, Before: 0, After: 0 };

    /// <summary>How many images are copied for one product: several where their outputs follow each other without a gap.</summary>
    private int TogetherStrided(ImageStack<T> outputs, int filters) =>
        outputs.Stride == (nint)Positions * filters ? Math.Max(1, PositionsTogether / Positions) : 1;

    /// <summary>
    /// How many images are in a product whose outputs are read in the cache; 0 where they are too few for that, and all are one product.
    /// </summary>
    private int TogetherFollowed(ImageStack<T> inputs, ImageStack<T> outputs, int threads)
    {
        int all = Together(inputs, Channels, outputs, Filters), most = Math.Max(1, all / threads);
        int together = Math.Min(most, Math.Max(OutputsFollowed / _geometry.OutputCount, (LeastFollowed + Positions - 1) / Positions));
        return (long)together * Positions < LeastFollowed ? 0 : together;
    }

    /// <summary>How many images can be seen as one matrix: all of them if there are no gaps between them, else one.</summary>
    private int Together(ImageStack<T> inputs, int channels, ImageStack<T> outputs, int filters)
    {
        bool isOne = inputs.Stride == (nint)Positions * channels && outputs.Stride == (nint)Positions * filters;
        return isOne ? inputs.Count : 1;
    }

    private static MatrixView<T> View(T* first, int rows, int columns) => new(new Span<T>(first, rows * columns), rows, columns);

    /// <summary>Sums the gradients of the weights; each thread claims one chunk after another.</summary>
    private struct Summing : IParallelBody
    {
        public required PointwiseConvolution<T> Of;
        public required BatchChunks Chunks;
        public required ShareClaims Claims;
        public required ImageStack<T> Input;
        public required ImageStack<T> Gradient;
        public required T* Sums;
        public required nint Step;
        public required bool WithBiases;
        public required T* Copies;
        public required nint CopyStep;
        public WorkerPool Workers;

        public readonly void Run(int part)
        {
            int positions = Of.Positions, channels = Of.Channels, filters = Of.Filters;
            for (int chunk = Claims.Next(part); chunk >= 0; chunk = Claims.Next(part))
            {
                T* sums = Sums + (chunk * Step), biases = sums + (channels * filters);
                new Span<T>(biases, filters).Clear();
                int first = Chunks.First(chunk), end = Chunks.End(chunk), size = end - first;
                int together = Math.Min(
                    size, Of._strided is null ? Of.Together(Input, channels, Gradient, filters) : Of.TogetherStrided(Gradient, filters));
                for (int example = first; example < end; example += together)
                {
                    // The chain of a sum goes on from image to image.
                    int count = Math.Min(together, end - example), rows = count * positions;
                    T* images = Input[example];
                    if (Of._strided is { } strided)
                    {
                        images = Copies + (part * CopyStep);
                        strided.Gather(Input, example, count, images);
                    }
                    var options = new ProductOptions<T> { TransposeA = true, Beta = example == first ? T.Zero : T.One };
                    MatrixProduct.Multiply(
                        View(images, rows, channels),
                        View(Gradient[example], rows, filters),
                        options,
                        Workers,
                        View(sums, channels, filters));
                    if (WithBiases)
                        PositionSums<T>.Add(Gradient[example], rows, filters, biases);
                }
            }
        }
    }
}
