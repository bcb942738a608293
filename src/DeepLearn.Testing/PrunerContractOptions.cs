namespace DeepLearn.Testing;

/// <summary>What <see cref="PrunerContract"/> tries a pruner on. An immutable value.</summary>
public sealed record PrunerContractOptions
{
    /// <summary>How many earlier results a trial is compared with at the most, at least 1. Default 12.</summary>
    public int EarlierResults { get; init; } = 12;

    /// <summary>How many trials each stage of a whole search has, at least 1. Default 9.</summary>
    public int Trials { get; init; } = 9;
}
