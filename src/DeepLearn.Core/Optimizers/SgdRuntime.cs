using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Sgd"/> without momentum: two factors, so that a product may make the step itself.</summary>
internal sealed class SgdRuntime<T>(
    Sgd options, IReadOnlyList<Parameter<T>> parameters) : ElementwiseOptimizerRuntime<T>(parameters), IAccumulatingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecoupledDecay<T> _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);

    // One factor of a value that decays is near 1, where T has few digits for the decay: in float none at all below 2^-25. So the two
    // factors are offered only where the decay that the rounded factor makes is right to a thousandth.
    private const double DecayTolerance = 1e-3;

    public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
    {
        double decay = rate * (penalty.Linear + _decay.Of(index));
        scale = T.CreateChecked(-rate);
        keep = T.CreateChecked(1 - decay);
        return penalty.Sign == 0 && Math.Abs(1 - double.CreateChecked(keep) - decay) <= DecayTolerance * decay;
    }

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        if (TryGetDirectUpdate(index, rate, penalty, out T scale, out T keep))
            Arithmetic.Blend(gradient, scale, value, keep, value);
        else
            OptimizerUpdates.Sgd(gradient, T.CreateChecked(rate), _decay.Terms(index, penalty), value);
    }
}
