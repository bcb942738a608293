using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>
/// What <see cref="InitializerContract"/> may know of an initializer, and the parameter that it fills. An immutable value.
/// </summary>
public sealed record InitializerContractOptions
{
    /// <summary>The number of inputs that one output sums over, which is the number of rows too; at least 1. Default 60.</summary>
    public int FanIn { get; init; } = 60;

    /// <summary>The number of outputs that one input reaches, which is the number of columns too; at least 1. Default 100.</summary>
    public int FanOut { get; init; } = 100;

    /// <summary>The variance that the numbers should have around 0; null, the default, if that is not checked.</summary>
    public double? Variance { get; init; }

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
