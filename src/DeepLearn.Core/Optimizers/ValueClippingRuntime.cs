using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="ValueClipping"/>.</summary>
internal sealed class ValueClippingRuntime<T>(OptimizerRuntime<T> inner, double limit) : OptimizerRuntime<T>(inner.Parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _noSlopes = new double[inner.Parameters.Count];
    private readonly T _limit = T.CreateChecked(limit);

    public override WorkerPool Workers
    {
        get => inner.Workers;
        set => inner.Workers = value;
    }

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override void Prepare(ReadOnlySpan<double> slopes, long step)
    {
        for (int i = 0; i < slopes.Length; i++)
        {
            Span<T> gradient = Parameters[i].Gradient.AsSpan();
            if (slopes[i] != 0)
                Arithmetic.AddScaled(Parameters[i].Value.AsSpan(), T.CreateChecked(slopes[i]), gradient);
            Arithmetic.Clamp(gradient, -_limit, _limit, gradient);
        }
        inner.Prepare(_noSlopes, step);
    }

    // The slope has been added in Prepare, since it is to be clipped with the rest.
    public override void Update(int index, double rate, double slope, long step) => inner.Update(index, rate, 0, step);
}
