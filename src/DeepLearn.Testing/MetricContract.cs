using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Metric"/> and its accumulator promise, checked on one of them.</summary>
/// <example><code>MetricContract.Check(new WorstRecall()).ThrowIfFailed();</code></example>
public static class MetricContract
{
    private const double Tolerance = 1e-8;

    /// <summary>Checks a metric.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="options">What is known of it; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size in the options is too small.</exception>
    public static ContractReport Check(Metric metric, MetricContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Classes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 3);
        (Matrix<double> outputs, int[] labels) = Draw(options);
        var checks = new CheckList(nameof(MetricContract), metric);
        ValueChecks.Add(checks, metric, metric with { });
        checks.Add(
            "it has a name",
            () => Expect.That(!string.IsNullOrWhiteSpace(metric.Name), "a name for tables and logs", $"\"{metric.Name}\""));
        checks.AddIf(options.ByTheBook is not null, "the options do not say it", "the value is what the book says", () => Expect.Near(
            options.ByTheBook!(outputs, labels), Take(metric, options, outputs, labels).Value, Tolerance, "the value"));
        checks.Add("neither batches nor their order change a bit", () => CheckBatches(metric, options, outputs, labels));
        checks.Add("merging shares changes no bit", () => CheckMerging(metric, options, outputs, labels));
        checks.Add("it begins again after Reset", () => CheckReset(metric, options, outputs, labels));
        checks.Add("float gives the value of double", () => CheckFloat(metric, options, outputs, labels));
        checks.Add("a larger value is better where it says so", () => CheckDirection(metric, options, labels));
        checks.Add("a new accumulator is empty and shares nothing", () => CheckApart(metric, options, outputs, labels));
        checks.Add("a batch allocates nothing", () =>
        {
            MetricAccumulator accumulator = metric.CreateAccumulator(options.Classes);
            Allocations.ExpectNone(() => accumulator.Add<double>(outputs, labels), "Add");
        });
        checks.Add("what does not fit is refused", () => CheckErrors(metric, options));
        return checks.ToReport();
    }

    // Whole numbers, so that some outputs of an example are equal.
    private static (Matrix<double> Outputs, int[] Labels) Draw(MetricContractOptions options)
    {
        RandomStream random = options.Key.Open();
        var outputs = new Matrix<double>(options.Examples, options.Classes);
        var labels = new int[options.Examples];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = random.NextIndex(options.Classes);
            foreach (ref double output in outputs.Row(i))
                output = random.NextIndex(5);
        }
        return (outputs, labels);
    }

    private static MetricAccumulator Take(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator accumulator = metric.CreateAccumulator(options.Classes);
        accumulator.Add<double>(outputs, labels);
        return accumulator;
    }

    private static void ExpectEmpty(MetricAccumulator accumulator, string what)
    {
        Expect.Equal(0, accumulator.Count, $"the number of examples {what}");
        Expect.That(double.IsNaN(accumulator.Value), $"NaN as the value {what}", $"{accumulator.Value:R}");
    }

    private static void ExpectSame(MetricAccumulator expected, MetricAccumulator found, string what)
    {
        Expect.SameBits(expected.Value, found.Value, $"the value {what}");
        Expect.Equal(expected.Count, found.Count, $"the number of examples {what}");
    }

    private static void CheckBatches(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator whole = Take(metric, options, outputs, labels), single = metric.CreateAccumulator(options.Classes);
        MetricAccumulator backwards = metric.CreateAccumulator(options.Classes);
        for (int i = 0; i < labels.Length; i++)
        {
            single.Add<double>(outputs.SliceRows(i, 1), labels.AsSpan(i, 1));
            int j = labels.Length - 1 - i;
            backwards.Add<double>(outputs.SliceRows(j, 1), labels.AsSpan(j, 1));
        }
        ExpectSame(whole, single, "of the same examples, one at a time");
        ExpectSame(whole, backwards, "of the same examples, one at a time from the last");
    }

    private static void CheckMerging(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator whole = Take(metric, options, outputs, labels);
        MetricAccumulator[] shares = [.. Enumerable.Range(0, 3).Select(_ => metric.CreateAccumulator(options.Classes))];
        for (int i = 0; i < labels.Length; i++)
            shares[i % 2].Add<double>(outputs.SliceRows(i, 1), labels.AsSpan(i, 1));
        double left = shares[0].Value;
        shares[1].Merge(shares[0]);
        ExpectSame(whole, shares[1], "of two shares merged");
        Expect.SameBits(left, shares[0].Value, "the value of the share that was merged, which is to be left as it was");
        shares[2].Merge(shares[1]);
        ExpectSame(whole, shares[2], "of an empty accumulator after a merge");
        shares[2].Merge(metric.CreateAccumulator(options.Classes));
        ExpectSame(whole, shares[2], "after a merge of an empty accumulator");
    }

    private static void CheckReset(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator accumulator = Take(metric, options, outputs, [.. labels.Select(label => (label + 1) % options.Classes)]);
        accumulator.Reset();
        ExpectEmpty(accumulator, "after Reset");
        accumulator.Add<double>(outputs, labels);
        ExpectSame(Take(metric, options, outputs, labels), accumulator, "after Reset and the examples");
    }

    // Whole numbers are the same at both precisions; what a metric makes of them, such as probabilities, is rounded otherwise.
    private static void CheckFloat(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator accumulator = metric.CreateAccumulator(options.Classes);
        accumulator.Add<float>(Numbers.At<float>(outputs), labels);
        Expect.Near(Take(metric, options, outputs, labels).Value, accumulator.Value, 1e-5, "the value at float");
    }

    private static void CheckDirection(Metric metric, MetricContractOptions options, int[] labels)
    {
        double right = ValueOf(20), wrong = ValueOf(-20);
        Expect.That(
            metric.HigherIsBetter ? right >= wrong : right <= wrong,
            $"outputs that choose every label to be at least as good as outputs that choose none, where a {Better()} value is better",
            $"{right:R} and {wrong:R}");

        string Better() => metric.HigherIsBetter ? "larger" : "smaller";

        double ValueOf(double score)
        {
            var outputs = new Matrix<double>(labels.Length, options.Classes);
            for (int i = 0; i < labels.Length; i++)
                outputs[i, labels[i]] = score;
            return Take(metric, options, outputs, labels).Value;
        }
    }

    private static void CheckApart(Metric metric, MetricContractOptions options, Matrix<double> outputs, int[] labels)
    {
        MetricAccumulator one = Take(metric, options, outputs, labels), other = metric.CreateAccumulator(options.Classes);
        ExpectEmpty(other, "of a new accumulator");
        double value = one.Value;
        other.Add<double>(outputs, [.. labels.Select(label => (label + 1) % options.Classes)]);
        Expect.SameBits(value, one.Value, "the value of an accumulator after another one took examples");
        Concurrently.ExpectSame(
            value, () => Take(metric, options, outputs, labels).Value, (expected, found) => Expect.SameBits(expected, found, "the value"));
    }

    private static void CheckErrors(Metric metric, MetricContractOptions options)
    {
        int classes = options.Classes;
        MetricAccumulator accumulator = metric.CreateAccumulator(classes);
        Matrix<float> outputs = new(2, classes), wide = new(2, classes + 1);
        Expect.Equal(classes, accumulator.Classes, "the classes of the accumulator");
        Refuses($"[2, {classes + 1}]", () => accumulator.Add<float>(wide, [0, 1]), "outputs of another width");
        Refuses("3", () => accumulator.Add<float>(outputs, [0, 1, 0]), "a label too many");
        Refuses($"{classes}", () => accumulator.Add<float>(outputs, [0, classes]), "a label beyond the classes");
        Refuses("-1", () => accumulator.Add<float>(outputs, [0, -1]), "a label below 0");
        ExpectEmpty(accumulator, "after batches that were refused");
        Expect.Throws<ArgumentException>(
            () => accumulator.Merge(metric.CreateAccumulator(classes + 1)), "Merge with one of another number of classes");
        Expect.Throws<ArgumentException>(() => accumulator.Merge(new Other(classes)), "Merge with an accumulator of another metric");
        Expect.Throws<ArgumentNullException>(() => accumulator.Merge(null!), "Merge with null");
        ExpectEmpty(accumulator, "after merges that were refused");
        Expect.Throws<ArgumentException>(() => metric.CreateAccumulator(1), "an accumulator for one class");

        static void Refuses(string words, Action action, string what) => Expect.ThrowsNaming<ArgumentException>(words, action, what);
    }

    private sealed class Other(int classes) : MetricAccumulator(classes)
    {
        protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
        {
        }

        protected override bool TryMerge(MetricAccumulator other) => other is Other;

        protected override void ResetSums()
        {
        }

        protected override double ComputeValue() => 0;
    }
}
