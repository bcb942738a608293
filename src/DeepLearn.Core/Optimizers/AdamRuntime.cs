using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal sealed class AdamRuntime<T> : ElementwiseOptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecoupledDecay<T> _decay;
    private readonly StateBuffer<T>[] _means;
    private readonly StateBuffer<T>[] _squares;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _share1;
    private readonly double _share2;
    private readonly T _epsilon;

    public AdamRuntime(double beta1, double beta2, double epsilon, DecoupledDecay<T> decay, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = decay;
        _means = CreateState("means");
        _squares = CreateState("squares");
        State = [.. _means, .. _squares];
        (_beta1, _beta2) = (beta1, beta2);

        // The corrections are those of the factors as rounded to T, so that the first step divides by what it multiplied with.
        (_share1, _share2) = (new MovingShare<T>(beta1).Effective, new MovingShare<T>(beta2).Effective);
        _epsilon = OptimizerGuard.Held<T>(epsilon, nameof(Adam.Epsilon));
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        Span<T> means = _means[index].Value.AsSpan().Slice(first, count);
        Span<T> squares = _squares[index].Value.AsSpan().Slice(first, count);

        T correction1 = T.CreateChecked(1 - IntegerPower.Of(_share1, step + 1));
        T correction2 = T.CreateChecked(1 - IntegerPower.Of(_share2, step + 1));
        UpdateTerms<T> terms = _decay.Terms(index, penalty);
        OptimizerUpdates.Adam(
            gradient, T.CreateChecked(rate), _beta1, _beta2, correction1, correction2, _epsilon, terms, value, means, squares);
    }
}
