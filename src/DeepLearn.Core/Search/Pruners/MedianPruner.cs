using System.Globalization;

namespace DeepLearn.Search.Pruners;

/// <summary>Stops a trial whose best score so far is worse than the median of what earlier trials had at the same step.</summary>
/// <remarks>The <see cref="PercentilePruner"/> at 50, under the name by which users look for it.</remarks>
public sealed record MedianPruner : PercentilePruner
{
    /// <summary>Makes a median pruner.</summary>
    public MedianPruner()
        : base(50)
    {
    }

    /// <inheritdoc/>
    public override string Description => string.Create(
        CultureInfo.InvariantCulture, $"median of at least {MinimumTrials} from step {FirstStep}");
}
