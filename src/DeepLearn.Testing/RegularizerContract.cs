using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;
using DeepLearn.Verification;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Regularizer"/> promises, checked on one of them.</summary>
/// <remarks>The matrix is a dense layer's weights, and the regularizer is applied to them, whatever it selects in your network.</remarks>
/// <example><code>RegularizerContract.Check(new SmoothL1(0.1)).ThrowIfFailed();</code></example>
public static class RegularizerContract
{
    private const double Tolerance = 1e-12;
    private const int MostElements = 100;

    /// <summary>Checks a regularizer.</summary>
    /// <param name="regularizer">The regularizer.</param>
    /// <param name="options">What is known of it; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size in the options is too small.</exception>
    public static ContractReport Check(Regularizer regularizer, RegularizerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(regularizer);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        var checks = new CheckList(nameof(RegularizerContract), regularizer);
        ValueChecks.Add(checks, regularizer, regularizer with { });
        Matrix<double> value = Draw(options);
        checks.Add("the penalty is finite and at least 0", () =>
        {
            double penalty = regularizer.Penalty<double>(value);
            Expect.That(double.IsFinite(penalty) && penalty >= 0, "a penalty that is finite and at least 0", $"{penalty:R}");
        });
        checks.AddIf(
            options.PenaltyOfOne is not null, "the options do not say it", "the penalty is what the book says", () => Expect.Near(
                value.AsSpan().ToArray().Sum(options.PenaltyOfOne!), regularizer.Penalty<double>(value), Tolerance, "the penalty"));
        checks.Add("the gradient is the derivative of the penalty", () => CheckGradient(regularizer, value, options));
        checks.Add("the gradient is added to what stands there", () => CheckAdding(regularizer, value, options));
        checks.Add("the projection is made once", () => CheckProjection(regularizer, value));
        checks.Add("float follows double", () => CheckFloat(regularizer, value, options.FloatTolerance));
        checks.Add("nothing is read or written beside the rows", () => CheckWindows(regularizer, value));
        checks.Add("it is a function of its arguments alone", () => CheckPurity(regularizer, value, options));
        checks.Add("nothing is allocated", () => CheckAllocation(regularizer, value));
        return checks.ToReport();
    }

    private static Matrix<double> Draw(RegularizerContractOptions options, string purpose = "weights")
    {
        Matrix<double> value = Numbers.Uniform(options.Rows, options.Columns, options.Key.Derive(purpose));
        foreach (ref double x in value.AsSpan())
            x = (float)(options.Scale * Math.CopySign(0.002 + (0.998 * Math.Abs(x)), x));
        return value;
    }

    private static double[] Gradient(Regularizer regularizer, Matrix<double> value, double before = 0)
    {
        Matrix<double> gradient = Numbers.Filled(value.Rows, value.Columns, before);
        regularizer.AddGradient<double>(value, gradient);
        return gradient.AsSpan().ToArray();
    }

    private static double[] Project(Regularizer regularizer, Matrix<double> value)
    {
        Matrix<double> projected = Matrix<double>.CopyOf(value);
        regularizer.Project<double>(projected);
        return projected.AsSpan().ToArray();
    }

    // A dense layer's weights are the matrix; its biases are not covered and must have no derivative.
    private static void CheckGradient(Regularizer regularizer, Matrix<double> value, RegularizerContractOptions options)
    {
        Regularizer onWeights = regularizer.Split().Aggregate(
            Regularizer.None, (sum, part) => sum + (part with { AppliesTo = ParameterSelection.Weights }));
        Model<double> model = new Dense(options.Columns).Build<double>(options.Rows, 1);
        foreach (Parameter<double> parameter in model.Parameters)
        {
            if (parameter.Role == ParameterRole.Weights)
                value.AsSpan().CopyTo(parameter.Value.AsSpan());
            else
                parameter.Value.View.Fill(0.5);
        }
        Matrix<double> examples = Numbers.Uniform(2, options.Rows, options.Key.Derive("examples"));
        Matrix<double> targets = Numbers.Uniform(2, options.Columns, options.Key.Derive("targets"));
        GradientReport report = GradientChecker.Check(
            model,
            new MeanSquaredError(),
            onWeights,
            examples,
            Targets<double>.FromValues(targets),
            Differences.Sharp(MostElements, options.Key));
        Expect.That(
            report.Passed, "the gradient of loss and penalty by centered differences, on the weights alone", Differences.Failures(report));
    }

    private static void CheckAdding(Regularizer regularizer, Matrix<double> value, RegularizerContractOptions options)
    {
        Matrix<double> gradient = Draw(options, "gradient"), before = Matrix<double>.CopyOf(gradient), kept = Matrix<double>.CopyOf(value);
        double[] derivative = Gradient(regularizer, value);
        regularizer.AddGradient<double>(value, gradient);
        double[] expected = [.. before.AsSpan().ToArray().Zip(derivative, (first, second) => first + second)];
        Expect.Near<double>(expected, gradient.AsSpan(), Tolerance, "a gradient of numbers after AddGradient");
        Expect.SameBits<double>(kept.AsSpan(), value.AsSpan(), "the value, which is not to be changed");
    }

    private static void CheckProjection(Regularizer regularizer, Matrix<double> value)
    {
        double[] once = Project(regularizer, value);
        if (!regularizer.HasConstraint)
        {
            Expect.SameBits<double>(value.AsSpan(), once, "a matrix after Project of one that says it has no constraint");
            return;
        }
        var projected = new Matrix<double>(value.Rows, value.Columns);
        once.CopyTo(projected.AsSpan());
        Expect.Near<double>(
            once, Project(regularizer, projected), 1e-14, "a matrix after a second projection, which finds the constraint met");
    }

    private static void CheckFloat(Regularizer regularizer, Matrix<double> value, double tolerance)
    {
        Matrix<float> single = Numbers.At<float>(value), gradient = new(value.Rows, value.Columns);
        Expect.Near(regularizer.Penalty<double>(value), regularizer.Penalty<float>(single), tolerance, "the penalty at float");
        regularizer.AddGradient<float>(single, gradient);
        Expect.Near<float>(Gradient(regularizer, value), gradient.AsSpan(), tolerance, "the gradient at float");
        regularizer.Project<float>(single);
        Expect.Near<float>(Project(regularizer, value), single.AsSpan(), tolerance, "the projection at float");
    }

    private static void CheckWindows(Regularizer regularizer, Matrix<double> value)
    {
        Window<double> window = new(value), gradient = new(new Matrix<double>(value.Rows, value.Columns));
        Expect.Near(
            regularizer.Penalty<double>(value),
            regularizer.Penalty<double>(window.View),
            Tolerance,
            "the penalty of rows with gaps between them");
        regularizer.AddGradient<double>(window.View, gradient.View);
        Expect.Near<double>(Gradient(regularizer, value), gradient.ToArray(), Tolerance, "the gradient of rows with gaps between them");
        gradient.ExpectMarginsUntouched("the gradient");
        regularizer.Project(window.View);
        Expect.Near<double>(Project(regularizer, value), window.ToArray(), Tolerance, "the projection of rows with gaps between them");
        window.ExpectMarginsUntouched("the projected matrix");
    }

    private static void CheckPurity(Regularizer regularizer, Matrix<double> value, RegularizerContractOptions options)
    {
        double penalty = regularizer.Penalty<double>(value);
        double[] derivative = Gradient(regularizer, value), projection = Project(regularizer, value);
        Matrix<double> other = Draw(options, "other");
        regularizer.Penalty<double>(other);
        Gradient(regularizer, other);
        Project(regularizer, other);
        Expect.SameBits(penalty, regularizer.Penalty<double>(value), "the penalty, computed again after that of another matrix");
        Expect.SameBits(derivative, Gradient(regularizer with { }, value), "the gradient by an equal regularizer");
        Expect.SameBits(projection, Project(regularizer, value), "the projection, made again after that of another matrix");
        Concurrently.ExpectSame(
            derivative, () => Gradient(regularizer, value), (expected, found) => Expect.SameBits(expected, found, "the gradient"));
    }

    private static void CheckAllocation(Regularizer regularizer, Matrix<double> value)
    {
        Matrix<double> gradient = new(value.Rows, value.Columns), projected = Matrix<double>.CopyOf(value);
        Allocations.ExpectNone(() => regularizer.Penalty<double>(value), "Penalty");
        Allocations.ExpectNone(() => regularizer.AddGradient<double>(value, gradient), "AddGradient");
        Allocations.ExpectNone(() => regularizer.Project<double>(projected), "Project");
    }
}
