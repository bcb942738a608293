namespace DeepLearn.Search.Pruners;

/// <summary>Lets every trial run to its end. A stage is one group.</summary>
public sealed record NoPruner : Pruner
{
    /// <inheritdoc/>
    public override string Description => "none";

    /// <inheritdoc/>
    public override int GroupSize => int.MaxValue;

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request) => false;
}
