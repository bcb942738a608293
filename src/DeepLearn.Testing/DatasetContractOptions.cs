using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>How much of a data set <see cref="DatasetContract"/> looks at. An immutable value.</summary>
public sealed record DatasetContractOptions
{
    /// <summary>How many examples are looked at, chosen at random where there are more; at least 1. Default 50.</summary>
    public int Examples { get; init; } = 50;

    /// <summary>The numbers of threads that make batches. Default 2 and 3.</summary>
    public ValueList<int> Threads { get; init => field = PropertyGuard.NotNull(value); } = [2, 3];

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
