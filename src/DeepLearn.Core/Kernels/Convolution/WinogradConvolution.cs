using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A convolution of 3x3 by Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
/// Inputs and
/// kernels are transformed, one matrix product <c>[tiles, channels] [channels, filters]</c> is taken for each place of a square, and the
/// products are transformed to tiles of outputs.
/// </summary>
/// <remarks>
/// <para>The gradient of the inputs is the same with the kernels turned around. The gradient of the weights transforms the gradients of
/// the outputs by
/// the transpose of what made outputs, multiplies over the tiles, and transforms the sums to taps.</para>
/// <para>Every result is a function of what its tile sees and of the weights: it has the same bits in any batch, at any width and on any
/// number of
/// threads. The sums over tiles are chains of fused multiply-adds over runs of tiles, whose length depends on the shape alone; runs are
/// added in
/// order. A NaN or an infinity in an image reaches all outputs of the tiles that see it, of which the direct algorithm would leave some
/// finite.</para>
/// </remarks>
internal sealed unsafe class WinogradConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>About how many bytes the transformed inputs and outputs of a block of tiles take: what the second cache holds.</summary>
    private const int BlockBytes = 1 << 20;

    /// <summary>The fewest and the most tiles of a block: fewer would read the weights too often.</summary>
    private const int LeastBlock = 32, MostBlock = 512;

    /// <summary>
    /// From how many bytes on the weights of one product no longer stay in the second cache beside all else, and the fewest tiles then.
    /// </summary>
    private const int LargeWeights = 512 << 10, LeastBlockOfLargeWeights = 128;

    /// <summary>About how many bytes the transformed inputs and gradients of a run of tiles take, and the fewest and most tiles of
    /// it.</summary>
    private const int RunBytes = 8 << 20, LeastRun = 64, MostRun = 512;

    private readonly WinogradKernels<T> _kernels;
    private readonly WinogradGrid _inputs;
    private readonly WinogradGrid _outputs;
    private readonly WinogradGrid _gradients;
    private readonly WinogradGrid _inputGradients;

    /// <summary>A convolution.</summary>
    /// <param name="geometry">Its geometry, of a kind that <see cref="WinogradRule"/> allows.</param>
    /// <param name="outputs">The side of a tile of outputs, 2 or 4.</param>
    public WinogradConvolution(ConvolutionGeometry geometry, int outputs)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        _kernels = WinogradKernels<T>.For(outputs);
        Channels = geometry.Channels;
        Filters = geometry.Filters;
        int side = _kernels.Side, down = Tiles(vertical.Output), across = Tiles(horizontal.Output);
        _inputs = new(down, across, outputs, -vertical.Before, -horizontal.Before, side, vertical.Input, horizontal.Input, Channels);
        _outputs = new(down, across, outputs, 0, 0, outputs, vertical.Output, horizontal.Output, Filters);

        // Backward, the image of the gradients has the padding that a whole kernel needs, less that of the inputs.
        down = Tiles(vertical.Input);
        across = Tiles(horizontal.Input);
        _gradients = new(
            down, across, outputs, vertical.Before - 2, horizontal.Before - 2, side, vertical.Output, horizontal.Output, Filters);
        _inputGradients = new(down, across, outputs, 0, 0, outputs, vertical.Input, horizontal.Input, Channels);

        int Tiles(int extent) => (extent + outputs - 1) / outputs;
    }

    /// <summary>The side of a tile of outputs.</summary>
    public int Outputs => _kernels.Outputs;

    /// <summary>The channels of the input.</summary>
    public int Channels { get; }

    /// <summary>The channels of the output.</summary>
    public int Filters { get; }

    /// <summary>The numbers of all transformed kernels, and of the sums over all tiles.</summary>
    public int KernelCount => _kernels.Products * KernelStep;

    /// <summary>The numbers of the kernels, with their channels and filters exchanged.</summary>
    public int TurnedCount => 9 * Channels * Filters;

    /// <summary>The numbers that the transformed tiles of a block take, for one thread.</summary>
    public int BlockCount => (_kernels.Products * (PlaneStep(BlockTiles, Channels) + PlaneStep(BlockTiles, Filters))) + Spare;

    /// <summary>The numbers that the transformed tiles of a run take, for all threads together.</summary>
    /// <param name="batch">The most examples.</param>
    public int RunCount(int batch)
    {
        int tiles = (int)Math.Min(RunTiles, (long)batch * _inputs.Tiles);
        return _kernels.Products * (PlaneStep(tiles, Channels) + PlaneStep(tiles, Filters));
    }

    /// <summary>The numbers that a thread needs for the sums of a run.</summary>
    /// <param name="batch">The most examples.</param>
    public int SumCount(int batch) => Math.Max(Spare, (long)batch * _inputs.Tiles > RunTiles ? Channels * Filters : 0);

    private static int LineOfCache => 64 / sizeof(T);

    private int BytesOfTile => _kernels.Products * (Channels + Filters) * sizeof(T);

    private int LeastTiles => Channels * Filters * sizeof(T) < LargeWeights ? LeastBlock : LeastBlockOfLargeWeights;

    private int BlockTiles => Math.Clamp(BlockBytes / BytesOfTile, LeastTiles, MostBlock) & ~7;

    private int RunTiles => Math.Clamp(RunBytes / BytesOfTile, LeastRun, MostRun) & ~7;

    /// <summary>Zeros, or what nobody wants, for each channel of an input or an output.</summary>
    private int Spare => Math.Max(Channels, Filters);

    private int KernelStep => (Channels * Filters) + LineOfCache;

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
            TransformWeights(weights, Channels, Filters, 1, kernels, workers);
            Gather(_inputs, input, kernels, _outputs, biases, relu, output, scratch, workers);
        }
    }

    /// <summary>Computes the gradients of the inputs from those of the outputs.</summary>
    public void InputGradient(
        ImageStack<T> outputGradient, T* weights, ImageStack<T> inputGradient, WinogradScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* kernels = scratch.Kernels.AsSpan(), turned = scratch.Turned.AsSpan())
        {
            int count = Channels * Filters;
            var body = new Exchange { Weights = weights, Turned = turned, Channels = Channels, Filters = Filters };
            workers.Run(ref body, 9);
            TransformWeights(turned, Filters, Channels, -1, kernels, workers);
            Gather(_gradients, outputGradient, kernels, _inputGradients, null, false, inputGradient, scratch, workers);
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
        int tiles = input.Count * _inputs.Tiles, run = Math.Min(RunTiles, tiles);
        fixed (T* sums = scratch.Kernels.AsSpan(), planes = scratch.Run.AsSpan(), ofThreads = scratch.Sums.AsSpan())
        fixed (T* biases = scratch.Biases.AsSpan())
        {
            var body = new SumOfRun
            {
                Pass = this,
                Input = input,
                Gradient = outputGradient,
                Inputs = planes,
                InputStep = PlaneStep(run, Channels),
                Gradients = planes + ((nint)_kernels.Products * PlaneStep(run, Channels)),
                GradientStep = PlaneStep(run, Filters),
                Sums = sums,
                Biases = biases,
                OfThreads = ofThreads,
                OfThread = scratch.Sums.Columns,
                Scratch = scratch,
            };
            for (int first = 0; first < tiles; first += run)
            {
                body.First = first;
                body.Count = Math.Min(run, tiles - first);
                body.IsProduct = false;
                scratch.Claims.Begin();
                workers.Run(ref body, workers.Threads);
                body.IsProduct = true;
                scratch.Claims.Begin();
                workers.Run(ref body, workers.Threads);
            }
            var end = new TransformOfSums
            {
                Pass = this,
                Sums = sums,
                Scale = scale,
                Keep = keep,
                Destination = destination,
                Parts = PartsOfKernels(workers),
            };
            workers.Run(ref end, end.Parts);
            if (biasGradient != null)
                scratch.Biases.AsSpan().CopyTo(new Span<T>(biasGradient, Filters));
        }
    }

    private static int PlaneStep(int tiles, int channels) => (tiles * channels) + LineOfCache;

    private int PartsOfKernels(WorkerPool workers) => (int)Math.Clamp((long)Channels * Filters / 8192, 1, workers.Threads);

    private void TransformWeights(T* weights, int rows, int columns, int direction, T* kernels, WorkerPool workers)
    {
        var body = new TransformOfWeights
        {
            Pass = this,
            Weights = direction > 0 ? weights : weights + (8 * (nint)rows * columns),
            TapStep = direction * (nint)rows * columns,
            Kernels = kernels,
            Parts = PartsOfKernels(workers),
        };
        workers.Run(ref body, body.Parts);
    }

    private void Gather(
        WinogradGrid from,
        ImageStack<T> source,
        T* kernels,
        WinogradGrid to,
        T* biases,
        bool relu,
        ImageStack<T> result,
        WinogradScratch<T> scratch,
        WorkerPool workers)
    {
        // Blocks of about the same size, as many as there are threads or a multiple; where tiles are few, threads share the results'
        // channels.
        int tiles = source.Count * from.Tiles, threads = workers.Threads, block = BlockTiles;
        int blocks = (tiles + block - 1) / block;
        int slices = 1;
        if (blocks < threads * 8)
        {
            blocks = (blocks + threads - 1) / threads * threads;
            blocks = Math.Max(1, Math.Min(blocks, tiles / LeastTiles));
            slices = Math.Clamp((threads + blocks - 1) / blocks, 1, Math.Max(1, to.Channels / 64));
        }
        block = ((tiles + blocks - 1) / blocks + 7) & ~7;
        block = Math.Min(block, BlockTiles);
        fixed (T* memory = scratch.Blocks.AsSpan())
        {
            var body = new Blocks
            {
                Pass = this,
                From = from,
                Source = source,
                Kernels = kernels,
                To = to,
                Biases = biases,
                Relu = relu,
                Result = result,
                Memory = memory,
                OfThread = scratch.Blocks.Columns,
                Scratch = scratch,
                Tiles = tiles,
                Block = block,
                Slices = slices,
            };
            scratch.Claims.Begin();
            workers.Run(ref body, Math.Min(threads, slices * ((tiles + block - 1) / block)));
        }
    }

    /// <summary>Blocks of tiles from source to result; each thread claims one after another.</summary>
    private struct Blocks : IParallelBody
    {
        public required WinogradConvolution<T> Pass;
        public required WinogradGrid From;
        public required ImageStack<T> Source;
        public required T* Kernels;
        public required WinogradGrid To;
        public required T* Biases;
        public required bool Relu;
        public required ImageStack<T> Result;
        public required T* Memory;
        public required nint OfThread;
        public required WinogradScratch<T> Scratch;
        public required int Tiles;
        public required int Block;
        public required int Slices;

        public readonly void Run(int part)
        {
            WinogradKernels<T> transforms = Pass._kernels;
            int sources = From.Channels, results = To.Channels, blocks = (Tiles + Block - 1) / Block;
            nint sourceStep = PlaneStep(Block, sources), resultStep = PlaneStep(Block, results), kernelStep = Pass.KernelStep;
            T* spare = Memory + (part * OfThread), inputs = spare + Pass.Spare, outputs = inputs + (transforms.Products * sourceStep);
            for (int item = Scratch.Claims.Next(); item < blocks * Slices; item = Scratch.Claims.Next())
            {
                int first = item / Slices * Block, count = Math.Min(Block, Tiles - first), slice = item % Slices;
                int start = (int)((long)results * slice / Slices / LineOfCache * LineOfCache);
                int end = slice == Slices - 1 ? results : (int)((long)results * (slice + 1) / Slices / LineOfCache * LineOfCache);
                int columns = end - start;
                new Span<T>(spare, sources).Clear();
                transforms.TransformInputs(From, Source.First, Source.Stride, first, count, spare, inputs, sourceStep);
                for (int product = 0; product < transforms.Products; product++)
                {
                    var a = new ReadOnlySpan<T>(inputs + (product * sourceStep), count * sources);
                    var b = new ReadOnlySpan<T>(Kernels + (product * kernelStep) + start, (sources * results) - start);
                    var c = new Span<T>(outputs + (product * resultStep), count * columns);
                    MatrixProduct.Multiply(
                        new ReadOnlyMatrixView<T>(a, count, sources),
                        new ReadOnlyMatrixView<T>(b, sources, columns, results),
                        new ProductOptions<T>(),
                        WorkerPool.Single,
                        new MatrixView<T>(c, count, columns));
                }
                T* biases = Biases == null ? null : Biases + start;
                transforms.TransformOutputs(
                    To, outputs, resultStep, columns, first, count, columns, biases, Relu, spare, Result.First + start, Result.Stride);
            }
        }
    }

    /// <summary>A run of tiles for the gradient of the weights: first the transforms, of some tiles each, then the products.</summary>
    private struct SumOfRun : IParallelBody
    {
        private const int TilesOfItem = 16;

        public required WinogradConvolution<T> Pass;
        public required ImageStack<T> Input;
        public required ImageStack<T> Gradient;
        public required T* Inputs;
        public required nint InputStep;
        public required T* Gradients;
        public required nint GradientStep;
        public required T* Sums;
        public required T* Biases;
        public required T* OfThreads;
        public required nint OfThread;
        public required WinogradScratch<T> Scratch;
        public int First;
        public int Count;
        public bool IsProduct;

        public readonly void Run(int part)
        {
            T* spare = OfThreads + (part * OfThread);
            if (IsProduct)
                Multiply(spare);
            else
                Transform(spare);
        }

        private readonly void Transform(T* zeros)
        {
            WinogradKernels<T> transforms = Pass._kernels;
            WinogradGrid inputs = Pass._inputs, gradients = Pass._outputs;
            new Span<T>(zeros, Pass.Spare).Clear();
            int items = (Count + TilesOfItem - 1) / TilesOfItem;
            for (int item = Scratch.Claims.Next(); item < items; item = Scratch.Claims.Next())
            {
                int skipped = item * TilesOfItem, count = Math.Min(TilesOfItem, Count - skipped), first = First + skipped;
                transforms.TransformInputs(
                    inputs, Input.First, Input.Stride, first, count, zeros, Inputs + ((nint)skipped * Pass.Channels), InputStep);
                T* planes = Gradients + ((nint)skipped * Pass.Filters);
                transforms.TransformOutputGradients(
                    gradients, Gradient.First, Gradient.Stride, first, count, zeros, planes, GradientStep);
            }
        }

        private readonly void Multiply(T* ofThread)
        {
            int channels = Pass.Channels, filters = Pass.Filters, numbers = channels * filters;
            for (int product = Scratch.Claims.Next(); product <= Pass._kernels.Products; product = Scratch.Claims.Next())
            {
                if (product == Pass._kernels.Products)
                {
                    AddBiases();
                    continue;
                }
                T* total = Sums + ((nint)product * Pass.KernelStep), sum = First == 0 ? total : ofThread;
                var a = new ReadOnlySpan<T>(Inputs + (product * InputStep), Count * channels);
                var b = new ReadOnlySpan<T>(Gradients + (product * GradientStep), Count * filters);
                MatrixProduct.Multiply(
                    new ReadOnlyMatrixView<T>(a, Count, channels),
                    new ReadOnlyMatrixView<T>(b, Count, filters),
                    new ProductOptions<T> { TransposeA = true },
                    WorkerPool.Single,
                    new MatrixView<T>(new Span<T>(sum, numbers), channels, filters));
                if (sum != total)
                    Arithmetic.Add<T>(new(total, numbers), new(sum, numbers), new Span<T>(total, numbers));
            }
        }

        /// <summary>The gradients of the outputs of a tile add up to one of its transformed ones: that of the second row and
        /// column.</summary>
        private readonly void AddBiases()
        {
            int filters = Pass.Filters;
            var sums = new ReadOnlySpan<T>(Gradients + ((Pass._kernels.Side + 1) * GradientStep), Count * filters);
            T keep = First == 0 ? T.Zero : T.One;
            ColumnReductions.Sum(new ReadOnlyMatrixView<T>(sums, Count, filters), T.One, keep, new Span<T>(Biases, filters));
        }
    }

    private struct TransformOfWeights : IParallelBody
    {
        public required WinogradConvolution<T> Pass;
        public required T* Weights;
        public required nint TapStep;
        public required T* Kernels;
        public required int Parts;

        public readonly void Run(int part)
        {
            (int start, int count) = Share(Pass, part, Parts);
            Pass._kernels.TransformWeights(Weights + start, TapStep, Kernels + start, Pass.KernelStep, count);
        }
    }

    private struct TransformOfSums : IParallelBody
    {
        public required WinogradConvolution<T> Pass;
        public required T* Sums;
        public required T Scale;
        public required T Keep;
        public required T* Destination;
        public required int Parts;

        public readonly void Run(int part)
        {
            (int start, int count) = Share(Pass, part, Parts);
            Pass._kernels.TransformSums(
                Sums + start, Pass.KernelStep, count, Scale, Keep, Destination + start, (nint)Pass.Channels * Pass.Filters);
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

    private static (int Start, int Count) Share(WinogradConvolution<T> pass, int part, int parts)
    {
        int numbers = pass.Channels * pass.Filters;
        int start = (int)((long)numbers * part / parts) & ~15;
        int end = part == parts - 1 ? numbers : (int)((long)numbers * (part + 1) / parts) & ~15;
        return (start, end - start);
    }
}
