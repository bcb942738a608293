using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The direct algorithm over a batch. The threads divide the examples of a pass, and channels and rows of the results where examples are
/// few. The gradient of the weights is summed in chunks of examples, which do not depend on the number of threads.
/// </summary>
internal sealed unsafe class DirectConvolution<T>(ConvolutionGeometry geometry)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const long WorkOfPart = 1 << 16;

    /// <summary>The shape.</summary>
    public ConvolutionGeometry Geometry => geometry;

    /// <summary>The kernels, over one example.</summary>
    public ConvolutionKernels<T> Kernels { get; } = ConvolutionKernels<T>.For(geometry);

    /// <summary>Those for gradients of inputs.</summary>
    public ConvolutionKernels<T> Backward { get; } = ConvolutionKernels<T>.ForBackward(geometry);

    /// <summary>Computes the outputs.</summary>
    /// <param name="input">The images.</param>
    /// <param name="weights">The weights, <c>[depth, filters]</c>.</param>
    /// <param name="end">What is done with the outputs.</param>
    /// <param name="output">The outputs.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public void Forward(
        ImageStack<T> input, T* weights, OutputEnd<T> end, ImageStack<T> output, DirectScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* packed = scratch.PackedForward.AsSpan(), start = scratch.Start.AsSpan(), padded = scratch.PaddedInput.AsSpan())
        {
            var body = new Gathering
            {
                Claims = scratch.Claims,
                Kernels = Kernels,
                Plan = Kernels.Forwards,
                Weights = Kernels.Pack(Kernels.Forwards, weights, packed, workers),
                Start = Kernels.FillUp(end.Biases, start),
                End = end,
                Source = input,
                Padded = padded,
                PaddedStride = scratch.PaddedInput.Columns,
                Result = output,
            };
            body.DivideAndRun(Parts(input.Count, workers), workers);
        }
    }

    /// <summary>Computes the gradients of the inputs.</summary>
    /// <param name="outputGradient">The gradients of the outputs.</param>
    /// <param name="weights">The weights, <c>[depth, filters]</c>.</param>
    /// <param name="inputGradient">The gradients of the inputs.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public void InputGradient(
        ImageStack<T> outputGradient, T* weights, ImageStack<T> inputGradient, DirectScratch<T> scratch, WorkerPool workers)
    {
        fixed (T* packed = scratch.PackedBackward.AsSpan(), padded = scratch.PaddedGradient.AsSpan())
        {
            var body = new Gathering
            {
                Claims = scratch.Claims,
                Kernels = Backward,
                Plan = Backward.Backwards,
                Weights = Backward.Pack(Backward.Backwards, weights, packed, workers),
                Source = outputGradient,
                Padded = padded,
                PaddedStride = scratch.PaddedGradient.Columns,
                Result = inputGradient,
            };
            body.DivideAndRun(Parts(outputGradient.Count, workers), workers);
        }
    }

    /// <summary>Computes the gradients of weights and biases: <c>destination = keep * destination + scale * gradient</c>.</summary>
    /// <param name="input">The images.</param>
    /// <param name="outputGradient">The gradients of the outputs.</param>
    /// <param name="scale">The factor on the gradient of the weights.</param>
    /// <param name="keep">The factor on the destination's old values; with 0 they are not read.</param>
    /// <param name="destination">The weights' gradient, <c>[depth, filters]</c>.</param>
    /// <param name="biasGradient">The biases' gradient, written without factors; or null.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="workers">The threads.</param>
    public void WeightGradient(
        ImageStack<T> input,
        ImageStack<T> outputGradient,
        T scale,
        T keep,
        T* destination,
        T* biasGradient,
        DirectScratch<T> scratch,
        WorkerPool workers)
    {
        fixed (T* sums = scratch.Sums.AsSpan(), padded = scratch.PaddedInput.AsSpan(), ofThreads = scratch.Scratch.AsSpan())
        {
            var chunks = new BatchChunks(geometry, input.Count);
            int step = scratch.Sums.Columns;
            var body = new Summing
            {
                Claims = scratch.Claims,
                Kernels = Kernels,
                Source = input,
                Gradient = outputGradient,
                Padded = padded,
                PaddedStride = scratch.PaddedInput.Columns,
                Scratch = ofThreads,
                ScratchStride = scratch.Scratch.Columns,
                Sums = sums,
                SumsStride = step,
                Chunks = chunks,
            };
            body.DivideAndRun(Parts(input.Count, workers), workers);
            Kernels.Finish(sums, step, chunks.Count, scale, keep, false, destination, workers);
            if (biasGradient != null)
                Kernels.Finish(sums, step, chunks.Count, T.One, T.Zero, true, biasGradient, WorkerPool.Single);
        }
    }

    /// <summary>The number of threads that pay for the work.</summary>
    internal int Parts(int batch, WorkerPool workers)
    {
        long work = (long)batch * geometry.Positions * geometry.Depth * geometry.Filters;
        return (int)Math.Clamp(work / WorkOfPart, 1, workers.Threads);
    }

    /// <summary>Results of examples, forward or backward; each thread claims some examples after others.</summary>
    private struct Gathering : IParallelBody
    {
        /// <summary>At most how many bytes of images are worked on at once: three quarters of a second cache of a megabyte.</summary>
        private const int BytesTogether = 3 << 18;

        /// <summary>
        /// The most examples at once: they are for the tiles of edges, whose results are few in one image. Where each channel has a filter
        /// of its own there are no such tiles, and an example at a time divides more evenly.
        /// </summary>
        private const int MostTogether = 6;

        public required ShareClaims Claims;
        public required ConvolutionKernels<T> Kernels;
        public required GatherPlan Plan;
        public required T* Weights;
        public T* Start;
        public OutputEnd<T> End;
        public required ImageStack<T> Source;
        public required T* Padded;
        public required nint PaddedStride;
        public required ImageStack<T> Result;
        private int _together;
        private int _shares;
        private int _rowShares;

        private readonly int OfGroup => _shares * _rowShares;

        private readonly int Groups => (Source.Count + _together - 1) / _together;

        /// <summary>
        /// Divides the work among threads, and does it: examples, or, where they are few, the channels of the results too, and, where those
        /// are few, the rows. No result depends on the division.
        /// </summary>
        /// <param name="threads">How many threads the work is worth.</param>
        /// <param name="workers">The threads.</param>
        public void DivideAndRun(int threads, WorkerPool workers)
        {
            nint bytes = (Source.Stride + Result.Stride) * sizeof(T);
            int most = Kernels.Geometry.IsDepthwise ? 1 : (int)Math.Clamp(BytesTogether / Math.Max(1, bytes), 1, MostTogether);
            _together = Math.Clamp((Source.Count + threads - 1) / threads, 1, most);
            _shares = Shares(Groups, Kernels.MostShares(Plan));
            _rowShares = Shares(Groups * _shares, Kernels.MostRowShares(Plan));
            int items = Groups * OfGroup, parts = Math.Min(threads, items);
            Claims.Begin(items, parts);
            workers.Run(ref this, parts);

            // How many shares of each there must be, so that all threads have work.
            int Shares(int there, int limit) => there >= threads ? 1 : Math.Min((threads + there - 1) / there, limit);
        }

        public readonly void Run(int part)
        {
            for (int item = Claims.Next(part); item >= 0; item = Claims.Next(part))
            {
                int first = item / OfGroup * _together, count = Math.Min(_together, Source.Count - first);
                var source = new ImageStack<T>(Source[first], (int)Source.Stride, count);
                var result = new ImageStack<T>(Result[first], (int)Result.Stride, count);
                var share = new GatherShare(new(item % _shares, _shares), new(item / _shares % _rowShares, _rowShares));
                Kernels.Run(Plan, source, Padded + (part * PaddedStride), Weights, Start, End.Relu, share, result);
                if (End.IsFollowed)
                    End.Wrote(first, count, Kernels.NumbersOf(Plan, share));
            }
        }
    }

    /// <summary>Sums the gradients of the weights; each thread claims one chunk, or some of its filters, after another.</summary>
    private struct Summing : IParallelBody
    {
        /// <summary>How little of the threads' time may be lost where the last of them has more to do than the others.</summary>
        private const double MostIdle = 0.05;

        public required ShareClaims Claims;
        public required ConvolutionKernels<T> Kernels;
        public required ImageStack<T> Source;
        public required ImageStack<T> Gradient;
        public required T* Padded;
        public required nint PaddedStride;
        public required T* Scratch;
        public required nint ScratchStride;
        public required T* Sums;
        public required nint SumsStride;
        public required BatchChunks Chunks;
        private int _shares;

        /// <summary>
        /// Divides the work among threads, and does it: chunks, or, where they are few, the filters too; each share of these pads the
        /// images again. No result depends on the division.
        /// </summary>
        /// <param name="threads">How many threads the work is worth.</param>
        /// <param name="workers">The threads.</param>
        public void DivideAndRun(int threads, WorkerPool workers)
        {
            _shares = 1;
            while (_shares < Kernels.MostSumShares && IsUneven(Chunks.Count * _shares))
                _shares++;
            int items = Chunks.Count * _shares, parts = Math.Min(threads, items);
            Claims.Begin(items, parts);
            workers.Run(ref this, parts);

            bool IsUneven(int items) => items < (1 - MostIdle) * threads * ((items + threads - 1) / threads);
        }

        public readonly void Run(int part)
        {
            T* padded = Padded + (part * PaddedStride);
            for (int item = Claims.Next(part); item >= 0; item = Claims.Next(part))
            {
                int chunk = item / _shares, start = Chunks.First(chunk), end = Chunks.End(chunk);
                var share = new Share(item % _shares, _shares);
                T* sums = Sums + (chunk * SumsStride);
                for (int first = start; first < end; first += Kernels.Together)
                {
                    int count = Math.Min(Kernels.Together, end - first);
                    var gradient = new ImageStack<T>(Gradient[first], (int)Gradient.Stride, count);
                    var source = new ImageStack<T>(Source[first], (int)Source.Stride, count);
                    if (Kernels.Forwards.IsPadded)
                    {
                        int step = Kernels.Forwards.PaddedCount;
                        for (int example = 0; example < count; example++)
                            Kernels.Forwards.Pad(source[example], padded + (example * step));
                        source = new(padded, step, count);
                    }
                    Kernels.AddExamples(source, gradient, Scratch + (part * ScratchStride), share, first == start, sums);
                }
            }
        }
    }
}
