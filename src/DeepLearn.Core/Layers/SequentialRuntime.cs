using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Sequential"/>: it runs its layers in order and back, each into a buffer of the workspace or, where the layer
/// works in place and nobody needs what stood there, over its input. Nothing is computed that nobody wants: layers at the front that hand
/// on what they are given are left out, and where the gradient of the input is not wanted, the way back ends at the first parameters.
/// </summary>
internal sealed class SequentialRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerRuntime<T>[] _layers;
    private readonly bool[] _absorbed;
    private readonly int _leftOut;
    private readonly int _firstToLearn;

    public SequentialRuntime(LayerRuntime<T>[] layers)
        : base(layers[0].InputShape, layers[^1].OutputShape)
    {
        while (_leftOut < layers.Length - 1 && layers[_leftOut].HandsOn)
            _leftOut++;
        HandsOn = layers.All(layer => layer.HandsOn);
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        Buffers = [.. layers.SelectMany(layer => layer.Buffers)];
        layers = layers[_leftOut..];
        _layers = layers;
        _firstToLearn = Array.FindIndex(layers, layer => layer.Parameters.Count > 0);
        _absorbed = new bool[layers.Length];
        for (int i = 1; i < layers.Length; i++)
            _absorbed[i] = !_absorbed[i - 1] && MayOverwrite(i, RunMode.Training) && layers[i - 1].TryAbsorb(layers[i]);
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

    public override bool HandsOn { get; }

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new SequentialWorkspace<T>(_layers, _leftOut, LeavesInPlace(mode), capacity, mode, workers);

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
        int first = inputGradient.IsEmpty ? _firstToLearn : 0;
        if (first < 0)
            return;
        MatrixView<T> gradient = BackwardBehind(first, input.Rows, output, outputGradient, space);
        ReadOnlyMatrixView<T> before = first == 0 ? input : space.Activation(first - 1, input.Rows, output);
        _layers[first].Backward(before, space.Activation(first, input.Rows, output), gradient, inputGradient, space.Layers[first]);
    }

    public override void Backward(
        in ByteRows<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        int first = _firstToLearn;
        if (first < 0)
            return;
        MatrixView<T> gradient = BackwardBehind(first, input.Rows, output, outputGradient, space);
        ReadOnlyMatrixView<T> activation = space.Activation(first, input.Rows, output);
        if (first == 0)
            _layers[0].Backward(input, activation, gradient, space.Layers[0]);
        else
            _layers[first].Backward(space.Activation(first - 1, input.Rows, output), activation, gradient, default, space.Layers[first]);
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

    /// <summary>Runs backward all layers behind one: the gradient of that one's output.</summary>
    private MatrixView<T> BackwardBehind(
        int first, int batch, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, SequentialWorkspace<T> space)
    {
        MatrixView<T> gradient = outputGradient;
        for (int i = _layers.Length - 1; i > first; i--)
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
