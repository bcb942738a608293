using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>Plain gradient descent: <c>w = w - rate * gradient</c> (Robbins and Monro, "A Stochastic Approximation Method", 1951).</summary>
public sealed record Sgd : Optimizer
{
    /// <inheritdoc/>
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

    private sealed class Runtime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TryGetDirectUpdate(double rate, double slope, out T scale, out T keep)
        {
            scale = T.CreateChecked(-rate);
            keep = T.CreateChecked(1 - (rate * slope));
            return true;
        }

        public override void Update(int index, double rate, double slope, long step)
        {
            TryGetDirectUpdate(rate, slope, out T scale, out T keep);
            Span<T> value = Parameters[index].Value.AsSpan();
            ReadOnlySpan<T> gradient = Parameters[index].Gradient.AsSpan();
            for (int i = 0; i < value.Length; i++)
                value[i] = T.FusedMultiplyAdd(scale, gradient[i], keep * value[i]);
        }
    }
}
