using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="Lion"/>.</summary>
internal sealed class LionRuntime<T> : OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecayFactors<T> _decay;
    private readonly StateBuffer<T>[] _momentum;
    private readonly T _beta1;
    private readonly T _rest1;
    private readonly T _beta2;
    private readonly T _rest2;

    public LionRuntime(Lion options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _momentum = CreateState("momentum");
        _beta1 = T.CreateChecked(options.Beta1);
        _rest1 = T.CreateChecked(1 - options.Beta1);
        _beta2 = T.CreateChecked(options.Beta2);
        _rest2 = T.CreateChecked(1 - options.Beta2);
    }

    public override IReadOnlyList<StateBuffer<T>> State => _momentum;

    public override void Update(int index, double rate, double slope, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan();
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
        Span<T> momentum = _momentum[index].Value.AsSpan();
        T keep = _decay.Keep(index, rate), scale = T.CreateChecked(rate), c = T.CreateChecked(slope);
        for (int i = 0; i < value.Length; i++)
        {
            T g = T.FusedMultiplyAdd(c, value[i], gradient[i]);
            T direction = T.FusedMultiplyAdd(_beta1, momentum[i], _rest1 * g);
            momentum[i] = T.FusedMultiplyAdd(_beta2, momentum[i], _rest2 * g);

            // 0 and NaN stay what they are.
            T move = direction > T.Zero ? scale : direction < T.Zero ? -scale : direction;
            value[i] = (keep * value[i]) - move;
        }
    }
}
