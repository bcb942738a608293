using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="RmsProp"/>.</summary>
internal sealed class RmsPropRuntime<T> : OptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecayFactors<T> _weightDecay;
    private readonly StateBuffer<T>[] _squares;
    private readonly StateBuffer<T>[] _velocity;
    private readonly T _decay;
    private readonly T _rest;
    private readonly T _epsilon;
    private readonly T _momentum;

    public RmsPropRuntime(RmsProp options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _weightDecay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _squares = CreateState("squares");
        _velocity = options.Momentum == 0 ? [] : CreateState("velocity");
        State = [.. _squares, .. _velocity];
        _decay = T.CreateChecked(options.Decay);
        _rest = T.CreateChecked(1 - options.Decay);
        _epsilon = T.CreateChecked(options.Epsilon);
        _momentum = T.CreateChecked(options.Momentum);
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    public override void Update(int index, double rate, double slope, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan();
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
        Span<T> squares = _squares[index].Value.AsSpan();
        Span<T> velocity = _velocity.Length == 0 ? default : _velocity[index].Value.AsSpan();
        T keep = _weightDecay.Keep(index, rate), scale = T.CreateChecked(-rate), c = T.CreateChecked(slope);
        for (int i = 0; i < value.Length; i++)
        {
            T g = T.FusedMultiplyAdd(c, value[i], gradient[i]);
            T s = T.FusedMultiplyAdd(_decay, squares[i], _rest * g * g);
            squares[i] = s;
            T direction = g / (T.Sqrt(s) + _epsilon);
            if (!velocity.IsEmpty)
            {
                direction = T.FusedMultiplyAdd(_momentum, velocity[i], direction);
                velocity[i] = direction;
            }
            value[i] = T.FusedMultiplyAdd(scale, direction, keep * value[i]);
        }
    }
}
