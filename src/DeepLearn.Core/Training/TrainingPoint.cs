namespace DeepLearn.Training;

/// <summary>One point of the learning curves.</summary>
/// <param name="Step">The number of updates made.</param>
/// <param name="Epochs">The number of passes through the training set made, with fractions.</param>
/// <param name="LearningRate">
/// The learning rate of the next update: the schedule's times the factors of the callbacks, as they are before they see this point.
/// </param>
/// <param name="Training">The evaluation on the training set, or the part of it that the plan names.</param>
/// <param name="Validation">The evaluation on the validation set; null where there is none.</param>
public sealed record TrainingPoint(long Step, double Epochs, double LearningRate, Evaluation Training, Evaluation? Validation);
