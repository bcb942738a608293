using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Sgd"/> with momentum.</summary>
internal sealed class MomentumRuntime<T> : ElementwiseOptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecoupledDecay<T> _decay;
    private readonly StateBuffer<T>[] _velocity;
    private readonly double _momentum;
    private readonly bool _nesterov;

    public MomentumRuntime(Sgd options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _velocity = CreateState("velocity");
        _momentum = options.Momentum;
        _nesterov = options.Nesterov;
    }

    public override IReadOnlyList<StateBuffer<T>> State => _velocity;

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        Span<T> velocity = _velocity[index].Value.AsSpan().Slice(first, count);
        UpdateTerms<T> terms = _decay.Terms(index, penalty);
        if (_nesterov)
            OptimizerUpdates.Nesterov(gradient, T.CreateChecked(rate), _momentum, terms, value, velocity);
        else
            OptimizerUpdates.Momentum(gradient, T.CreateChecked(rate), _momentum, terms, value, velocity);
    }
}
