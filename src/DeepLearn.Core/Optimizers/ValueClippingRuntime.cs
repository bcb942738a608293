using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The runtime of <see cref="ValueClipping"/>.</summary>
internal sealed class ValueClippingRuntime<T>(OptimizerRuntime<T> inner, double limit) : OptimizerRuntime<T>(inner.Parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _noDerivatives = new double[inner.Parameters.Count];
    private readonly T _limit = T.CreateChecked(limit);

    public override WorkerPool Workers
    {
        get => inner.Workers;
        set => inner.Workers = value;
    }

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override void Prepare(ReadOnlySpan<double> derivatives, long step)
    {
        for (int i = 0; i < derivatives.Length; i++)
        {
            Span<T> gradient = Parameters[i].Gradient.AsSpan();
            if (derivatives[i] != 0)
                Arithmetic.AddScaled(Parameters[i].Value.AsSpan(), T.CreateChecked(derivatives[i]), gradient);
            Arithmetic.Clamp(gradient, -_limit, _limit, gradient);
        }
        inner.Prepare(_noDerivatives, step);
    }

    // The derivative has been added in Prepare, since it is to be clipped with the rest.
    public override void Update(int index, double rate, double derivative, long step) => inner.Update(index, rate, 0, step);
}
