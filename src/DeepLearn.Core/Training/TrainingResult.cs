using DeepLearn.Foundation;

namespace DeepLearn.Training;

/// <summary>What came of training.</summary>
/// <param name="Steps">The number of updates made.</param>
/// <param name="Stopped">Whether a callback stopped it before its planned end.</param>
/// <param name="Curve">
/// The points of the learning curves, in order: one for each evaluation that the plan asks for (<see cref="EvaluationPlan"/>). With the
/// default plan it is one, at the end; none where neither <see cref="EvaluationPlan.AtEnd"/> nor another of its options asks for any.
/// </param>
/// <param name="Seconds">
/// The time it took in seconds, evaluations and what went before a checkpoint included, loading of data from disk not.
/// </param>
public sealed record TrainingResult(long Steps, bool Stopped, ValueList<TrainingPoint> Curve, double Seconds)
{
    /// <summary>
    /// What was measured of the model as training left it: the last point of the curves; or a measurement of its own, where a callback gave
    /// the model other weights at the end (<see cref="TrainingCallback{T}.ReplacesWeights"/>), such as the best ones. Null where the plan
    /// has no evaluation at the end (<see cref="EvaluationPlan.AtEnd"/>) and none was made after the last step.
    /// </summary>
    public TrainingPoint? Final { get; init; }
}
