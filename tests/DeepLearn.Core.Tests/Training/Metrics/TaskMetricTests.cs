using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training.Metrics;

/// <summary>The measures of two classes, of several labels and of numbers: by the book, and by values that others have published.</summary>
public class TaskMetricTests
{
    private delegate double Book(Matrix<double> outputs, Matrix<double> targets);

    // Every measure for every kind of task that it is for, with its definition in plain double.
    private static readonly (Metric Metric, PredictionTask Task, Book Reference)[] Table =
    [
        (new Accuracy(), PredictionTask.Binary, (o, t) => Share(o, t, (score, yes) => score > 0 == yes)),
        (new BinaryAccuracy(0.8), PredictionTask.Binary, (o, t) => Share(o, t, (score, yes) => score > Math.Log(4) == yes)),
        (new PrecisionScore(), PredictionTask.Binary, (o, t) => Quotient(o, t, (p, a, both) => (both, p))),
        (new RecallScore(), PredictionTask.Binary, (o, t) => Quotient(o, t, (p, a, both) => (both, a))),
        (new F1Score(), PredictionTask.Binary, (o, t) => Quotient(o, t, (p, a, both) => (2 * both, p + a))),
        (new RocAuc(), PredictionTask.Binary, AreaOfPairs),
        (new LogLoss(), PredictionTask.Binary, CrossEntropy),
        (new Accuracy(), PredictionTask.Multilabel(3), (o, t) => Share(o, t, (score, yes) => score > 0 == yes)),
        (new BinaryAccuracy(), PredictionTask.Multilabel(3), (o, t) => Share(o, t, (score, yes) => score > 0 == yes)),
        (new PrecisionScore(), PredictionTask.Multilabel(3), (o, t) => Quotient(o, t, (p, a, both) => (both, p))),
        (new RecallScore(), PredictionTask.Multilabel(3), (o, t) => Quotient(o, t, (p, a, both) => (both, a))),
        (new F1Score(), PredictionTask.Multilabel(3), (o, t) => Quotient(o, t, (p, a, both) => (2 * both, p + a))),
        (new MacroPrecision(), PredictionTask.Multilabel(3), (o, t) => Macro(o, t, (p, a, both) => (both, p))),
        (new MacroRecall(), PredictionTask.Multilabel(3), (o, t) => Macro(o, t, (p, a, both) => (both, a))),
        (new MacroF1(), PredictionTask.Multilabel(3), (o, t) => Macro(o, t, (p, a, both) => (2 * both, p + a))),
        (new RocAuc(), PredictionTask.Multilabel(3), AreaOfPairs),
        (new LogLoss(), PredictionTask.Multilabel(3), CrossEntropy),
        (new Mae(), PredictionTask.Regression(2), (o, t) => Errors(o, t).Average(Math.Abs)),
        (new Mse(), PredictionTask.Regression(2), (o, t) => Errors(o, t).Average(e => e * e)),
        (new Rmse(), PredictionTask.Regression(2), (o, t) => Math.Sqrt(Errors(o, t).Average(e => e * e))),
        (new RSquared(), PredictionTask.Regression(2), Determination),
    ];

    public static IEnumerable<Type> Metrics => Table.Select(row => row.Metric.GetType());

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Length)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_of_a_task_equals_its_definition(int row)
    {
        (Metric metric, PredictionTask task, Book reference) = Table[row];
        for (int seed = 0; seed < 30; seed++)
        {
            (Matrix<double> outputs, Matrix<double> targets) = Make(task, 5 + (3 * seed), seed);
            MetricAccumulator accumulator = metric.CreateAccumulator(task);
            Add(accumulator, outputs, targets);
            double expected = reference(outputs, targets);
            Assert.Equal(expected, accumulator.Value, 1e-12 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_of_a_task_in_any_order_or_merged_is_reproducible_bit_for_bit(int row)
    {
        (Metric metric, PredictionTask task, _) = Table[row];
        (Matrix<double> outputs, Matrix<double> targets) = Make(task, 61, 3);
        MetricAccumulator whole = metric.CreateAccumulator(task), left = metric.CreateAccumulator(task),
        right = metric.CreateAccumulator(task);
        Add(whole, outputs, targets);
        for (int i = outputs.Rows - 1; i >= 0; i--)
            (i % 3 == 0 ? left : right).Add(outputs.SliceRows(i, 1), Targets<double>.FromValues(targets.SliceRows(i, 1)));
        right.Merge(left);
        Assert.Equal(whole.Value, right.Value);
        Assert.Equal(whole.Count, right.Count);
        whole.Reset();
        Assert.True(double.IsNaN(whole.Value));
        Add(whole, outputs, targets);
        Assert.Equal(right.Value, whole.Value);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_of_a_task_allocates_nothing_once_it_has_room(int row)
    {
        (Metric metric, PredictionTask task, _) = Table[row];
        (Matrix<double> outputs, Matrix<double> targets) = Make(task, 20, 3);
        MetricAccumulator accumulator = metric.CreateAccumulator(task);
        Assert.Equal(0, Allocation.Of(() =>
        {
            accumulator.Reset();
            Add(accumulator, outputs, targets);
        }));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Metric_of_a_task_refuses_what_does_not_fit(int row)
    {
        (Metric metric, PredictionTask task, _) = Table[row];
        MetricAccumulator accumulator = metric.CreateAccumulator(task);
        int width = task.Outputs;
        Assert.Contains($"[2, {width + 1}]", Throws(() => Add(accumulator, new(2, width + 1), new(2, width))));
        Assert.Contains($"[2, {width + 1}]", Throws(() => Add(accumulator, new(2, width), new(2, width + 1))));
        Assert.Contains("found 3", Throws(() => Add(accumulator, new(2, width), new(3, width))));
        (Metric other, PredictionTask otherTask, _) = Table[(row + 3) % Table.Length];
        Assert.Throws<ArgumentException>(() => accumulator.Merge(other.CreateAccumulator(otherTask)));
        Assert.Equal(0, accumulator.Count);
        Assert.True(metric.AppliesTo(task));
        if (task.Kind == TaskKind.Regression)
        {
            Assert.Contains("class labels", Throws(() => accumulator.Add<double>(new Matrix<double>(1, 2), [0])));
            Assert.Contains("no meaning", Throws(() => metric.CreateAccumulator(PredictionTask.Binary)));
            Assert.Contains("no meaning", Throws(() => metric.CreateAccumulator(5)));
        }
        else
        {
            Assert.Contains("no meaning", Throws(() => metric.CreateAccumulator(PredictionTask.Regression(1))));
        }

        static string Throws(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    [Fact]
    public void Two_classes_by_two_outputs_are_measured_as_by_the_difference_of_the_scores()
    {
        (Matrix<double> outputs, Matrix<double> targets) = Make(PredictionTask.Binary, 50, 8);
        int[] labels = [.. targets.AsSpan().ToArray().Select(target => (int)target)];
        var two = new Matrix<double>(50, 2);
        for (int i = 0; i < 50; i++)
            (two[i, 0], two[i, 1]) = (-0.25, outputs[i, 0] - 0.25);
        foreach ((Metric metric, _, _) in Table.Where(row => row.Task == PredictionTask.Binary))
        {
            MetricAccumulator one = metric.CreateAccumulator(PredictionTask.Binary), other = metric.CreateAccumulator(2);
            one.Add<double>(outputs, labels);
            other.Add<double>(two, labels);
            Assert.Equal(one.Value, other.Value, 1e-14);
        }
    }

    /// <summary>The examples of scikit-learn's documentation of these measures.</summary>
    [Fact]
    public void Metrics_equal_the_examples_in_the_documentation_of_scikit_learn()
    {
        Assert.Equal(0.75, Value(new RocAuc(), PredictionTask.Binary, [[0.1], [0.4], [0.35], [0.8]], [[0], [0], [1], [1]]));
        double[][] spam = [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]];
        Assert.Equal(
            0.21616,
            Value(
                new LogLoss(), PredictionTask.Multiclass(2), [.. spam.Select(row => row.Select(p => Math.Log(p)).ToArray())],
                [[0, 1], [1, 0], [1, 0], [0, 1]]),
            5e-6);
        double[][] predicted = [[2.5], [0], [2], [8]], actual = [[3], [-0.5], [2], [7]];
        Assert.Equal(0.5, Value(new Mae(), PredictionTask.Regression(1), predicted, actual));
        Assert.Equal(0.375, Value(new Mse(), PredictionTask.Regression(1), predicted, actual));
        Assert.Equal(0.612, Value(new Rmse(), PredictionTask.Regression(1), predicted, actual), 5e-4);
        Assert.Equal(0.948, Value(new RSquared(), PredictionTask.Regression(1), predicted, actual), 1e-3);
        double[][] predictedTwo = [[0, 2], [-1, 2], [8, -5]], actualTwo = [[0.5, 1], [-1, 1], [7, -6]];
        Assert.Equal(0.75, Value(new Mae(), PredictionTask.Regression(2), predictedTwo, actualTwo));
        Assert.Equal(0.708, Value(new Mse(), PredictionTask.Regression(2), predictedTwo, actualTwo), 5e-4);
        Assert.Equal(0.936, Value(new RSquared(), PredictionTask.Regression(2), predictedTwo, actualTwo), 1e-3);
    }

    [Fact]
    public void RSquared_of_targets_with_a_large_mean_loses_no_digits()
    {
        // Targets 1e9 + (0, 1, 2, 3), each prediction half a unit too high: 1 - 4 * 0.25 / 5.
        double[][] actual = [.. Enumerable.Range(0, 4).Select(i => new[] { 1e9 + i })];
        Assert.Equal(
            0.8, Value(new RSquared(), PredictionTask.Regression(1), [.. actual.Select(row => new[] { row[0] + 0.5 })], actual), 1e-15);
        Assert.True(double.IsNaN(Value(new RSquared(), PredictionTask.Regression(1), [[1], [2]], [[0.1], [0.1]])));
    }

    [Fact]
    public void Sums_of_metrics_are_exact_over_the_whole_range()
    {
        double[][] errors = [[1e300], [1], [1e-300], [3e200], [-1e300]];
        BigInteger sum = errors.Aggregate(BigInteger.Zero, (all, error) => all + Units(Math.Abs(error[0])));
        double expected = (double)(sum / 5 >> 1074);
        Assert.Equal(expected, Value(new Mae(), PredictionTask.Regression(1), errors, [[0], [0], [0], [0], [0]]), 1e-15 * expected);
        Assert.Equal(double.PositiveInfinity, Value(new Mae(), PredictionTask.Regression(1), [[double.NegativeInfinity], [1]], [[0], [0]]));
        Assert.True(double.IsNaN(Value(new Mse(), PredictionTask.Regression(1), [[double.NaN], [1]], [[0], [0]])));
        Assert.Equal(double.Epsilon, Value(new Mae(), PredictionTask.Regression(1), [[double.Epsilon], [-double.Epsilon]], [[0], [0]]));

        static BigInteger Units(double x) => new BigInteger(Math.ScaleB(x, -Math.ILogB(x) + 52)) << (Math.ILogB(x) - 52 + 1074);
    }

    [Fact]
    public void RocAuc_of_one_kind_of_example_has_no_value()
    {
        Assert.True(double.IsNaN(Value(new RocAuc(), PredictionTask.Binary, [[1], [2]], [[1], [1]])));
        Assert.Equal(0.5, Value(new RocAuc(), PredictionTask.Binary, [[3], [3], [3]], [[1], [0], [1]]));

        // A label without examples is left out of the mean.
        Assert.Equal(1, Value(new RocAuc(), PredictionTask.Multilabel(2), [[2, 5], [1, 6]], [[1, 0], [0, 0]]));
    }

    [Fact]
    public void Evaluator_accuracy_of_one_sigmoid_output_is_that_of_its_decisions()
    {
        (Dataset data, Model<float> model) = Line(positive: 12, negative: 28);
        var evaluator = new Evaluator<float>(model, new SigmoidBinaryCrossEntropy(), Regularizer.None, data.Description);
        Assert.Equal(PredictionTask.Binary, evaluator.TaskOf(data));
        Assert.Equal(1, evaluator.Evaluate(data).Accuracy);
        IReadOnlyDictionary<string, double> usual = evaluator.MeasureUsual(data);
        Assert.Equal(["accuracy", "precision", "recall", "F1", "ROC AUC", "log loss"], usual.Keys);
        Assert.All(usual.Where(pair => pair.Key != "log loss"), pair => Assert.Equal(1, pair.Value));
        Assert.Equal(evaluator.Evaluate(data).Loss, usual["log loss"], 1e-7);

        // One that says no to all is right where that is so.
        model.Parameters[1].Value[0, 0] = -100;
        Assert.Equal(28.0 / 40, evaluator.Evaluate(data).Accuracy);
        Assert.Equal(0, evaluator.MeasureUsual(data)["recall"]);
    }

    [Fact]
    public void Evaluator_accuracy_of_several_sigmoid_outputs_is_that_of_all_decisions()
    {
        Matrix<float> features = Matrix<float>.FromArray(new[,] { { 1f, -1 }, { -1, -1 }, { 1, 1 } });
        Matrix<float> targets = Matrix<float>.FromArray(new[,] { { 1f, 0 }, { 0, 1 }, { 1, 1 } });
        var data = new DenseDataset<float>(features, null, targets, new DatasetDescription(2) { TargetWidth = 2 });
        Model<float> model = Identity(2);
        var evaluator = new Evaluator<float>(model, new SigmoidBinaryCrossEntropy(), Regularizer.None, data.Description);
        Assert.Equal(PredictionTask.Multilabel(2), evaluator.TaskOf(data));
        Assert.Equal(5.0 / 6, evaluator.Evaluate(data).Accuracy);
        Assert.Equal(0.75, evaluator.MeasureUsual(data)["recall"]);
    }

    [Fact]
    public void Evaluator_of_numbers_has_no_accuracy_but_errors()
    {
        var data = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 }, { 4 } }, new float[,] { { 1 }, { 3 }, { 4 } });
        var evaluator = new Evaluator<float>(Identity(1), new MeanSquaredError(), Regularizer.None, data.Description);
        Assert.Null(evaluator.Evaluate(data).Accuracy);
        IReadOnlyDictionary<string, double> usual = evaluator.MeasureUsual(data);
        Assert.Equal(["mean absolute error", "root mean squared error", "R\u00b2"], usual.Keys);
        Assert.Equal(1.0 / 3, usual["mean absolute error"], 1e-15);
        Assert.Equal(Math.Sqrt(1.0 / 3), usual["root mean squared error"], 1e-15);
        Assert.Equal(1 - (1 / (14.0 / 3)), usual["R\u00b2"], 1e-15);
        Assert.Throws<ArgumentException>(() => evaluator.Measure(data, [new Accuracy()]));

        // What has no value is left out.
        Assert.Equal(2, evaluator.MeasureUsual(data.Take(1)).Count);
    }

    private static (Dataset Data, Model<float> Model) Line(int positive, int negative)
    {
        var features = new Matrix<float>(positive + negative, 1);
        int[] labels = [.. Enumerable.Range(0, features.Rows).Select(i => i < positive ? 1 : 0)];
        for (int i = 0; i < features.Rows; i++)
            features[i, 0] = labels[i] == 1 ? 1 + i : -1 - i;
        return (new DenseDataset<float>(features, labels, null, new DatasetDescription(1) { Classes = 2 }), Identity(1));
    }

    /// <summary>A network whose outputs are its inputs.</summary>
    private static Model<float> Identity(int width)
    {
        Model<float> model = new Dense(width).Build<float>(width, 1);
        model.Parameters[0].Value.View.Fill(0);
        for (int i = 0; i < width; i++)
            model.Parameters[0].Value[i, i] = 1;
        return model;
    }

    private static double Value(Metric metric, PredictionTask task, double[][] outputs, double[][] targets)
    {
        MetricAccumulator accumulator = metric.CreateAccumulator(task);
        Add(accumulator, ToMatrix(outputs), ToMatrix(targets));
        return accumulator.Value;

        static Matrix<double> ToMatrix(double[][] rows)
        {
            var matrix = new Matrix<double>(rows.Length, rows[0].Length);
            for (int i = 0; i < rows.Length; i++)
                rows[i].CopyTo(matrix.Row(i));
            return matrix;
        }
    }

    private static void Add(MetricAccumulator accumulator, Matrix<double> outputs, Matrix<double> targets) =>
        accumulator.Add(outputs, Targets<double>.FromValues(targets));

    private static (Matrix<double> Outputs, Matrix<double> Targets) Make(PredictionTask task, int count, int seed)
    {
        Matrix<double> outputs = new(count, task.Outputs), targets = new(count, task.Outputs);
        RandomStream random = RandomKey.FromSeed((ulong)seed).Open();
        for (int i = 0; i < outputs.Count; i++)
        {
            // Halves, so that some scores are equal, and both kinds of example for every label.
            outputs.AsSpan()[i] = (random.NextIndex(17) - 8) / 2.0;
            int example = i / task.Outputs;
            targets.AsSpan()[i] = task.Kind == TaskKind.Regression ? (4 * random.NextUniform()) - 2
                : example < 2 ? example
                : random.NextIndex(2);
        }
        return (outputs, targets);
    }

    private static IEnumerable<double> Errors(Matrix<double> outputs, Matrix<double> targets) =>
        outputs.AsSpan().ToArray().Zip(targets.AsSpan().ToArray(), (output, target) => output - target);

    private static double Share(Matrix<double> outputs, Matrix<double> targets, Func<double, bool, bool> isRight) =>
        outputs.AsSpan().ToArray().Zip(targets.AsSpan().ToArray()).Average(pair => isRight(pair.First, pair.Second == 1) ? 1.0 : 0);

    private static double Quotient(
        Matrix<double> outputs, Matrix<double> targets, Func<double, double, double, (double Part, double Whole)> measure) =>
        Divide(measure(
            outputs.AsSpan().ToArray().Count(score => score > 0),
            targets.AsSpan().ToArray().Count(target => target == 1),
            outputs.AsSpan().ToArray().Zip(targets.AsSpan().ToArray()).Count(pair => pair.First > 0 && pair.Second == 1)));

    private static double Divide((double Part, double Whole) pair) => pair.Whole == 0 ? 0 : pair.Part / pair.Whole;

    private static double Macro(
        Matrix<double> outputs, Matrix<double> targets, Func<double, double, double, (double Part, double Whole)> measure) =>
        Columns(outputs, targets).Average(pair => Quotient(pair.Outputs, pair.Targets, measure));

    private static double AreaOfPairs(Matrix<double> outputs, Matrix<double> targets) => Columns(outputs, targets).Average(pair =>
    {
        var examples = pair.Outputs.AsSpan().ToArray().Zip(pair.Targets.AsSpan().ToArray()).ToArray();
        double[] yes = [.. examples.Where(e => e.Second == 1).Select(e => e.First)],
        no = [.. examples.Where(e => e.Second == 0).Select(e => e.First)];
        return yes.Average(a => no.Average(b => a > b ? 1 : a == b ? 0.5 : 0));
    });

    private static double CrossEntropy(Matrix<double> outputs, Matrix<double> targets) =>
        outputs.AsSpan().ToArray().Zip(targets.AsSpan().ToArray())
        .Average(pair => -Math.Log(1 / (1 + Math.Exp(pair.Second == 1 ? -pair.First : pair.First))));

    private static double Determination(Matrix<double> outputs, Matrix<double> targets) => Columns(outputs, targets).Average(pair =>
    {
        double mean = pair.Targets.AsSpan().ToArray().Average();
        return 1 - (Errors(pair.Outputs, pair.Targets).Sum(e => e * e) / pair.Targets.AsSpan().ToArray().Sum(t => (t - mean) * (t - mean)));
    });

    private static IEnumerable<(Matrix<double> Outputs, Matrix<double> Targets)> Columns(Matrix<double> outputs, Matrix<double> targets) =>
        Enumerable.Range(0, outputs.Columns).Select(j =>
            (
                Matrix<double>.CopyOf(outputs.View.Slice(0, j, outputs.Rows, 1)),
                Matrix<double>.CopyOf(targets.View.Slice(0, j, outputs.Rows, 1))));
}
