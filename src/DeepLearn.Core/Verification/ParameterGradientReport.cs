using System.Globalization;

namespace DeepLearn.Verification;

/// <summary>How the analytic gradient of one parameter compares with the numeric one.</summary>
/// <param name="Parameter">The name of the parameter; <c>input</c> for the examples.</param>
/// <param name="Checked">The number of elements compared.</param>
/// <param name="MaxAbsoluteDifference">The largest |a - n| over the elements; NaN where one of the two was NaN.</param>
/// <param name="MaxRelativeDifference">
/// The largest |a - n| / max(eps, |a| + |n|) over the elements; NaN where one of the two was NaN.
/// </param>
/// <param name="Row">The row of the element where the relative difference is largest.</param>
/// <param name="Column">Its column.</param>
/// <param name="Analytic">The analytic gradient there.</param>
/// <param name="Numeric">The numeric one.</param>
/// <param name="Step">The step of the centered difference there.</param>
/// <param name="Tolerance">The largest relative difference that passes.</param>
public sealed record ParameterGradientReport(
    string Parameter,
    int Checked,
    double MaxAbsoluteDifference,
    double MaxRelativeDifference,
    int Row,
    int Column,
    double Analytic,
    double Numeric,
    double Step,
    double Tolerance)
{
    /// <summary>Whether every element is within the tolerance.</summary>
    public bool Passed => MaxRelativeDifference <= Tolerance;

    /// <summary>One line that says all of it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Parameter}: {(Passed ? "passed" : "FAILED")}, largest relative difference {MaxRelativeDifference:0.00e+0} (tolerance "
        + $"{Tolerance:0.0e+0}) at ({Row}, {Column}): analytic {Analytic:g8}, numeric {Numeric:g8}, step {Step:0e+0}; "
        + $"largest absolute difference {MaxAbsoluteDifference:0.00e+0} over {Checked} elements");
}
