using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The area under the receiver operating characteristic, from 0 to 1: the probability that an example of class 1 has a higher score than
/// one of class 0, where equal scores count one half. 0.5 is what guessing gives.
/// </summary>
/// <remarks>
/// Hanley and McNeil, "The Meaning and Use of the Area under a Receiver Operating Characteristic (ROC) Curve", 1982. It is for two classes,
/// by one output or two; with several labels at once it is the mean of theirs, of those that have both kinds of examples. Where there is
/// none, as where all examples are of one class, it has no value, and is NaN. Scores are kept, 8 bytes for each; a NaN counts as less than
/// every number.
/// </remarks>
public sealed record RocAuc : Metric
{
    /// <inheritdoc/>
    public override string Name => "ROC AUC";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return TwoClasses.IsOf(task);
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) => new RocAccumulator(task);
}
