using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;
using DeepLearn.Verification;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Loss"/> promises, checked on one of them with each kind of targets that it takes.</summary>
/// <example><code>LossContract.Check(new LogCosh()).ThrowIfFailed();</code></example>
public static class LossContract
{
    /// <summary>Checks a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="options">What is known of it; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size in the options is too small.</exception>
    public static ContractReport Check(Loss loss, LossContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Outputs, 1);
        var checks = new CheckList(nameof(LossContract), loss);
        ValueChecks.Add(checks, loss, loss with { });
        bool takesAny = loss.TakesLabels || loss.TakesValues;
        checks.Add("it takes labels, values or both", () => Expect.That(takesAny, "one of them at least", "neither"));
        Add("the gradient is the derivative", batch => CheckGradient(loss, batch, options));
        Add("float follows double", batch => CheckFloat(loss, batch, options.FloatTolerance));
        Add("the loss is the mean over the examples", batch => CheckMean(loss, batch));
        Add("the loss is a function of its arguments alone", batch => CheckPurity(loss, batch));
        Add("the loss is the same without a gradient", batch => CheckWithout(loss, batch));
        Add("nothing is read or written beside the rows", batch => CheckWindows(loss, batch));
        Add("huge outputs give finite numbers", batch => CheckHuge(loss, batch, options));
        Add("a NaN reaches the loss", batch => CheckNaN(loss, batch));
        Add("a batch allocates nothing", batch => CheckAllocation(loss, batch));
        Add("what does not fit is refused", batch => CheckErrors(loss, batch, options));
        return checks.ToReport();

        void Add(string name, Action<LossBatch> check) => checks.AddIf(
            takesAny, "it takes no targets at all", name, () => Array.ForEach(LossBatch.AllOf(loss, options), check));
    }

    // The outputs are the examples of a network that passes them through: the gradient of its input is that of the loss.
    private static void CheckGradient(Loss loss, LossBatch batch, LossContractOptions options)
    {
        Model<double> network = new Flatten().Build<double>(batch.Outputs.Columns, 1);
        GradientCheckOptions how = Differences.Sharp(options.GradientElements, options.Key) with { IncludesInput = true };
        GradientReport report = GradientChecker.Check(
            network, loss, Regularizer.None, batch.Outputs, batch.TargetsOf(batch.Labels, batch.Values), how);
        Expect.That(report.Passed, $"of {batch.Kind}, the gradient by centered differences", Differences.Failures(report));
    }

    private static void CheckFloat(Loss loss, LossBatch batch, double tolerance)
    {
        (double found, float[] gradient) = batch.ComputeFloat(loss);
        Expect.Near(batch.Compute(loss), found, tolerance, $"the loss of {batch.Kind} at float");
        Expect.Near<float>(batch.Gradient(loss), gradient, tolerance, $"the gradient of {batch.Kind} at float");
    }

    private static void CheckMean(Loss loss, LossBatch batch)
    {
        double[] gradient = batch.Gradient(loss);
        double mean = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            LossBatch one = batch.Slice(i, 1);
            mean += one.Compute(loss) / batch.Count;
            double[] expected = Array.ConvertAll(one.Gradient(loss), derivative => derivative / batch.Count);
            ReadOnlySpan<double> row = gradient.AsSpan(i * expected.Length, expected.Length);
            Expect.Near(
                expected,
                row,
                1e-13,
                $"of {batch.Kind}, the gradient of example {i} among {batch.Count}, which is that of it alone divided by {batch.Count}");
        }
        Expect.Near(mean, batch.Compute(loss), 1e-12, $"the loss of {batch.Count} {batch.Kind}, which is the mean of those of each alone");
    }

    private static void CheckPurity(Loss loss, LossBatch batch)
    {
        double first = batch.Compute(loss);
        double[] gradient = batch.Gradient(loss);
        batch.Slice(0, 1).Gradient(loss);
        Expect.SameBits(first, batch.Compute(loss), $"the loss of {batch.Kind}, computed again after another batch");
        Expect.SameBits(gradient, batch.Gradient(loss with { }), $"the gradient of {batch.Kind} by an equal loss");
        Concurrently.ExpectSame(
            gradient, () => batch.Gradient(loss), (expected, found) => Expect.SameBits(expected, found, $"the gradient of {batch.Kind}"));
    }

    private static void CheckWithout(Loss loss, LossBatch batch)
    {
        double with = batch.Compute(loss, new Matrix<double>(batch.Count, batch.Outputs.Columns));
        Expect.SameBits(with, batch.Compute(loss), $"the loss of {batch.Kind} without a gradient");
    }

    private static void CheckWindows(Loss loss, LossBatch batch)
    {
        var outputs = new Window<double>(batch.Outputs);
        var gradient = new Window<double>(batch.Count, batch.Outputs.Columns);
        var values = new Window<double>(batch.Values);
        Targets<double> targets = batch.HasLabels ? Targets<double>.FromLabels(batch.Labels) : Targets<double>.FromValues(values.View);
        double found = loss.Compute(outputs.View, targets, gradient.View);
        double expected = batch.Compute(loss, new Matrix<double>(batch.Count, batch.Outputs.Columns));
        Expect.SameBits(expected, found, $"the loss of {batch.Kind} in rows with gaps between them");
        Expect.SameBits(batch.Gradient(loss), gradient.ToArray(), $"the gradient of {batch.Kind} in rows with gaps between them");
        gradient.ExpectMarginsUntouched("the gradient");
        Expect.SameBits<double>(batch.Outputs.AsSpan(), outputs.ToArray(), "the outputs, which are not to be changed");
    }

    private static void CheckHuge(Loss loss, LossBatch batch, LossContractOptions options)
    {
        var huge = new Matrix<double>(batch.Count, batch.Outputs.Columns);
        for (int i = 0; i < huge.Count; i++)
            huge.AsSpan()[i] = Math.CopySign(options.HugeOutput, batch.Outputs.AsSpan()[i]);
        (double found, float[] gradient) = batch.With(huge).ComputeFloat(loss);
        Expect.That(double.IsFinite(found), $"a finite loss of {batch.Kind} and outputs of {options.HugeOutput} at float", $"{found}");
        Expect.Finite<float>(gradient, $"the gradient of {batch.Kind} and outputs of {options.HugeOutput} at float");
    }

    private static void CheckNaN(Loss loss, LossBatch batch)
    {
        for (int column = 0; column < batch.Outputs.Columns; column++)
        {
            Matrix<double> outputs = Matrix<double>.CopyOf(batch.Outputs.View);
            outputs[batch.Count - 1, column] = double.NaN;
            LossBatch spoilt = batch.With(outputs);
            double with = spoilt.Compute(loss, new Matrix<double>(batch.Count, outputs.Columns)), without = spoilt.Compute(loss);
            Expect.That(
                double.IsNaN(with) && double.IsNaN(without),
                $"NaN as the loss of {batch.Kind} where output {column} of the last example is NaN",
                $"{with} and, without a gradient, {without}");
        }
    }

    private static void CheckAllocation(Loss loss, LossBatch batch)
    {
        var gradient = new Matrix<double>(batch.Count, batch.Outputs.Columns);
        Allocations.ExpectNone(() => batch.Compute(loss, gradient), $"{batch.Kind} with a gradient");
        Allocations.ExpectNone(() => batch.Compute(loss), $"{batch.Kind} without a gradient");
        Matrix<float> outputs = Numbers.At<float>(batch.Outputs), values = Numbers.At<float>(batch.Values), single = new(
            batch.Count, batch.Outputs.Columns);
        foreach (Matrix<float>? wanted in (Matrix<float>?[])[single, null])
        {
            Allocations.ExpectNone(
                () => LossBatch.Compute(loss, outputs, batch.TargetsOf(batch.Labels, values), wanted),
                $"{batch.Kind} {(wanted is null ? "without" : "with")} a gradient at float");
        }
    }

    private static void CheckErrors(Loss loss, LossBatch batch, LossContractOptions options)
    {
        Matrix<double> gradient = Numbers.Filled(batch.Count, options.Outputs, 7.0), smaller = new(batch.Count - 1, options.Outputs);
        Refuses($"[{smaller.Rows}, {smaller.Columns}]", () => batch.Compute(loss, smaller), "a gradient with a row too few");
        LossBatch fewer = batch.Slice(0, batch.Count - 1);
        Refuses(
            $"{fewer.Count}",
            () => LossBatch.Compute(loss, batch.Outputs, batch.TargetsOf(fewer.Labels, fewer.Values), gradient),
            "a target too few");
        Expect.Throws<ArgumentException>(() => batch.Slice(0, 0).Compute(loss), "a batch without examples");
        int classes = options.Classes ?? options.Outputs, width = options.ValuesPerExample ?? options.Outputs;
        if (loss.TakesLabels)
        {
            foreach (int label in (int[])[classes, -1])
            {
                int[] labels = new int[batch.Count];
                labels[1] = label;
                Refuses(
                    $"{label} at example 1",
                    () => LossBatch.Compute(loss, batch.Outputs, Targets<double>.FromLabels(labels), gradient),
                    $"a label of {label}");
            }
        }
        else
        {
            Refuses(
                "labels",
                () => LossBatch.Compute(loss, batch.Outputs, Targets<double>.FromLabels(new int[batch.Count]), gradient),
                "labels");
        }
        Matrix<double> wide = new(batch.Count, width + 1);
        Refuses(
            loss.TakesValues ? $"{width + 1}" : "numbers",
            () => LossBatch.Compute(loss, batch.Outputs, Targets<double>.FromValues(wide), gradient),
            "values");
        Expect.StillFilledWith<double>(7, gradient, "the gradient of what was refused");

        void Refuses(string words, Action compute, string what) => Expect.ThrowsNaming<ArgumentException>(
            words, compute, $"{what}, for {batch.Kind}");
    }
}
