using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Sequential"/>: it runs its layers in order and back, as its <see cref="ExecutionPlan"/> says. Nothing is
/// computed that nobody wants.
/// </summary>
internal sealed class SequentialRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ExecutionPlan _training;
    private readonly ExecutionPlan _inference;

    // The layers that are run, and for each: whether the one before does its forward pass, what it is if it does that of the next, or both
    // passes of the next, the next if that follows its output in training, and where its parameters begin among all.
    private readonly LayerRuntime<T>[] _layers;
    private readonly bool[] _isFused;
    private readonly IFusesRelu<T>?[] _fuses;
    private readonly IFusesReluBackward<T>?[] _fusesBackward;
    private readonly IFollowsInput<T>?[] _followers;
    private readonly int[] _firstParameter;
    private readonly int _firstToLearn;

    /// <summary>Makes a sequence.</summary>
    /// <param name="layers">The layers, at least one.</param>
    /// <param name="names">Their names, for the plan.</param>
    public SequentialRuntime(LayerRuntime<T>[] layers, string[] names)
        : base(layers[0].InputShape, layers[^1].OutputShape)
    {
        LayerDeclaration[] declared = [.. layers.Zip(names, (layer, name) => new LayerDeclaration(
            name, layer.Traits, layer is IFusesRelu<T>, layer.Parameters.Count > 0, layer.OutputShape.Count)
        {
            FusesReluBackward = layer is IFusesReluBackward<T>,
            ReportsOutput = layer is IReportsOutput<T>,
            FollowsInput = layer is IFollowsInput<T>,
        })];
        _training = ExecutionPlan.Of(declared, RunMode.Training);
        _inference = ExecutionPlan.Of(declared, RunMode.Inference);
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        Buffers = [.. layers.SelectMany(layer => layer.Buffers)];

        int first = _training.First;
        _layers = layers[first..];
        _firstToLearn = _training.FirstWithParameters < 0 ? -1 : _training.FirstWithParameters - first;
        _isFused = [.. _training.Layers.Skip(first).Select(layer => layer.IsFused)];
        _fuses = new IFusesRelu<T>?[_layers.Length];
        _fusesBackward = new IFusesReluBackward<T>?[_layers.Length];
        _followers = new IFollowsInput<T>?[_layers.Length];
        _firstParameter = new int[_layers.Length];
        for (int i = 1; i < _layers.Length; i++)
        {
            _firstParameter[i] = _firstParameter[i - 1] + _layers[i - 1].Parameters.Count;
            _fuses[i - 1] = _isFused[i] ? (IFusesRelu<T>)_layers[i - 1] : null;
            _fusesBackward[i - 1] = _training.Layers[first + i].IsFusedBackward ? (IFusesReluBackward<T>)_layers[i - 1] : null;
            _followers[i - 1] = _training.Layers[first + i].FollowsInput ? (IFollowsInput<T>)_layers[i] : null;
        }
        LayerTraits head = _layers[0].Traits, last = _layers[^1].Traits;
        Traits = new()
        {
            // A layer is only put in place behind one that does not need its output, so the last layer speaks for the whole.
            BackwardNeeds = (head.BackwardNeeds & BackwardNeeds.Input) | (last.BackwardNeeds & BackwardNeeds.Output),

            // The last layer alone sees that gradient; in place, it writes over it. A ReLU whose backward pass is fused does not see it.
            KeepsOutputGradient = _training.Layers[^1].IsFusedBackward
                ? _layers[^2].Traits.KeepsOutputGradient
                : last.KeepsOutputGradient && !_training.Layers[^1].WritesInPlace,
            ReadsBytes = head.ReadsBytes,
            IsPassThrough = Array.TrueForAll(layers, layer => layer.Traits.IsPassThrough),
        };
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    public override LayerTraits Traits { get; }

    public override ExecutionPlan PlanFor(RunMode mode) => mode == RunMode.Training ? _training : _inference;

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new SequentialWorkspace<T>(_layers, PlanFor(mode), capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        int batch = input.Rows;
        MatrixView<T> current = space.Activation(0, batch, output);
        Run(0, input, current, space);
        for (int i = 1; i < _layers.Length; i++)
        {
            MatrixView<T> next = space.Activation(i, batch, output);
            if (!_isFused[i])
                Run(i, current, next, space);
            current = next;
        }
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (SequentialWorkspace<T>)workspace;
        int batch = input.Rows;
        int first = inputGradient.IsEmpty ? FirstWanted(gradients) : 0;
        if (first < 0)
            return;
        MatrixView<T> gradient = outputGradient;
        for (int i = _layers.Length - 1; i > first; i--)
        {
            // The gradient of a ReLU whose backward pass is fused waits for the layer before, whose output is that of the ReLU.
            if (_fusesBackward[i - 1] is not null)
                continue;
            MatrixView<T> next = space.IsInPlace(i) ? gradient : space.Gradient(i, batch);
            RunBack(i, space.Activation(i - 1, batch, output), space.Activation(i, batch, output), gradient, next, gradients, space);
            gradient = next;
        }
        LayerInput<T> before = first == 0 ? input : space.Activation(first - 1, batch, output);
        RunBack(first, before, space.Activation(first, batch, output), gradient, inputGradient, gradients, space);
    }

    private void RunBack(
        int layer,
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        SequentialWorkspace<T> space)
    {
        if (_fusesBackward[layer] is { } fuses)
            fuses.BackwardRelu(input, output, outputGradient, inputGradient, Of(layer, gradients), space.Layers[layer]);
        else
            _layers[layer].Backward(input, output, outputGradient, inputGradient, Of(layer, gradients), space.Layers[layer]);
    }

    /// <summary>
    /// The first layer of whose parameters somebody wants a gradient, where frozen ones may stand before it; -1 for none.
    /// </summary>
    private int FirstWanted(GradientTargets<T> gradients)
    {
        for (int i = _firstToLearn; i >= 0 && i < _layers.Length; i++)
        {
            if (Of(i, gradients).AnyIsWanted)
                return i;
        }
        return -1;
    }

    private void Run(int layer, LayerInput<T> input, MatrixView<T> output, SequentialWorkspace<T> space)
    {
        if (_fuses[layer] is { } fuses)
        {
            fuses.ForwardRelu(input, output, space.Layers[layer]);
        }
        else if (_followers[layer] is { } next && space.Mode == RunMode.Training)
        {
            IOutputFollower<T> follower = next.Follow(input.Rows, space.Layers[layer + 1]);
            ((IReportsOutput<T>)_layers[layer]).ForwardReporting(input, output, follower, space.Layers[layer]);
        }
        else
        {
            _layers[layer].Forward(input, output, space.Layers[layer]);
        }
    }

    private GradientTargets<T> Of(int layer, GradientTargets<T> gradients) =>
        gradients.Slice(_firstParameter[layer], _layers[layer].Parameters.Count);
}
