namespace DeepLearn.Training;

/// <summary>The cost, loss and accuracy of a model on a data set, in inference.</summary>
/// <param name="Cost">Loss plus penalty.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">
/// The part of the examples whose class the outputs predict, from 0 to 1, or of the decisions, where an example may have several labels:
/// see <see cref="Metrics.Accuracy"/>. Null where the targets are numbers, of which none is right or wrong.
/// </param>
/// <param name="Examples">The number of examples.</param>
public sealed record Evaluation(double Cost, double Loss, double? Accuracy, int Examples);
