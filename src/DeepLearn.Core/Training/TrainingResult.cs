using DeepLearn.Foundation;

namespace DeepLearn.Training;

/// <summary>What came of training.</summary>
/// <param name="Steps">The number of updates made.</param>
/// <param name="Stopped">Whether a callback stopped it before its planned end.</param>
/// <param name="Curve">The points of the learning curves, in order.</param>
/// <param name="Seconds">
/// The time it took in seconds, evaluations and what went before a checkpoint included, loading of data from disk not.
/// </param>
public sealed record TrainingResult(long Steps, bool Stopped, ValueList<TrainingPoint> Curve, double Seconds);
