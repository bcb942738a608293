using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Divides data sets into training and validation parts. All parts are views in the order of the whole; the same key gives the same parts.
/// <see cref="Tables.TableSplits"/> divides tables.
/// </summary>
/// <remarks>
/// A validation part of a fraction has <c>round(fraction * n)</c> examples (to even where it is a tie). A stratified part takes that share
/// of each class, so that its size may differ by less than the number of classes. A grouped part takes whole groups, such as the images of
/// one person, so that no group is in both parts.
/// </remarks>
/// <example><code>
/// (Dataset learned, Dataset held) = Splits.Stratified(training, fraction: 0.2, RandomKey.FromSeed(1));
/// foreach ((Dataset train, Dataset validation) in Splits.StratifiedFolds(training, folds: 5, RandomKey.FromSeed(1)))
///     Console.WriteLine($"{train.Count} and {validation.Count}");    // prints 240 and 60
/// </code></example>
public static class Splits
{
    /// <summary>Sets a share of the examples, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) ByFraction(Dataset dataset, double fraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Parts(dataset, RowsOf(dataset).ByFraction(fraction, key));
    }

    /// <summary>Sets the last share of the examples aside for validation, without shuffling: for data in the order of time.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) InOrder(Dataset dataset, double fraction)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        int training = dataset.Count - RowsOf(dataset).CountOf(fraction);
        return (dataset.Take(training), dataset.Skip(training));
    }

    /// <summary>Sets the same share of each class, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole, with class labels.</param>
    /// <param name="fraction">The share of the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) Stratified(Dataset dataset, double fraction, RandomKey key)
    {
        (int[] labels, int classes) = LabelsOf(dataset);
        return Parts(dataset, RowsOf(dataset).Stratified(labels, classes, fraction, key));
    }

    /// <summary>Sets whole groups of examples, chosen at random, aside for validation.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="groups">The group of each example, any numbers.</param>
    /// <param name="fraction">The share of the groups in the validation part, above 0 and below 1.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of range, or leaves a part without examples.</exception>
    public static (Dataset Training, Dataset Validation) Grouped(Dataset dataset, ReadOnlySpan<int> groups, double fraction, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Parts(dataset, RowsOf(dataset).Grouped(groups, fraction, key));
    }

    /// <summary>
    /// The folds of a cross-validation: each example is in the validation part of exactly one fold, and validation parts differ by at most
    /// one example in size.
    /// </summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="folds">How many, from 2 to the number of examples.</param>
    /// <param name="key">
    /// The name of the random choice. For repeated cross-validation give each repetition a key of its own, such as
    /// <c>key.Derive(repetition)</c>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> Folds(Dataset dataset, int folds, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Parts(dataset, RowsOf(dataset).Folds(folds, key));
    }

    /// <summary>
    /// Folds as of <see cref="Folds(Dataset, int, RandomKey)"/>, each with the same share of each class, up to one example.
    /// </summary>
    /// <param name="dataset">The whole, with class labels.</param>
    /// <param name="folds">How many, from 2 to the number of examples.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">The examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> StratifiedFolds(Dataset dataset, int folds, RandomKey key)
    {
        (int[] labels, int classes) = LabelsOf(dataset);
        return Parts(dataset, RowsOf(dataset).StratifiedFolds(labels, classes, folds, key));
    }

    /// <summary>
    /// Several cross-validations one after the other, each with folds of its own: repetition r has those of <c>key.Derive(r)</c>.
    /// </summary>
    /// <param name="dataset">The whole, with class labels where the folds are stratified.</param>
    /// <param name="folds">How many folds a repetition has, from 2 to the number of examples.</param>
    /// <param name="repetitions">How many repetitions, at least 1.</param>
    /// <param name="key">The name of the random choices.</param>
    /// <param name="isStratified">Whether each fold has the same share of each class, up to one example. Default false.</param>
    /// <exception cref="ArgumentException">The folds are stratified, and the examples have no class labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> RepeatedFolds(
        Dataset dataset, int folds, int repetitions, RandomKey key, bool isStratified = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        return
        [
            .. Enumerable.Range(0, repetitions).Select(repetition => key.Derive(repetition))
                .SelectMany(own => isStratified ? StratifiedFolds(dataset, folds, own) : Folds(dataset, folds, own)),
        ];
    }

    /// <summary>Folds of whole groups: each group is in the validation part of exactly one fold.</summary>
    /// <param name="dataset">The whole.</param>
    /// <param name="groups">The group of each example, any numbers.</param>
    /// <param name="folds">How many, from 2 to the number of groups.</param>
    /// <param name="key">The name of the random choice.</param>
    /// <exception cref="ArgumentException">There are not as many groups as examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of folds is out of range.</exception>
    public static IReadOnlyList<(Dataset Training, Dataset Validation)> GroupedFolds(
        Dataset dataset, ReadOnlySpan<int> groups, int folds, RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Parts(dataset, RowsOf(dataset).GroupedFolds(groups, folds, key));
    }

    private static RowSplits RowsOf(Dataset dataset) => new(dataset.Count, "examples");

    private static (Dataset Training, Dataset Validation) Parts(Dataset dataset, RowParts rows) =>
        (dataset.Subset(rows.Training), dataset.Subset(rows.Validation));

    private static (Dataset Training, Dataset Validation)[] Parts(Dataset dataset, RowParts[] folds) =>
        [.. folds.Select(rows => Parts(dataset, rows))];

    private static (int[] Labels, int Classes) LabelsOf(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.Classes > 0
            ? (dataset.Labels.ToArray(), dataset.Classes)
            : throw new ArgumentException("A stratified split needs class labels; found none.", nameof(dataset));
    }
}
