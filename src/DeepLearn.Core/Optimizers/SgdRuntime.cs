using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Sgd"/> without momentum: two factors, so that a product may make the step itself.</summary>
internal sealed class SgdRuntime<T>(Sgd options, IReadOnlyList<Parameter<T>> parameters) : ElementwiseOptimizerRuntime<T>(parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecayFactors<T> _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);

    public override bool TryGetDirectUpdate(int index, double rate, double derivative, out T scale, out T keep)
    {
        scale = T.CreateChecked(-rate);
        keep = T.CreateChecked(1 - (rate * (derivative + _decay.Of(index))));
        return true;
    }

    public override bool TryFoldSigns(ReadOnlySpan<double> factors) => _decay.FoldSigns(factors);

    protected override void UpdateRange(int index, int first, int count, double rate, double derivative, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        if (_decay.SignOf(index) > 0)
        {
            OptimizerUpdates.Sgd(gradient, T.CreateChecked(rate), _decay.Terms(index, rate, derivative), value);
            return;
        }
        TryGetDirectUpdate(index, rate, derivative, out T scale, out T keep);
        Arithmetic.Blend(gradient, scale, value, keep, value);
    }
}
