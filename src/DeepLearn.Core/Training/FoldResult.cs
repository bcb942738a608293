namespace DeepLearn.Training;

/// <summary>What came of one fold of a cross-validation.</summary>
/// <param name="Fold">The number of the fold, from 0.</param>
/// <param name="Validation">
/// The trained model on the fold's validation set, with the metrics that were asked for; in the unit of the targets.
/// </param>
/// <param name="Training">The learning curves and what training took.</param>
public sealed record FoldResult(int Fold, Evaluation Validation, TrainingResult Training);
