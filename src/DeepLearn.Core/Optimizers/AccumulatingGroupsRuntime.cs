using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>Groups all of whose steps have two factors.</summary>
internal sealed class AccumulatingGroupsRuntime<T>(IReadOnlyList<Parameter<T>> parameters, IReadOnlyList<ParameterGroup<T>> groups)
    : GroupsRuntime<T>(parameters, groups), IAccumulatingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool TryGetDirectUpdate(int index, double rate, PenaltyGradient penalty, out T scale, out T keep)
    {
        if (RuntimeOf(index, ref rate, out int place) is IAccumulatingOptimizer<T> runtime)
            return runtime.TryGetDirectUpdate(place, rate, penalty, out scale, out keep);
        (scale, keep) = (T.Zero, T.One);
        return false;
    }
}
