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

    public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
    {
        scale = T.CreateChecked(-rate);
        keep = T.CreateChecked(1 - (rate * (penalty.Linear + _decay.Of(index))));
        return penalty.Sign == 0;
    }

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        if (TryGetDirectUpdate(index, rate, penalty, out T scale, out T keep))
            Arithmetic.Blend(gradient, scale, value, keep, value);
        else
            OptimizerUpdates.Sgd(gradient, T.CreateChecked(rate), _decay.Terms(index, rate, penalty), value);
    }
}
