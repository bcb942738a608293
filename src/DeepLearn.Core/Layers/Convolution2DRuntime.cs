using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Convolution2D"/>: the parameters; the passes are those of <see cref="ImageConvolution{T}"/>.
/// </summary>
internal sealed class Convolution2DRuntime<T> : LayerRuntime<T>, IFusesRelu<T>, IReportsOutput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weights;
    private readonly Parameter<T>? _biases;

    public Convolution2DRuntime(Convolution2D layer, LayerBuild build)
        : base(build.Input, layer.OutputShape(build.Input))
    {
        ConvolutionGeometry geometry = layer.Geometry(build.Input);
        int largestTile = layer.Algorithm switch
        {
            ConvolutionAlgorithm.Direct => 0,
            ConvolutionAlgorithm.Fastest => 4,
            _ => 2,
        };
        Convolution = new(geometry, largestTile);

        int fanOut = geometry.Taps * geometry.GroupFilters;
        _weights = new(build.NameOf("weights"), ParameterRole.Weights, geometry.Depth, layer.Filters);
        build.Choose(layer.Weights).FillKernel(
            layer.Kernel.Height, layer.Kernel.Width, layer.Groups, build.Key.Derive("weights"), _weights.Value.View);
        Parameters = [_weights];
        if (layer.HasBiases)
        {
            _biases = new(build.NameOf("biases"), ParameterRole.Biases, 1, layer.Filters);
            layer.Biases.Fill(geometry.Depth, fanOut, build.Key.Derive("biases"), _biases.Value.View);
            Parameters = [_weights, _biases];
        }
    }

    /// <summary>The passes.</summary>
    public ImageConvolution<T> Convolution { get; }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers)
    {
        ConvolutionScratch<T> scratch = Convolution.CreateScratch(capacity, mode == RunMode.Training, workers.Threads);
        int biases = mode == RunMode.Training && _biases is not null ? _biases.Value.Columns : 0;
        return new Workspace(scratch, biases, capacity, mode, workers);
    }

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, (Workspace)workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, (Workspace)workspace, relu: true);

    public void ForwardReporting(
        LayerInput<T> input, MatrixView<T> output, IOutputFollower<T> follower, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, (Workspace)workspace, relu: false, follower);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;

        // The input's gradient comes first: it needs the weights as they were, and the weights' own may be accumulated into them.
        if (!inputGradient.IsEmpty)
            Convolution.InputGradient(outputGradient, _weights.Value, inputGradient, space.Scratch, space.Workers);
        GradientTarget<T> target = gradients[0];
        if (!target.IsWanted)
        {
            if (_biases is not null && gradients[1].IsWanted)
                SumBiases(outputGradient, gradients[1]);
            return;
        }
        Convolution.WeightGradient(
            input.Numbers,
            outputGradient,
            target.Scale,
            target.Keep,
            target.Destination,
            space.BiasGradient.AsSpan(),
            space.Scratch,
            space.Workers);
        if (_biases is not null)
            gradients[1].Write(space.BiasGradient);
    }

    /// <summary>The gradient of the biases alone, where that of the weights, in whose pass it is otherwise made, is not wanted.</summary>
    private void SumBiases(ReadOnlyMatrixView<T> outputGradient, in GradientTarget<T> target)
    {
        int filters = _biases!.Value.Columns;
        for (int example = 0; example < outputGradient.Rows; example++)
        {
            ReadOnlySpan<T> row = outputGradient.Row(example);
            ColumnReductions.Sum(
                new ReadOnlyMatrixView<T>(row, row.Length / filters, filters),
                target.Scale,
                example == 0 ? target.Keep : T.One,
                target.Destination.AsSpan());
        }
    }

    private void Forward(
        ReadOnlyMatrixView<T> input, MatrixView<T> output, Workspace space, bool relu, IOutputFollower<T>? follower = null)
    {
        ReadOnlySpan<T> biases = _biases is null ? default : _biases.Value.AsSpan();
        var operands = new ConvolutionOperands<T>(input, _weights.Value, output) { Biases = biases, Relu = relu, Follower = follower };
        Convolution.Forward(operands, space.Scratch, space.Workers);
    }

    /// <summary>What the passes share, and the gradient of the biases.</summary>
    private sealed class Workspace(ConvolutionScratch<T> scratch, int biases, int capacity, RunMode mode, WorkerPool workers)
        : LayerWorkspace<T>(capacity, mode, workers)
    {
        public ConvolutionScratch<T> Scratch { get; } = scratch;

        public Matrix<T> BiasGradient { get; } = new(1, biases);

        public override long MemoryInBytes => Scratch.MemoryInBytes + (Unsafe.SizeOf<T>() * (long)BiasGradient.Count);
    }
}
