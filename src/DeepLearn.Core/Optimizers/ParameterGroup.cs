using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>Some of a model's parameters with the runtime of their optimizer.</summary>
internal sealed class ParameterGroup<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PenaltyGradient[] _penalties;

    public ParameterGroup(Optimizer optimizer, double rateFactor, IReadOnlyList<int> members, IReadOnlyList<Parameter<T>> parameters)
    {
        Runtime = optimizer.CreateRuntime<T>([.. members.Select(member => parameters[member])]);
        RateFactor = rateFactor;
        Members = [.. members];
        _penalties = new PenaltyGradient[Members.Length];
    }

    /// <summary>The runtime, whose parameters are those of the group in their order.</summary>
    public OptimizerRuntime<T> Runtime { get; }

    /// <summary>What the learning rate is multiplied by.</summary>
    public double RateFactor { get; }

    /// <summary>The positions of the group's parameters among all.</summary>
    public int[] Members { get; }

    /// <summary>Whether a step needs no beginning, and may be made by the products that make the gradients.</summary>
    public bool IsAccumulating =>
        Runtime is IAccumulatingOptimizer<T> and IPenaltyFusingOptimizer<T> and not IPreparingOptimizer<T>;

    /// <summary>Begins a step of the group.</summary>
    public void BeginStep(ReadOnlySpan<PenaltyGradient> penalties, long step)
    {
        for (int i = 0; i < Members.Length; i++)
            _penalties[i] = penalties[Members[i]];
        Runtime.BeginStep(_penalties, step);
    }
}
