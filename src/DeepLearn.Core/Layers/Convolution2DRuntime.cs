using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Convolution2D"/>. Threads share the examples of a pass; the gradient of the weights is summed in chunks of
/// examples that do not depend on the threads.
/// </summary>
internal sealed class Convolution2DRuntime<T> : LayerRuntime<T>, IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostChunks = 16;
    private const int MostSums = 1 << 21;
    private const long WorkOfPart = 1 << 16;

    private readonly Parameter<T> _weights;
    private readonly Parameter<T>? _biases;

    public Convolution2DRuntime(Convolution2D layer, LayerBuild build)
        : base(build.Input, layer.OutputShape(build.Input))
    {
        Geometry = layer.Geometry(build.Input);
        Kernels = ConvolutionKernels<T>.For(Geometry);
        int most = layer.Algorithm switch
        {
            ConvolutionAlgorithm.Direct => 0,
            ConvolutionAlgorithm.Fastest => 4,
            _ => 2,
        };
        int tile = WinogradRule.OutputsFor(Geometry, most);
        Winograd = tile == 0 ? null : new(Geometry, tile);

        int fanOut = Geometry.Taps * Geometry.GroupFilters;
        _weights = new(build.NameOf("weights"), ParameterRole.Weights, Geometry.Depth, layer.Filters);
        layer.Weights.Fill(Geometry.Depth, fanOut, build.Key.Derive("weights"), _weights.Value.View);
        Parameters = [_weights];
        if (layer.HasBiases)
        {
            _biases = new(build.NameOf("biases"), ParameterRole.Biases, 1, layer.Filters);
            layer.Biases.Fill(Geometry.Depth, fanOut, build.Key.Derive("biases"), _biases.Value.View);
            Parameters = [_weights, _biases];
        }
    }

    public ConvolutionGeometry Geometry { get; }

    /// <summary>The direct algorithm.</summary>
    public ConvolutionKernels<T> Kernels { get; }

    /// <summary>Winograd's algorithm, or null where the convolution is computed directly.</summary>
    public WinogradConvolution<T>? Winograd { get; }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    /// <summary>
    /// Into how many chunks a batch is divided: a function of the batch and the shapes alone, since it decides the order of a sum.
    /// </summary>
    public int Chunks(int batch)
    {
        int most = Math.Clamp(MostSums / ((Geometry.Depth + 1) * Geometry.Filters), 1, MostChunks);
        int examples = (batch + most - 1) / most;
        return (batch + examples - 1) / examples;
    }

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Convolution2DWorkspace<T>(this, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: true);

    private unsafe void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace, bool relu)
    {
        var space = (Convolution2DWorkspace<T>)workspace;
        fixed (T* from = input.Row(0), to = output.Row(0), weights = _weights.Value.AsSpan(), packed = space.PackedForward.AsSpan())
        fixed (T* start = space.Start.AsSpan(), biases = _biases is null ? default : _biases.Value.AsSpan())
        fixed (T* padded = space.PaddedInput.AsSpan())
        {
            if (Winograd is not null)
            {
                var images = new ImageStack<T>(from, input.Stride, input.Rows);
                var results = new ImageStack<T>(to, output.Stride, output.Rows);
                Winograd.Forward(images, weights, biases, relu, results, space.Winograd!, space.Workers);
                return;
            }
            var body = new Gathering
            {
                Space = space,
                Kernels = Kernels,
                Plan = Kernels.Forwards,
                Weights = Kernels.Pack(Kernels.Forwards, weights, packed),
                Start = Kernels.FillUp(biases, start),
                Relu = relu,
                Source = from,
                SourceStride = input.Stride,
                Padded = padded,
                PaddedStride = space.PaddedInput.Columns,
                Result = to,
                ResultStride = output.Stride,
                Batch = input.Rows,
            };
            space.BeginClaims();
            space.Workers.Run(ref body, Parts(input.Rows, space));
        }
    }

    public override unsafe void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (Convolution2DWorkspace<T>)workspace;
        if (Winograd is not null)
        {
            BackwardByWinograd(Winograd, input.Numbers, outputGradient, inputGradient, gradients, space);
            return;
        }
        fixed (T* from = outputGradient.Row(0), weights = _weights.Value.AsSpan())
        {
            // The input's gradient comes first: it needs the weights as they were, and the weights' own may be accumulated into them.
            if (!inputGradient.IsEmpty)
            {
                fixed (T* to = inputGradient.Row(0), packed = space.PackedBackward.AsSpan(), padded = space.PaddedGradient.AsSpan())
                {
                    var body = new Gathering
                    {
                        Space = space,
                        Kernels = Kernels,
                        Plan = Kernels.Backwards,
                        Weights = Kernels.Pack(Kernels.Backwards, weights, packed),
                        Source = from,
                        SourceStride = outputGradient.Stride,
                        Padded = padded,
                        PaddedStride = space.PaddedGradient.Columns,
                        Result = to,
                        ResultStride = inputGradient.Stride,
                        Batch = outputGradient.Rows,
                    };
                    space.BeginClaims();
                    space.Workers.Run(ref body, Parts(outputGradient.Rows, space));
                }
            }
            ReadOnlyMatrixView<T> examples = input.Numbers;
            fixed (T* images = examples.Row(0), sums = space.Sums.AsSpan())
            fixed (T* padded = space.PaddedInput.AsSpan(), scratch = space.Scratch.AsSpan())
            {
                int chunks = Chunks(input.Rows);
                var body = new Summing
                {
                    Kernels = Kernels,
                    Space = space,
                    Source = images,
                    SourceStride = examples.Stride,
                    Gradient = from,
                    GradientStride = outputGradient.Stride,
                    Padded = padded,
                    PaddedStride = space.PaddedInput.Columns,
                    Scratch = scratch,
                    ScratchStride = space.Scratch.Columns,
                    Sums = sums,
                    SumsStride = space.Sums.Columns,
                    Batch = input.Rows,
                    Chunks = chunks,
                };
                space.BeginClaims();
                space.Workers.Run(ref body, Math.Min(Parts(input.Rows, space), chunks));
                Finish(gradients[0], sums, space.Sums.Columns, chunks, false);
                if (_biases is not null)
                    Finish(gradients[1], sums, space.Sums.Columns, chunks, true);
            }
        }
    }

    private unsafe void BackwardByWinograd(
        WinogradConvolution<T> winograd,
        ReadOnlyMatrixView<T> input,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        Convolution2DWorkspace<T> space)
    {
        fixed (T* from = input.Row(0), derivatives = outputGradient.Row(0), to = inputGradient.IsEmpty ? default : inputGradient.Row(0))
        fixed (T* weights = _weights.Value.AsSpan(), destination = gradients[0].Destination.AsSpan())
        {
            var gradient = new ImageStack<T>(derivatives, outputGradient.Stride, outputGradient.Rows);
            if (!inputGradient.IsEmpty)
            {
                var result = new ImageStack<T>(to, inputGradient.Stride, inputGradient.Rows);
                winograd.InputGradient(gradient, weights, result, space.Winograd!, space.Workers);
            }
            GradientTarget<T> target = gradients[0];
            winograd.WeightGradient(
                new(from, input.Stride, input.Rows), gradient, target.Scale, target.Keep, destination, space.Winograd!, space.Workers);
        }
        if (_biases is not null)
            gradients[1].Write(space.Winograd!.Biases);
    }

    /// <summary>How many threads the work is worth.</summary>
    private int Parts(int batch, Convolution2DWorkspace<T> space)
    {
        long work = (long)batch * Geometry.Positions * Geometry.Depth * Geometry.GroupFilters;
        return (int)Math.Clamp(work / WorkOfPart, 1, Math.Min(space.Workers.Threads, batch));
    }

    private unsafe void Finish(in GradientTarget<T> target, T* sums, int stride, int chunks, bool isBias)
    {
        fixed (T* destination = target.Destination.AsSpan())
            Kernels.Finish(sums, stride, chunks, target.Scale, target.Keep, isBias, destination);
    }

    /// <summary>Results of examples, forward or backward; each thread claims one example after another.</summary>
    private unsafe struct Gathering : IParallelBody
    {
        public required Convolution2DWorkspace<T> Space;
        public required ConvolutionKernels<T> Kernels;
        public required GatherPlan Plan;
        public required T* Weights;
        public T* Start;
        public bool Relu;
        public required T* Source;
        public required nint SourceStride;
        public required T* Padded;
        public required nint PaddedStride;
        public required T* Result;
        public required nint ResultStride;
        public required int Batch;

        public readonly void Run(int part)
        {
            for (int example = Space.Claim(); example < Batch; example = Space.Claim())
            {
                T* source = Plan.Pad(Source + (example * SourceStride), Padded + (part * PaddedStride));
                Kernels.Run(Plan, source, Weights, Start, Relu, Result + (example * ResultStride));
            }
        }
    }

    /// <summary>Sums of the weights' gradients; each thread claims one chunk after another.</summary>
    private unsafe struct Summing : IParallelBody
    {
        public required ConvolutionKernels<T> Kernels;
        public required Convolution2DWorkspace<T> Space;
        public required T* Source;
        public required nint SourceStride;
        public required T* Gradient;
        public required nint GradientStride;
        public required T* Padded;
        public required nint PaddedStride;
        public required T* Scratch;
        public required nint ScratchStride;
        public required T* Sums;
        public required nint SumsStride;
        public required int Batch;
        public required int Chunks;

        public readonly void Run(int part)
        {
            int examples = (Batch + Chunks - 1) / Chunks;
            for (int chunk = Space.Claim(); chunk < Chunks; chunk = Space.Claim())
            {
                T* sums = Sums + (chunk * SumsStride);
                new Span<T>(sums, Kernels.SumsCount).Clear();
                int end = Math.Min(Batch, (chunk + 1) * examples);
                for (int example = chunk * examples; example < end; example++)
                {
                    T* source = Kernels.Forwards.Pad(Source + (example * SourceStride), Padded + (part * PaddedStride));
                    Kernels.AddExample(source, Gradient + (example * GradientStride), Scratch + (part * ScratchStride), sums);
                }
            }
        }
    }
}
