namespace DeepLearn.Testing;

/// <summary>What <see cref="TrialStoreContract"/> tries a store on. An immutable value.</summary>
public sealed record TrialStoreContractOptions
{
    /// <summary>How many trials are kept in one store, at least 1. Default 300.</summary>
    public int Trials { get; init; } = 300;

    /// <summary>How many threads keep trials in turn, and open a store at the same time, at least 2. Default 4.</summary>
    public int Threads { get; init; } = 4;
}
