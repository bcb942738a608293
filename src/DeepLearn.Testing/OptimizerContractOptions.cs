using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>What <see cref="OptimizerContract"/> may know of an optimizer, and the steps that it tries. An immutable value.</summary>
public sealed record OptimizerContractOptions
{
    /// <summary>The learning rate of most checks, above 0. Default 0.01.</summary>
    public double Rate { get; init; } = 0.01;

    /// <summary>
    /// A rate that, falling to 0 over 600 steps, makes a quadratic cost with curvatures from 1 to 10 less than a five-hundredth; null, the
    /// default, if that is not checked.
    /// </summary>
    public double? MinimizingRate { get; init; }

    /// <summary>The largest difference of float from double after ten steps, relative to numbers above 1 in size. Default 2e-4.</summary>
    public double FloatTolerance { get; init; } = 2e-4;

    /// <summary>The numbers of threads. Default 2 and 3.</summary>
    public ValueList<int> Threads { get; init => field = PropertyGuard.NotNull(value); } = [2, 3];

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
