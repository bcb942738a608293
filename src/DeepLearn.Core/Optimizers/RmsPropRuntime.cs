using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="RmsProp"/>.</summary>
internal sealed class RmsPropRuntime<T> : ElementwiseOptimizerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DecoupledDecay<T> _weightDecay;
    private readonly StateBuffer<T>[] _squares;
    private readonly StateBuffer<T>[] _velocity;
    private readonly double _decay;
    private readonly T _epsilon;
    private readonly double _momentum;

    public RmsPropRuntime(RmsProp options, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        _weightDecay = new(options.WeightDecay, options.DecayAppliesTo, parameters);
        _squares = CreateState("squares");
        _velocity = options.Momentum == 0 ? [] : CreateState("velocity");
        State = [.. _squares, .. _velocity];
        _decay = options.Decay;
        _epsilon = OptimizerGuard.Held<T>(options.Epsilon, nameof(RmsProp.Epsilon));
        _momentum = options.Momentum;
    }

    public override IReadOnlyList<StateBuffer<T>> State { get; }

    protected override void UpdateRange(int index, int first, int count, double rate, PenaltyGradient penalty, long step)
    {
        Span<T> value = Parameters[index].Value.AsSpan().Slice(first, count);
        ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan().Slice(first, count);
        Span<T> squares = _squares[index].Value.AsSpan().Slice(first, count);
        UpdateTerms<T> terms = _weightDecay.Terms(index, penalty);
        if (_velocity.Length == 0)
        {
            OptimizerUpdates.RmsProp(gradient, T.CreateChecked(rate), _decay, _epsilon, terms, value, squares);
            return;
        }
        Span<T> velocity = _velocity[index].Value.AsSpan().Slice(first, count);
        Map.Update(new WithMomentum(terms, T.CreateChecked(rate), _decay, _epsilon, _momentum), gradient, value, squares, velocity);
    }

    /// <summary>The update with momentum: the value, the mean square and the velocity by the gradient.</summary>
    private readonly struct WithMomentum(UpdateTerms<T> terms, T rate, double decay, T epsilon, double momentum) : ITripleUpdate<T>
    {
        private readonly MovingShare<T> _decay = new(decay);
        private readonly MovingShare<T> _momentum = new(momentum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second, ref TLanes third)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes g = OptimizerUpdates.Derivative(terms, gradient, first);
            second = _decay.Mix(second, g * g);
            TLanes direction = g / (TLanes.SquareRoot(second) + TLanes.Create(epsilon));
            third = _momentum.Sum(third, direction);
            first = OptimizerUpdates.Stepped(terms, first, rate, third);
        }
    }
}
