using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;

namespace DeepLearn.Samples.Tables;

/// <summary>
/// A table in parts: a fifth of the rows for the test, and five folds of the others for the search. What columns need (categories, means,
/// medians) is fitted for each fold on its training rows alone, so that nothing of a validation row is known where it is measured.
/// </summary>
internal sealed class StudyData
{
    private const int Parts = 5;

    /// <summary>Divides a table.</summary>
    /// <param name="table">The table, with a label or a target.</param>
    /// <param name="predicted">
    /// The column that is predicted: every part has the same share of its classes, or of small and large numbers.
    /// </param>
    /// <param name="seed">The seed of the division.</param>
    public StudyData(Table table, string predicted, ulong seed)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        int[][] parts = Deal(table, [.. Enumerable.Range(0, table.Count)], predicted, key.Derive("test"));
        int[] training = Without(parts, 0);
        Preprocessing = Fit(table.Rows(training));
        Training = Preprocessing.Apply<float>(table.Rows(training));
        Test = Preprocessing.Apply<float>(table.Rows(parts[0]));

        int[][] folds = Deal(table, training, predicted, key.Derive("folds"));
        Folds = [.. folds.Select((rows, fold) =>
        {
            Table others = table.Rows(Without(folds, fold));
            Preprocessing preprocessing = Fit(others);
            return ((Dataset)preprocessing.Apply<float>(others), (Dataset)preprocessing.Apply<float>(table.Rows(rows)));
        })];
    }

    /// <summary>How rows become examples, fitted on all training rows.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>All rows but those of the test.</summary>
    public Dataset Training { get; }

    /// <summary>The rows that only the end sees.</summary>
    public Dataset Test { get; }

    /// <summary>The training rows in five ways: four parts to train on, and the fifth to measure on.</summary>
    public IReadOnlyList<(Dataset Training, Dataset Validation)> Folds { get; }

    private static Preprocessing Fit(Table training) => Preprocessing.Fit(
        training, new() { MissingValues = MissingValues.Median, UnknownCategories = UnknownCategories.AsNone, Standardizes = true });

    // Shuffled, put in the order of what is predicted, and dealt out like cards: equal classes or numbers go to different parts.
    private static int[][] Deal(Table table, int[] rows, string predicted, RandomKey key)
    {
        TableColumn column = table.Find(predicted) ?? throw new InvalidDataException($"{table.Source} has no column {predicted}.");
        int[] order = [.. rows];
        RandomStream random = key.Open();
        random.Shuffle(order.AsSpan());
        order = column.IsText
            ? [.. order.OrderBy(column.TextAt, StringComparer.Ordinal)]
            : [.. order.OrderBy(row => column.Numbers[row])];
        return [.. Enumerable.Range(0, Parts).Select(part => order.Where((_, place) => place % Parts == part).Order().ToArray())];
    }

    private static int[] Without(int[][] parts, int left) => [.. parts.Where((_, part) => part != left).SelectMany(rows => rows).Order()];
}
