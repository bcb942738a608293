using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="LayerNorm"/>.</summary>
internal sealed class LayerNormRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _columns;
    private readonly int _rows;
    private readonly double _epsilon;
    private readonly Parameter<T> _scale;
    private readonly Parameter<T> _shift;

    public LayerNormRuntime(LayerNorm layer, LayerBuild build)
        : base(build.Input, build.Input)
    {
        _columns = build.Input[build.Input.Rank - 1];
        _rows = build.Input.Count / _columns;
        _epsilon = layer.Epsilon;
        _scale = new(build.NameOf("scale"), ParameterRole.NormalizationScale, 1, _columns);
        _shift = new(build.NameOf("shift"), ParameterRole.NormalizationShift, 1, _columns);
        _scale.Value.AsSpan().Fill(T.One);
        Parameters = [_scale, _shift];
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers)
    {
        var normalization = new LayerNormalization<T>(_rows, _columns, _epsilon, capacity, mode == RunMode.Training);
        return new Workspace(normalization, _columns, capacity, mode, workers);
    }

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        ((Workspace)workspace).Normalization.Forward(
            input.Numbers, _scale.Value.AsSpan(), _shift.Value.AsSpan(), output, workspace.Workers);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (inputGradient.IsEmpty && !gradients.AnyIsWanted)
            return;
        var space = (Workspace)workspace;
        var operands = new NormalizationGradients<T>(input.Numbers, outputGradient, _scale.Value.AsSpan())
        {
            InputGradient = inputGradient,
            ScaleGradient = space.ScaleGradient.AsSpan(),
            ShiftGradient = space.ShiftGradient.AsSpan(),
        };
        space.Normalization.Backward(operands, space.Workers);
        gradients[0].Write(space.ScaleGradient);
        gradients[1].Write(space.ShiftGradient);
    }

    /// <summary>What the passes share, and the gradients of scale and shift.</summary>
    private sealed class Workspace(
        LayerNormalization<T> normalization, int columns, int capacity, RunMode mode, WorkerPool workers)
        : LayerWorkspace<T>(capacity, mode, workers)
    {
        public LayerNormalization<T> Normalization { get; } = normalization;

        public Matrix<T> ScaleGradient { get; } = new(1, mode == RunMode.Training ? columns : 0);

        public Matrix<T> ShiftGradient { get; } = new(1, mode == RunMode.Training ? columns : 0);

        public override long MemoryInBytes =>
            Normalization.MemoryInBytes + (Unsafe.SizeOf<T>() * ((long)ScaleGradient.Count + ShiftGradient.Count));
    }
}
