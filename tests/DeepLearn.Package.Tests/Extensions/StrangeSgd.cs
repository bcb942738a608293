using System.Numerics;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;

namespace DeepLearn.Package.Tests;

/// <summary>Gradient descent from outside: weights are updated within the backward pass, as the library's own are.</summary>
internal sealed record StrangeSgd : Optimizer
{
    public override OptimizerRuntime<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters) => new Runtime<T>(parameters);

    private sealed class Runtime<T>(IReadOnlyList<Parameter<T>> parameters) : OptimizerRuntime<T>(parameters), IAccumulatingOptimizer<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Update(int index, double rate, long step)
        {
            Counts.Updates++;
            Span<T> value = Parameters[index].Value.AsSpan(), gradient = Parameters[index].Gradient.AsSpan();
            for (int i = 0; i < value.Length; i++)
                value[i] = T.FusedMultiplyAdd(T.CreateChecked(-rate), gradient[i], value[i]);
        }

        public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
        {
            (scale, keep) = (T.CreateChecked(-rate), T.One);
            return penalty.Linear == 0 && penalty.Sign == 0;
        }
    }
}
