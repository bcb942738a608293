namespace DeepLearn.Models.Predictors;

/// <summary>A class or label with its probability.</summary>
/// <param name="Label">The number of the class, from 0.</param>
/// <param name="Name">Its name; the number where it is not known.</param>
/// <param name="Probability">The probability, from 0 to 1.</param>
public sealed record ClassProbability(int Label, string Name, double Probability);
