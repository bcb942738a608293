using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Data.Tables;

/// <summary>Tables are divided as the data sets that are made of them.</summary>
public class TableSplitsTests
{
    private const int Count = 23;

    private static readonly RandomKey Key = RandomKey.FromSeed(4);
    private static readonly int[] Groups = [.. Enumerable.Range(0, Count).Select(row => row % 5)];

    // Texts in another order than that of the classes; each row's number is its feature.
    private static readonly Table Whole = new(
        "t.csv",
        [
            TableColumn.OfNumbers("x", ColumnRole.Feature, 1, [.. Enumerable.Range(0, Count).Select(row => (double)row)]),
            TableColumn.OfTexts("y", ColumnRole.Label, 2, [.. Enumerable.Range(0, Count).Select(row => row % 7 % 3)], ["c", "a", "b"]),
        ],
        [.. Enumerable.Range(2, Count)]);

    private static readonly Dataset Same = Preprocessing.Fit(Whole).Apply<float>(Whole);

    [Fact]
    public void Table_is_divided_into_the_same_rows_as_its_data_set()
    {
        AssertSame(Splits.ByFraction(Same, 0.3, Key), TableSplits.ByFraction(Whole, 0.3, Key));
        AssertSame(Splits.InOrder(Same, 0.3), TableSplits.InOrder(Whole, 0.3));
        AssertSame(Splits.Stratified(Same, 0.3, Key), TableSplits.Stratified(Whole, 0.3, Key));
        AssertSame(Splits.Grouped(Same, Groups, 0.4, Key), TableSplits.Grouped(Whole, Groups, 0.4, Key));
        AssertSame(Same.Split(4, Key), Whole.Split(4, Key));
        AssertAllSame(Splits.Folds(Same, 4, Key), TableSplits.Folds(Whole, 4, Key));
        AssertAllSame(Splits.StratifiedFolds(Same, 4, Key), TableSplits.StratifiedFolds(Whole, 4, Key));
        AssertAllSame(Splits.GroupedFolds(Same, Groups, 3, Key), TableSplits.GroupedFolds(Whole, Groups, 3, Key));
        foreach (bool isStratified in (bool[])[false, true])
            AssertAllSame(Splits.RepeatedFolds(Same, 4, 2, Key, isStratified), TableSplits.RepeatedFolds(Whole, 4, 2, Key, isStratified));
    }

    [Fact]
    public void Table_rows_without_a_label_are_a_class_of_their_own()
    {
        Table some = new(
            "t.csv",
            [
                TableColumn.OfTexts(
                    "y", ColumnRole.Label, 1, [.. Enumerable.Range(0, 20).Select(row => row < 10 ? TableColumn.None : row % 2)],
                    ["a", "b"]),
            ],
            [.. Enumerable.Range(2, 20)]);
        Assert.All(
            TableSplits.StratifiedFolds(some, 5, Key),
            fold => Assert.Equal(2, Enumerable.Range(0, 4).Count(row => fold.Validation.Columns[0].IsMissing(row))));
    }

    [Fact]
    public void Table_that_cannot_be_divided_so_is_refused()
    {
        Table bare = new("t.csv", [TableColumn.OfNumbers("x", ColumnRole.Feature, 1, [1, 2])], [2, 3]);
        Assert.Contains(
            "found a table without one", Assert.Throws<ArgumentException>(() => TableSplits.Stratified(bare, 0.5, Key)).Message);
        Assert.Throws<ArgumentException>(() => TableSplits.StratifiedFolds(bare, 2, Key));
        Assert.Contains(
            "divides the 2 rows into 2", Assert.Throws<ArgumentOutOfRangeException>(() => TableSplits.InOrder(bare, 0.1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TableSplits.ByFraction(bare, 1, Key));
        Assert.Contains("that of the rows, 2", Assert.Throws<ArgumentOutOfRangeException>(() => TableSplits.Folds(bare, 3, Key)).Message);
        Assert.Throws<ArgumentException>(() => TableSplits.Grouped(bare, [1], 0.5, Key));
        Assert.Throws<ArgumentException>(() => TableSplits.GroupedFolds(bare, [1, 2, 3], 2, Key));
        Assert.Throws<ArgumentOutOfRangeException>(() => TableSplits.RepeatedFolds(bare, 2, 0, Key));
    }

    [Fact]
    public void CrossValidation_takes_folds_with_a_preprocessing_of_their_own()
    {
        var categories = TableColumn.OfTexts(
            "city", ColumnRole.Feature, 3, [.. Enumerable.Range(0, Count).Select(row => row)],
            [.. Enumerable.Range(0, Count).Select(row => $"city {row}")]);
        Table table = new("t.csv", [.. Whole.Columns, categories], [.. Enumerable.Range(2, Count)]);
        (Dataset Training, Dataset Validation)[] folds =
        [
            .. TableSplits.Folds(table, 4, Key).Select(fold =>
            {
                var fitted = Preprocessing.Fit(
                    fold.Training, new() { Standardizes = true, UnknownCategories = UnknownCategories.AsNone });
                return ((Dataset)fitted.Apply<float>(fold.Training), (Dataset)fitted.Apply<float>(fold.Validation));
            }),
        ];
        Assert.Equal([18, 18, 18, 19], folds.Select(fold => fold.Training.ExampleShape.Count).Order());
        CrossValidationResult result = CrossValidation.Run<float>(
            folds, new Dense(3), _ => new() { Schedule = 0.1, Length = TrainingLength.Epochs(1) });
        Assert.Equal(4, result.Folds.Count);
    }

    private static void AssertAllSame(
        IReadOnlyList<(Dataset Training, Dataset Validation)> expected, IReadOnlyList<(Table Training, Table Validation)> found)
    {
        Assert.Equal(expected.Count, found.Count);
        for (int fold = 0; fold < found.Count; fold++)
            AssertSame(expected[fold], found[fold]);
    }

    private static void AssertSame((Dataset Training, Dataset Validation) expected, (Table Training, Table Validation) found)
    {
        Assert.Equal(RowsOf(expected.Training), found.Training.Columns[0].Numbers.ToArray());
        Assert.Equal(RowsOf(expected.Validation), found.Validation.Columns[0].Numbers.ToArray());
    }

    private static double[] RowsOf(Dataset dataset)
    {
        var rows = new DeepLearn.Tensors.Matrix<double>(dataset.Count, 1);
        dataset.Gather([.. Enumerable.Range(0, dataset.Count)], null, rows.View);
        return rows.AsSpan().ToArray();
    }
}
