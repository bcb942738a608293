using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Lion"/>.</summary>
internal sealed class LionRuntime<T> : ElementwiseOptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecoupledDecay<T> _decay;
    private readonly StateBuffer<T>[] _momentum;
    private readonly double _beta1;
    private readonly double _beta2;

    public LionRuntime(Lion options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _momentum = CreateState("momentum");
        (_beta1, _beta2) = (options.Beta1, options.Beta2);
    }

    public override IReadOnlyList<StateBuffer<T>> State => _momentum;

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        Span<T> momentum = _momentum[index].Value.AsSpan().Slice(first, count);
        OptimizerUpdates.Lion(gradient, T.CreateChecked(rate), _beta1, _beta2, _decay.Terms(index, penalty), value, momentum);
    }
}
