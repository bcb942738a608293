using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="ValueClipping"/>.</summary>
internal sealed class ValueClippingRuntime<T>(
    OptimizerRuntime<T> inner, double limit) : OptimizerRuntime<T>(inner.Parameters), IPreparingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PenaltyGradient[] _none = new PenaltyGradient[inner.Parameters.Count];
    private readonly T _limit = OptimizerGuard.Held<T>(limit, nameof(ValueClipping.Limit));

    public override WorkerPool Workers
    {
        get => inner.Workers;
        set => inner.Workers = value;
    }

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override bool Updates(int index) => inner.Updates(index);

    // Penalties are not fused: their gradients are to be clipped with the loss's.
    public void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        for (int i = 0; i < _none.Length; i++)
        {
            if (!Updates(i))
                continue;
            Span<T> gradient = Parameters[i].Gradient.AsSpan();
            Arithmetic.Clamp(gradient, -_limit, _limit, gradient);
        }
        inner.BeginStep(_none, step);
    }

    public override void Update(int index, double rate, long step) => inner.UpdateParameter(index, rate, PenaltyGradient.None, step);
}
