using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>Groups of which one may look at its gradients before its first update, or add penalties to them.</summary>
internal sealed class PreparingGroupsRuntime<T>(IReadOnlyList<Parameter<T>> parameters, IReadOnlyList<ParameterGroup<T>> groups)
    : GroupsRuntime<T>(parameters, groups), IPreparingOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Prepare(ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        foreach (ParameterGroup<T> group in Groups)
            group.BeginStep(penalties, step);
    }
}
