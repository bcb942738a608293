namespace DeepLearn.Search.Pruners;

/// <summary>Lets every trial run to its end.</summary>
/// <example><code>SingleStageSearch whole = search with { Pruner = new NoPruner() };    // the default</code></example>
public sealed record NoPruner : Pruner
{
    /// <inheritdoc/>
    public override string Description => "none";

    /// <inheritdoc/>
    public override bool UsesHistory => false;

    /// <inheritdoc/>
    public override bool ShouldStop(PruneRequest request) => false;
}
