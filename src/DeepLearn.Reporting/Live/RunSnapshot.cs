using DeepLearn.Training;

namespace DeepLearn.Reporting.Live;

/// <summary>What a run has reported by a moment.</summary>
/// <param name="Latest">The latest report; null before the first.</param>
/// <param name="Batches">The losses of batches, in the order of their steps; of a long run some of them.</param>
/// <param name="Points">The points of the learning curves, in order; of a run with very many some of them.</param>
internal sealed record RunSnapshot(
    TrainingProgress? Latest, IReadOnlyList<(double Step, double Loss)> Batches, IReadOnlyList<TrainingPoint> Points);
