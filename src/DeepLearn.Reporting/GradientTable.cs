using DeepLearn.Reporting.Tables;
using DeepLearn.Verification;

namespace DeepLearn.Reporting;

/// <summary>Makes a table of a gradient check: a row for each parameter.</summary>
/// <example><code>
/// Model&lt;double&gt; precise = new Dense(3).Build&lt;double&gt;(inputShape: 2, seed: 1);
/// var examples = Matrix&lt;double&gt;.FromArray(new double[,] { { 0.3, -0.2 }, { -0.5, 0.1 } });
/// GradientReport report = GradientChecker.Check(
///     precise, new SoftmaxCrossEntropy(), Regularizer.None, examples, Targets&lt;double&gt;.FromLabels([0, 2]));
/// Console.WriteLine(GradientTable.Of(report));
/// </code></example>
public static class GradientTable
{
    /// <summary>Makes the table.</summary>
    /// <param name="report">The report of a <see cref="GradientChecker"/>.</param>
    /// <param name="caption">The text above it.</param>
    public static ReportTable Of(GradientReport report, string caption = "Analytic gradient against centered differences")
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(
            caption,
            [
                new("Parameter", false), new("Elements"), new("Largest absolute difference"), new("Largest relative difference"),
                new("Result", false),
            ],
            [
                .. report.Parameters.Select(parameter => new[]
                {
                    parameter.Parameter,
                    Format.Count(parameter.Checked),
                    Format.Scientific(parameter.MaxAbsoluteDifference),
                    Format.Scientific(parameter.MaxRelativeDifference),
                    parameter.Passed ? "passed" : parameter.MaxRelativeDifference <= parameter.Tolerance ? "undecided" : "FAILED",
                }),
            ]);
    }
}
