using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;

namespace DeepLearn.Verification;

/// <summary>
/// Compares a model's analytic gradient with centered differences of its cost, element by element, in double. Use it for a layer, a loss or
/// a regularizer of your own; the library checks its own with it.
/// </summary>
/// <example><code>
/// Model&lt;double&gt; precise = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build&lt;double&gt;(inputShape: 2, seed: 1);
/// var examples = Matrix&lt;double&gt;.FromArray(new double[,] { { 0.3, -0.2 }, { -0.5, 0.1 }, { 0.4, 0.4 } });
/// GradientReport report = GradientChecker.Check(
///     precise, new SoftmaxCrossEntropy(), new L2(0.1), examples, Targets&lt;double&gt;.FromLabels([0, 1, 2]));
/// report.ThrowIfFailed();
/// </code></example>
public static class GradientChecker
{
    /// <summary>Checks the gradient of loss plus penalty with respect to every parameter.</summary>
    /// <remarks>
    /// The passes are those of training: dropout drops the same elements in each, batch normalization uses the batch. The model is left as
    /// it was, moving averages included; only the gradients that its parameters hold are new.
    /// <para>
    /// Where the cost has a kink at an element's very value (a ReLU whose input is exactly 0), it has a derivative to the left and another
    /// to the right. A gradient that is one of the two passes; any other is undecided (<see cref="ParameterGradientReport.Undecided"/>),
    /// and does not.
    /// </para>
    /// </remarks>
    /// <param name="model">The model, at double.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="regularizer">The penalty; <see cref="Regularizer.None"/> for none.</param>
    /// <param name="examples">Some examples, <c>[batch, features]</c>, at least one.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>A comparison for each parameter.</returns>
    /// <exception cref="ArgumentException">Examples, targets or options do not fit.</exception>
    public static GradientReport Check(
        Model<double> model,
        Loss loss,
        Regularizer regularizer,
        ReadOnlyMatrixView<double> examples,
        Targets<double> targets,
        GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(regularizer);
        options ??= new();
        options.Check();
        model.CheckInput(examples);
        if (examples.Rows == 0)
            throw new ArgumentException("A gradient is checked with at least one example; found none.", nameof(examples));

        Matrix<double>[] buffers = [.. model.Buffers.Select(buffer => Matrix<double>.CopyOf(buffer.Value.View))];
        try
        {
            var probe = new CostProbe(model, loss, regularizer, examples, targets, options);
            double cost = probe.ComputeGradients();
            var reports = new List<ParameterGradientReport>();
            foreach (Parameter<double> parameter in model.Parameters)
                reports.Add(Compare(parameter.Name, parameter.Value, parameter.Gradient, probe, parameter, options));
            if (options.IncludesInput)
                reports.Add(Compare("input", probe.Examples, probe.InputGradient, probe, null, options));
            return new(cost, [.. reports]);
        }
        finally
        {
            for (int i = 0; i < buffers.Length; i++)
                buffers[i].AsSpan().CopyTo(model.Buffers[i].Value.AsSpan());
        }
    }

    private static ParameterGradientReport Compare(
        string name, Matrix<double> values, Matrix<double> gradient, CostProbe probe, Parameter<double>? parameter,
        GradientCheckOptions options)
    {
        double worstAbsolute = 0;
        var worst = new ParameterGradientReport(name, 0, 0, -1, 0, 0, 0, 0, options.LargestStep, options.Tolerance);
        int[] elements = ChooseElements(name, values.Count, options);
        var undecided = new List<GradientKink>();
        int kinks = 0;
        foreach (int element in elements)
        {
            (int row, int column) = (element / values.Columns, element % values.Columns);
            double analytic = gradient.AsSpan()[element];
            (double numeric, double step) = probe.Differentiate(values, element, parameter);
            double relative = Relative(numeric);

            // At a kink centered differences give the mean of both sides, whatever the step; a gradient is that of one side. A point
            // without a kink has none of this, so that the check is as sharp there as ever. A gradient that is no number is wrong anywhere.
            if (relative > options.Tolerance && probe.KinkAt(values, element, parameter) is var (left, right))
            {
                kinks++;
                numeric = Relative(left) <= Relative(right) ? left : right;
                relative = Relative(numeric);
                if (relative > options.Tolerance)
                {
                    undecided.Add(new(row, column, analytic, left, right));
                    continue;
                }
            }
            double absolute = Math.Abs(analytic - numeric);

            // Written so that a NaN is the worst there can be, and stays it.
            if (!(absolute <= worstAbsolute))
                worstAbsolute = double.IsNaN(worstAbsolute) ? worstAbsolute : absolute;
            if (!(relative <= worst.MaxRelativeDifference) && !double.IsNaN(worst.MaxRelativeDifference))
            {
                worst = worst with
                {
                    MaxRelativeDifference = relative,
                    Row = row,
                    Column = column,
                    Analytic = analytic,
                    Numeric = numeric,
                    Step = step,
                };
            }

            double Relative(double other) =>
                Math.Abs(analytic - other) / Math.Max(options.RelativeFloor, Math.Abs(analytic) + Math.Abs(other));
        }
        return worst with
        {
            MaxAbsoluteDifference = worstAbsolute,
            Checked = elements.Length - undecided.Count,
            Kinks = kinks,
            Undecided = [.. undecided],
        };
    }

    private static int[] ChooseElements(string name, int count, GradientCheckOptions options)
    {
        int[] elements = [.. Enumerable.Range(0, count)];
        if (options.ElementsPerParameter == 0 || options.ElementsPerParameter >= count)
            return elements;
        Foundation.RandomStream stream = options.Key.Derive("elements").Derive(name).Open();
        stream.Shuffle<int>(elements);
        int[] chosen = elements[..options.ElementsPerParameter];
        Array.Sort(chosen);
        return chosen;
    }
}
