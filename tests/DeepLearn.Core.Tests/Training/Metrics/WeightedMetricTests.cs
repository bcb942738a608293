using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training.Metrics;

/// <summary>A weight is a number of examples, in every metric that takes some; the others refuse them.</summary>
public class WeightedMetricTests
{
    private const int Examples = 60;

    private static readonly PredictionTask[] Tasks =
    [
        PredictionTask.Binary, PredictionTask.Multiclass(2), PredictionTask.Multiclass(4), PredictionTask.Multilabel(3),
        PredictionTask.Regression(2),
    ];

    private static readonly Metric[] Metrics =
    [
        new Accuracy(), new BinaryAccuracy(), new PrecisionScore(), new RecallScore(), new F1Score(), new RocAuc(), new LogLoss(),
        new MacroPrecision(), new MacroRecall(), new MacroF1(), new TopKAccuracy(2), new Mae(), new Mse(), new Rmse(), new RSquared(),
    ];

    public static TheoryData<Metric, int> Rows()
    {
        var rows = new TheoryData<Metric, int>();
        foreach (Metric metric in Metrics)
        {
            for (int task = 0; task < Tasks.Length; task++)
            {
                if (metric.AppliesTo(Tasks[task]))
                    rows.Add(metric, task);
            }
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_with_whole_weights_is_that_of_repeated_examples(Metric metric, int task)
    {
        double[] weights = [.. Enumerable.Range(0, Examples).Select(i => (double)(i * 7 % 4))];
        int[] repeated = [.. Enumerable.Range(0, Examples).SelectMany(i => Enumerable.Repeat(i, (int)weights[i]))];
        double expected = Measure(metric, task, repeated, null), found = Measure(metric, task, null, weights);
        Assert.Equal(expected, found, 1e-14 * (1 + Math.Abs(expected)));

        // The unit of the weights does not matter, and neither does how batches are cut and merged.
        Assert.Equal(expected, Measure(metric, task, null, [.. weights.Select(weight => weight / 8)]), 1e-12 * (1 + Math.Abs(expected)));
        double whole = Measure(metric, task, null, [.. weights.Select(weight => weight / 3)]);
        MetricAccumulator last = Take(metric, task, Range(23, Examples), [.. Some(23, Examples)]);
        last.Merge(Take(metric, task, Range(0, 23), [.. Some(0, 23)]));
        Assert.Equal(whole, last.Value);

        IEnumerable<double> Some(int first, int end) => Range(first, end).Select(i => weights[i] / 3);
        static int[] Range(int first, int end) => [.. Enumerable.Range(first, end - first)];
    }

    /// <summary>From the smallest weights that have all their digits to the largest that there are.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_is_the_same_bits_whatever_power_of_two_all_weights_are_multiplied_by(Metric metric, int task)
    {
        double[] weights = [.. Enumerable.Range(0, Examples).Select(i => 0.5 + (i * 0.37 % 1))];
        double expected = Measure(metric, task, null, weights);
        Assert.True(double.IsFinite(expected));
        foreach (int exponent in new[] { -1020, -44, -40, -1, 1, 20, 90, 1022 })
            Assert.Equal(expected, Measure(metric, task, null, [.. weights.Select(weight => Math.ScaleB(weight, exponent))]));
        double ones = Measure(metric, task, null, null);
        Assert.Equal(ones, Measure(metric, task, null, [.. weights.Select(_ => 0.25)]));
        Assert.Equal(ones, Measure(metric, task, null, [.. weights.Select(_ => double.MaxValue)]), 1e-15 * (1 + Math.Abs(ones)));
    }

    /// <summary>A class whose examples weigh next to nothing beside the others has its own recall nevertheless.</summary>
    [Fact]
    public void Metric_of_a_class_counts_weights_that_are_tiny_beside_others()
    {
        var outputs = Matrix<double>.FromArray(new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 1, 0, 0 } });
        foreach (double tiny in new[] { 1e-3, 1e-30, 1e-300 })
        {
            MetricAccumulator recall = new MacroRecall().CreateAccumulator(3);
            recall.Add<double>(outputs, Targets<double>.FromLabels([0, 1, 2, 2]).WithWeights([1, 1e6, tiny, 3 * tiny]));
            Assert.Equal((1 + 1 + 0.25) / 3, recall.Value, 1e-15);
        }
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Metric_refuses_a_weight_that_is_none(double weight)
    {
        MetricAccumulator accumulator = new Accuracy().CreateAccumulator(2);
        Assert.Contains("example 1 has", Assert.Throws<ArgumentException>(() => accumulator.Add<double>(
            new Matrix<double>(2, 2), Targets<double>.FromLabels([1, 0]).WithWeights([1, weight]))).Message);
        Assert.Equal(0, accumulator.Count);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_with_weights_of_1_is_that_without_bit_for_bit(Metric metric, int task) => Assert.Equal(
        Measure(metric, task, null, null), Measure(metric, task, null, [.. Enumerable.Repeat(1.0, Examples)]));

    [Fact]
    public void RSquared_with_weights_of_targets_with_a_large_mean_is_exact()
    {
        double[] targets = [1e9, 1e9 + 1, 1e9 + 2], weights = [0.1, 0.3, 0.7];
        MetricAccumulator accumulator = new RSquared().CreateAccumulator(PredictionTask.Regression(1));
        accumulator.Add<double>(
            Matrix<double>.FromArray(new[,] { { 1e9 }, { 1e9 + 1 }, { 1e9 + 1 } }),
            Targets<double>.FromValues(new ReadOnlyMatrixView<double>(targets, 3, 1)).WithWeights(weights));
        double mean = ((0.3 * 1) + (0.7 * 2)) / 1.1;
        double spread = (0.1 * mean * mean) + (0.3 * (1 - mean) * (1 - mean)) + (0.7 * (2 - mean) * (2 - mean));
        Assert.Equal(1 - (0.7 / spread), accumulator.Value, 1e-9);
    }

    [Fact]
    public void Metric_that_takes_no_weights_refuses_them()
    {
        MetricAccumulator accumulator = new ExpectedCalibrationError().CreateAccumulator(2);
        Assert.False(accumulator.TakesWeights);
        Assert.Contains("without weights", Assert.Throws<ArgumentException>(() => accumulator.Add<double>(
            new Matrix<double>(1, 2), Targets<double>.FromLabels([1]).WithWeights([2]))).Message);
        Assert.Equal(0, accumulator.Count);
    }

    private static double Measure(Metric metric, int task, int[]? examples, double[]? weights) =>
        Take(metric, task, examples ?? [.. Enumerable.Range(0, Examples)], weights).Value;

    private static MetricAccumulator Take(Metric metric, int task, int[] examples, double[]? weights)
    {
        PredictionTask of = Tasks[task];
        MetricAccumulator accumulator = metric.CreateAccumulator(of);
        Matrix<double> outputs = new(examples.Length, of.Outputs), values = new(examples.Length, of.Outputs);
        var labels = new int[examples.Length];
        for (int row = 0; row < examples.Length; row++)
        {
            int example = examples[row];
            for (int j = 0; j < of.Outputs; j++)
            {
                outputs[row, j] = Math.Round(2 * Math.Sin((example * 1.7) + (j * 2.3)), 1);
                double target = Math.Cos((example * 0.9) + (j * 1.1));
                values[row, j] = of.Kind == TaskKind.Multilabel ? (target > 0 ? 1 : 0) : target;
            }
            labels[row] = of.Classes == 0 ? 0 : example * 5 % 7 % of.Classes;
        }
        Targets<double> targets = of.Classes > 0 ? Targets<double>.FromLabels(labels) : Targets<double>.FromValues(values);
        accumulator.Add<double>(outputs, weights is null ? targets : targets.WithWeights(weights));
        return accumulator;
    }
}
