using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using DeepLearn.Training.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Training.Metrics;

/// <summary>What holds of every metric, by a row of the table for each, and examples worked by hand.</summary>
public class MetricTests
{
    private static readonly (Metric Metric, Func<Matrix<double>, int[], double> Reference)[] Table =
    [
        (new Accuracy(), (outputs, labels) => Share(labels.Length, i => Order(outputs, i)[0] == labels[i])),
        (new TopKAccuracy(3), (outputs, labels) => Share(labels.Length, i => Order(outputs, i).Take(3).Contains(labels[i]))),
        (
            new MacroPrecision(),
            (outputs, labels) => Macro(outputs, labels, (both, predicted, actual) => predicted == 0 ? 0 : both / predicted)),
        (new MacroRecall(), (outputs, labels) => Macro(outputs, labels, (both, predicted, actual) => actual == 0 ? 0 : both / actual)),
        (new MacroF1(), (outputs, labels) => Macro(outputs, labels, (both, predicted, actual) => 2 * both / (predicted + actual))),
        (new ExpectedCalibrationError(7), CalibrationByTheBook),
        (
            new LogLoss(),
            (outputs, labels) =>
                labels.Select((label, i) => Math.Log(outputs.Row(i).ToArray().Sum(Math.Exp)) - outputs[i, label]).Average()),
    ];

    [Fact]
    public void Metrics_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Metric>().Except(Table.Select(row => row.Metric.GetType())).Except(TaskMetricTests.Metrics));

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Property(MaxTest = 150)]
    public Property Metric_keeps_the_contract() => Prop.ForAll(Examples, test => MetricContract.Check(Table[test.Row].Metric, new()
    {
        Examples = test.Count,
        Classes = test.Classes,
        ByTheBook = Table[test.Row].Reference,
        Key = RandomKey.FromSeed((ulong)test.Seed),
    }).ThrowIfFailed());

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_accumulator_of_another_metric_is_not_merged(int row)
    {
        MetricAccumulator accumulator = Table[row].Metric.CreateAccumulator(4),
        other = Table[(row + 1) % Table.Length].Metric.CreateAccumulator(4);
        Assert.Throws<ArgumentException>(() => accumulator.Merge(other));
    }

    [Fact]
    public void Metrics_predict_the_first_of_equal_scores_and_never_NaN()
    {
        Matrix<double> outputs = Matrix<double>.FromArray(
            new[,] { { 1, 2.0, 2 }, { double.NaN, -5, -7 }, { double.NaN, double.NaN, double.NaN } });
        var accumulator = new ConfusionMatrixAccumulator(3);
        accumulator.Add<double>(outputs, [2, 0, 0]);
        Assert.Equal(1, accumulator.ToMatrix()[2, 1]);
        Assert.Equal(1, accumulator.ToMatrix()[0, 1]);
        Assert.Equal(1, accumulator.ToMatrix()[0, 0]);
        MetricAccumulator second = new TopKAccuracy(2).CreateAccumulator(3);
        second.Add<double>(outputs, [2, 0, 0]);
        Assert.Equal(2.0 / 3, second.Value);
    }

    [Fact]
    public void ConfusionMatrixAccumulator_merges_what_one_lambda_measures_whatever_it_captures()
    {
        var metric = new LastRecall();
        MetricAccumulator one = metric.CreateAccumulator(3), other = metric.CreateAccumulator(3);
        one.Add<double>(Matrix<double>.FromArray(new double[,] { { 0, 0, 1 }, { 1, 0, 0 } }), [2, 2]);
        other.Add<double>(Matrix<double>.FromArray(new double[,] { { 0, 0, 1 }, { 0, 0, 1 } }), [2, 2]);
        one.Merge(other);
        Assert.Equal(0.75, one.Value);
    }

    [Fact]
    public void ConfusionMatrixAccumulator_of_more_classes_than_an_array_holds_is_refused_by_name() =>
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new ConfusionMatrixAccumulator(50_000));

    [Fact]
    public void Metrics_of_other_options_have_other_names() => Assert.Equal(
        ["expected calibration error", "expected calibration error of 5 ranges"],
        new[] { new ExpectedCalibrationError(), new ExpectedCalibrationError(5) }.Select(metric => metric.Name));

    [Fact]
    public void ConfusionMatrix_equals_a_hand_calculation()
    {
        // Actual in rows: 5 1 0 / 2 2 0 / 0 0 0, so class 2 neither occurs nor is predicted.
        var matrix = new ConfusionMatrix(3, [5, 1, 0, 2, 2, 0, 0, 0, 0]);
        Assert.Equal(10, matrix.Count);
        Assert.Equal(0.7, matrix.Accuracy);
        Assert.Equal((5.0 / 7, 2.0 / 3, 0.0), (matrix.Precision(0), matrix.Precision(1), matrix.Precision(2)));
        Assert.Equal((5.0 / 6, 0.5), (matrix.Recall(0), matrix.Recall(1)));
        Assert.Equal((10.0 / 13, 4.0 / 7), (matrix.F1(0), matrix.F1(1)));
        Assert.Equal(((5.0 / 6) + 0.5) / 2, matrix.MacroRecall, 1e-15);
        Assert.Equal((6L, 7L), (matrix.Support(0), matrix.Predicted(0)));
        Assert.Equal(matrix, new ConfusionMatrix(3, [5, 1, 0, 2, 2, 0, 0, 0, 0]));
        Assert.Equal(" 5 1 0\n 2 2 0\n 0 0 0", matrix.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix[0, 3]);
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(1, [-1]));
    }

    [Fact]
    public void Calibration_equals_a_hand_calculation()
    {
        // Confidences 0.75 (right), 0.75 (wrong) and, of a sure one, 1 (right): two ranges of the upper half.
        double score = Math.Log(3);
        var accumulator = new CalibrationAccumulator(2, 4);
        accumulator.Add<double>(Matrix<double>.FromArray(new[,] { { score, 0 }, { 0, score }, { 800, 0 } }), [0, 0, 0]);
        Calibration calibration = accumulator.ToCalibration();
        Assert.Equal([0L, 0, 2, 1], calibration.Bins.Select(bin => bin.Count));
        Assert.Equal(0.75, calibration.Bins[2].Confidence, 1e-9);
        Assert.Equal(0.5, calibration.Bins[2].Accuracy);
        Assert.Equal(2 * 0.25 / 3, calibration.ExpectedError, 1e-9);
        Assert.Equal(0.25, calibration.MaximumError, 1e-9);
        Assert.Equal(accumulator.Value, calibration.ExpectedError);
    }

    [Fact]
    public void TopKAccuracy_with_more_than_the_classes_is_refused() =>
        Assert.Contains("found 4", Assert.Throws<ArgumentException>(() => new TopKAccuracy(5).CreateAccumulator(4)).Message);

    private static Arbitrary<(int Row, int Count, int Classes, int Seed)> Examples =>
        (from row in Gen.Choose(0, Table.Length - 1)
         from count in Gen.Choose(3, 40)
         from classes in Gen.Choose(3, 9)
         from seed in Gen.Choose(0, 10_000)
         select (row, count, classes, seed)).ToArbitrary();

    private static int[] Order(Matrix<double> outputs, int row)
    {
        double[] values = outputs.Row(row).ToArray();
        return [.. Enumerable.Range(0, values.Length).OrderByDescending(j => values[j]).ThenBy(j => j)];
    }

    private static double Share(int count, Func<int, bool> holds) => (double)Enumerable.Range(0, count).Count(holds) / count;

    private static double Macro(Matrix<double> outputs, int[] labels, Func<double, double, double, double> measure)
    {
        int[] predictions = [.. labels.Select((_, i) => Order(outputs, i)[0])];
        return labels.Union(predictions).Average(label => measure(
            labels.Zip(predictions).Count(pair => pair == (label, label)), predictions.Count(p => p == label),
            labels.Count(l => l == label)));
    }

    private static double CalibrationByTheBook(Matrix<double> outputs, int[] labels)
    {
        var examples = labels.Select((label, i) =>
        {
            double[] scores = outputs.Row(i).ToArray();
            return (Confidence: Math.Exp(scores.Max()) / scores.Sum(Math.Exp), Right: Order(outputs, i)[0] == label ? 1.0 : 0);
        });
        return examples.GroupBy(example => Math.Ceiling((example.Confidence * 7) - 1e-12)).Sum(bin =>
            bin.Count() * Math.Abs(bin.Average(example => example.Right) - bin.Average(example => example.Confidence)) / labels.Length);
    }

    /// <summary>A metric whose measure captures its task.</summary>
    private sealed record LastRecall : Metric
    {
        public override string Name => "last recall";

        public override bool HigherIsBetter => true;

        public override bool AppliesTo(PredictionTask task) => task.Kind == TaskKind.Multiclass;

        protected override MetricAccumulator Create(PredictionTask task) =>
            new ConfusionMatrixAccumulator(task, matrix => matrix.Recall(task.Classes - 1));
    }
}
