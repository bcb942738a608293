using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="Sgd"/> with momentum.</summary>
internal sealed class MomentumRuntime<T> : OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecayFactors<T> _decay;
    private readonly StateBuffer<T>[] _velocity;
    private readonly T _momentum;
    private readonly bool _nesterov;

    public MomentumRuntime(Sgd options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _decay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _velocity = CreateState("velocity");
        _momentum = T.CreateChecked(options.Momentum);
        _nesterov = options.Nesterov;
    }

    public override IReadOnlyList<StateBuffer<T>> State => _velocity;

    public override void Update(int index, double rate, double slope, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan();
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
        Span<T> velocity = _velocity[index].Value.AsSpan();
        T keep = _decay.Keep(index, rate), scale = T.CreateChecked(-rate), c = T.CreateChecked(slope);
        for (int i = 0; i < value.Length; i++)
        {
            T g = T.FusedMultiplyAdd(c, value[i], gradient[i]);
            T v = T.FusedMultiplyAdd(_momentum, velocity[i], g);
            velocity[i] = v;
            T direction = _nesterov ? T.FusedMultiplyAdd(_momentum, v, g) : v;
            value[i] = T.FusedMultiplyAdd(scale, direction, keep * value[i]);
        }
    }
}
