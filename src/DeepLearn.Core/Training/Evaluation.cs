namespace DeepLearn.Training;

/// <summary>What a model makes of a data set, in inference.</summary>
/// <param name="Cost">Loss plus penalty.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The fraction of examples whose largest output is that of their class; NaN where they have no class labels.</param>
/// <param name="Examples">The number of examples.</param>
public sealed record Evaluation(double Cost, double Loss, double Accuracy, int Examples);
