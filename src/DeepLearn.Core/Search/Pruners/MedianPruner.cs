using System.Globalization;

namespace DeepLearn.Search.Pruners;

/// <summary>Stops a trial whose best score so far is worse than the median of what earlier trials had at the same step.</summary>
/// <remarks>The <see cref="PercentilePruner"/> at 50, under the name by which users look for it.</remarks>
/// <example><code>
/// SearchResult found = (search with { Pruner = new MedianPruner { FirstStep = 2 } }).Run((trial, context, cancellation) =>
/// {
///     double score = 0;
///     for (int epoch = 1; epoch &lt;= 5; epoch++)
///     {
///         score = (1 - trial.Value("lambda")) * epoch / 5;    // as a training of yours would have it
///         if (!context.Report(epoch, score))
///             break;
///     }
///     return new(score);
/// });
/// </code></example>
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
