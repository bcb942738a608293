using System.Globalization;
using DeepLearn.Foundation;

namespace DeepLearn.Training;

/// <summary>What came of the folds of a cross-validation. An immutable value.</summary>
/// <param name="Folds">The folds in order, at least one.</param>
public sealed record CrossValidationResult(ValueList<FoldResult> Folds)
{
    /// <summary>The loss and the names of the metrics that every fold has.</summary>
    public ValueList<string> Names =>
        ["loss", .. Folds[0].Validation.Metrics.Select(metric => metric.Name).Where(name => Folds.All(fold => Has(fold, name)))];

    /// <summary>The value of a metric in each fold.</summary>
    /// <param name="metric">Its name, or <c>loss</c>.</param>
    /// <exception cref="KeyNotFoundException">A fold has none of that name.</exception>
    public ValueList<double> ValuesOf(string metric) =>
        [.. Folds.Select(fold => metric == "loss" ? fold.Validation.Loss : fold.Validation[metric])];

    /// <summary>The mean of a metric over the folds.</summary>
    /// <param name="metric">Its name, or <c>loss</c>.</param>
    /// <exception cref="KeyNotFoundException">A fold has none of that name.</exception>
    public double Mean(string metric) => ValuesOf(metric).Average();

    /// <summary>The standard deviation of a metric over the folds, that of the sample; 0 for one fold.</summary>
    /// <remarks>Training sets of folds overlap, so that this says how much a single fold varies, and is no error of the mean.</remarks>
    /// <param name="metric">Its name, or <c>loss</c>.</param>
    /// <exception cref="KeyNotFoundException">A fold has none of that name.</exception>
    public double StandardDeviation(string metric)
    {
        double mean = Mean(metric);
        return Folds.Count < 2 ? 0 : Math.Sqrt(ValuesOf(metric).Sum(value => (value - mean) * (value - mean)) / (Folds.Count - 1));
    }

    /// <summary>A line for the loss and each metric, as in <c>accuracy 0.9533, standard deviation 0.0267, of 10 folds</c>.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        Names.Select(name => string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {Mean(name):f4}, standard deviation {StandardDeviation(name):f4}, of {Folds.Count} folds")));

    private static bool Has(FoldResult fold, string name) => fold.Validation.Metrics.Any(metric => metric.Name == name);
}
