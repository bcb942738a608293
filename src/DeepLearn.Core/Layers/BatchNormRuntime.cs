using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="BatchNorm"/>: the parameters and the moving averages; the passes are those of
/// <see cref="BatchNormalization{T}"/>.
/// </summary>
internal sealed class BatchNormRuntime<T> : LayerRuntime<T>, IFusesReluBackward<T>, IFollowsInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double SlowMomentum = 0.999;

    private readonly int _channels;
    private readonly int _positions;
    private readonly double _momentum;
    private readonly double _epsilon;
    private readonly Matrix<T> _scale;
    private readonly Parameter<T> _shift;
    private readonly Matrix<T> _mean;
    private readonly Matrix<T> _variance;

    // What the averages lost to rounding, where they move so slowly that this would be much of a step.
    private readonly Matrix<T>? _meanRemainder;
    private readonly Matrix<T>? _varianceRemainder;

    public BatchNormRuntime(BatchNorm layer, LayerBuild build)
        : base(build.Input, build.Input)
    {
        _channels = build.Input[build.Input.Rank - 1];
        _positions = build.Input.Count / _channels;
        _momentum = layer.Momentum;
        _epsilon = layer.Epsilon;
        var scale = new Parameter<T>(build.NameOf("scale"), ParameterRole.NormalizationScale, 1, _channels);
        _scale = scale.Value;
        _shift = new(build.NameOf("shift"), ParameterRole.NormalizationShift, 1, _channels);
        _scale.AsSpan().Fill(T.One);
        _mean = new(1, _channels);
        _variance = new(1, _channels);
        _variance.AsSpan().Fill(T.One);
        Parameters = layer.HasScale ? [scale, _shift] : [_shift];
        Buffers = [new(build.NameOf("mean"), _mean), new(build.NameOf("variance"), _variance)];
        if (typeof(T) == typeof(float) && _momentum > SlowMomentum)
        {
            (_meanRemainder, _varianceRemainder) = (new(1, _channels), new(1, _channels));
            Buffers =
            [
                .. Buffers,
                new(build.NameOf("mean remainder"), _meanRemainder),
                new(build.NameOf("variance remainder"), _varianceRemainder),
            ];
        }
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers)
    {
        var normalization = new BatchNormalization<T>(_positions, _channels, _epsilon, capacity, mode == RunMode.Training);
        return new BatchNormWorkspace<T>(normalization, _channels, capacity, mode, workers);
    }

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: true);

    public IOutputFollower<T> Follow(int batch, LayerWorkspace<T> workspace) =>
        ((BatchNormWorkspace<T>)workspace).Normalization.Follow(batch);

    private void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace, bool relu)
    {
        BatchNormalization<T> normalization = ((BatchNormWorkspace<T>)workspace).Normalization;
        ReadOnlySpan<T> scale = _scale.AsSpan(), shift = _shift.Value.AsSpan();
        if (workspace.Mode != RunMode.Training)
        {
            normalization.Apply(input, _mean.AsSpan(), _variance.AsSpan(), scale, shift, relu, output, workspace.Workers);
            return;
        }
        normalization.Forward(input, scale, shift, relu, output, workspace.Workers);
        MoveTowards(normalization.Means, _mean.AsSpan(), _meanRemainder is null ? default : _meanRemainder.AsSpan());
        MoveTowards(normalization.Variances, _variance.AsSpan(), _varianceRemainder is null ? default : _varianceRemainder.AsSpan());
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace) =>
        Backward(input.Numbers, outputGradient, inputGradient, gradients, (BatchNormWorkspace<T>)workspace, relu: false);

    public void BackwardRelu(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace) =>
        Backward(input.Numbers, outputGradient, inputGradient, gradients, (BatchNormWorkspace<T>)workspace, relu: true);

    private void Backward(
        ReadOnlyMatrixView<T> input,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        BatchNormWorkspace<T> space,
        bool relu)
    {
        if (inputGradient.IsEmpty && !gradients.AnyIsWanted)
            return;
        var operands = new NormalizationGradients<T>(input, outputGradient, _scale.AsSpan())
        {
            InputGradient = inputGradient,
            ScaleGradient = space.ScaleGradient.AsSpan(),
            ShiftGradient = space.ShiftGradient.AsSpan(),
        };
        space.Normalization.Backward(operands, relu, space.Workers);
        if (Parameters.Count > 1)
            gradients[0].Write(space.ScaleGradient);
        gradients[Parameters.Count - 1].Write(space.ShiftGradient);
    }

    /// <summary>A step of the moving averages.</summary>
    private void MoveTowards(ReadOnlySpan<double> ofBatch, Span<T> average, Span<T> remainder)
    {
        for (int c = 0; c < average.Length; c++)
        {
            double before = double.CreateChecked(average[c]);
            if (!remainder.IsEmpty)
                before += double.CreateChecked(remainder[c]);
            double moved = (_momentum * before) + ((1 - _momentum) * ofBatch[c]);
            average[c] = T.CreateChecked(moved);
            if (!remainder.IsEmpty)
                remainder[c] = T.CreateChecked(moved - double.CreateChecked(average[c]));
        }
    }
}
