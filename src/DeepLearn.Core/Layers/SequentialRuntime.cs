using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The machine of <see cref="Sequential"/>: it runs its layers in order and back, each into a buffer of the workspace or, where the layer
/// works in place and nobody needs what stood there, over its input.
/// </summary>
internal sealed class SequentialRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerRuntime<T>[] _layers;
    private readonly bool[] _absorbed;

    public SequentialRuntime(LayerRuntime<T>[] layers)
        : base(layers[0].InputShape, layers[^1].OutputShape)
    {
        _layers = layers;
        _absorbed = new bool[layers.Length];
        for (int i = 1; i < layers.Length; i++)
            _absorbed[i] = !_absorbed[i - 1] && MayOverwrite(i, RunMode.Training) && layers[i - 1].TryAbsorb(layers[i]);
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        Buffers = [.. layers.SelectMany(layer => layer.Buffers)];
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    // A layer is only put in place behind one that does not need its output, so the last layer speaks for the whole.
    public override BackwardNeeds BackwardNeeds =>
        (_layers[0].BackwardNeeds & BackwardNeeds.Input) | (_layers[^1].BackwardNeeds & BackwardNeeds.Output);

    // The last layer alone sees that gradient; in place, it writes over it.
    public override bool KeepsOutputGradient =>
        _layers[^1].KeepsOutputGradient && (_layers.Length == 1 || !MayOverwrite(_layers.Length - 1, RunMode.Training));

    public override bool TakesBytes => _layers[0].TakesBytes;

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new SequentialWorkspace<T>(_layers, LeavesInPlace(mode), capacity, mode, workers);

    public override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        _layers[0].Forward(input, space.Activation(0, input.Rows, output), space.Layers[0]);
        ForwardBehindFirst(input.Rows, output, space);
    }

    public override void Forward(in ByteRows<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        _layers[0].Forward(input, space.Activation(0, input.Rows, output), space.Layers[0]);
        ForwardBehindFirst(input.Rows, output, space);
    }

    public override void Backward(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        MatrixView<T> gradient = BackwardToFirst(input.Rows, output, outputGradient, space);
        _layers[0].Backward(input, space.Activation(0, input.Rows, output), gradient, inputGradient, space.Layers[0]);
    }

    public override void Backward(
        in ByteRows<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        MatrixView<T> gradient = BackwardToFirst(input.Rows, output, outputGradient, space);
        _layers[0].Backward(input, space.Activation(0, input.Rows, output), gradient, space.Layers[0]);
    }

    private void ForwardBehindFirst(int batch, MatrixView<T> output, SequentialWorkspace<T> space)
    {
        ReadOnlyMatrixView<T> current = space.Activation(0, batch, output);
        for (int i = 1; i < _layers.Length; i++)
        {
            MatrixView<T> next = space.Activation(i, batch, output);
            if (!_absorbed[i])
                _layers[i].Forward(current, next, space.Layers[i]);
            current = next;
        }
    }

    /// <summary>The gradient of the first layer's output.</summary>
    private MatrixView<T> BackwardToFirst(
        int batch, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, SequentialWorkspace<T> space)
    {
        MatrixView<T> gradient = outputGradient;
        for (int i = _layers.Length - 1; i > 0; i--)
        {
            MatrixView<T> next = space.IsInPlace(i) ? gradient : space.Gradient(i, batch);
            _layers[i].Backward(space.Activation(i - 1, batch, output), space.Activation(i, batch, output), gradient, next, space.Layers[i]);
            gradient = next;
        }
        return gradient;
    }

    private bool[] LeavesInPlace(RunMode mode)
    {
        var inPlace = new bool[_layers.Length];
        for (int i = 1; i < inPlace.Length; i++)
            inPlace[i] = MayOverwrite(i, mode);
        return inPlace;
    }

    private bool MayOverwrite(int layer, RunMode mode) =>
        _layers[layer].WorksInPlace
        && (mode == RunMode.Inference
            || ((_layers[layer].BackwardNeeds & BackwardNeeds.Input) == 0
                && (_layers[layer - 1].BackwardNeeds & BackwardNeeds.Output) == 0));
}
