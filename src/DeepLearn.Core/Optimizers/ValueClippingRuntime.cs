using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>The machine of <see cref="ValueClipping"/>.</summary>
internal sealed class ValueClippingRuntime<T>(OptimizerRuntime<T> inner, double limit) : OptimizerRuntime<T>(inner.Parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _noSlopes = new double[inner.Parameters.Count];
    private readonly T _limit = T.CreateChecked(limit);

    public override IReadOnlyList<StateBuffer<T>> State => inner.State;

    public override void Prepare(ReadOnlySpan<double> slopes, long step)
    {
        for (int i = 0; i < slopes.Length; i++)
            Clip(Parameters[i].Value.AsSpan(), Parameters[i].Gradient.AsSpan(), T.CreateChecked(slopes[i]));
        inner.Prepare(_noSlopes, step);
    }

    // The slope has been added in Prepare, since it is to be clipped with the rest.
    public override void Update(int index, double rate, double slope, long step) => inner.Update(index, rate, 0, step);

    private void Clip(ReadOnlySpan<T> value, Span<T> gradient, T slope)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            T g = T.FusedMultiplyAdd(slope, value[i], gradient[i]);
            gradient[i] = g > _limit ? _limit : g < -_limit ? -_limit : g;
        }
    }
}
