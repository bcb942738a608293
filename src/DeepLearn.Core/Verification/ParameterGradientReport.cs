using System.Globalization;
using DeepLearn.Foundation;

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
    /// <summary>
    /// The number of elements where the cost has a kink at the very value and the centered difference is not the gradient: those compared
    /// with the derivative of one side, and those <see cref="Undecided"/>. Default 0.
    /// </summary>
    public int Kinks { get; init; }

    /// <summary>
    /// The elements at a kink whose gradient is the derivative of neither side, which can be told from a fault by nobody; they are not
    /// among the <see cref="Checked"/>. Default none.
    /// </summary>
    public ValueList<GradientKink> Undecided { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Whether every element is within the tolerance, and none undecided.</summary>
    public bool Passed => IsWithin && Undecided.Count == 0;

    private bool IsWithin => MaxRelativeDifference <= Tolerance;

    /// <summary>One line that says all of it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Parameter}: {(Passed ? "passed" : IsWithin ? "UNDECIDED" : "FAILED")}, {Differences}{Sides}{Advice}");

    private string Differences => Checked == 0 ? "no element compared" : string.Create(
        CultureInfo.InvariantCulture,
        $"largest relative difference {MaxRelativeDifference:0.00e+0} (tolerance {Tolerance:0.0e+0}) at ({Row}, {Column}): analytic "
        + $"{Analytic:g8}, numeric {Numeric:g8}, step {Step:0e+0}; largest absolute difference {MaxAbsoluteDifference:0.00e+0} over "
        + $"{Checked} elements");

    private string Sides => Kinks == Undecided.Count ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"; {Kinks - Undecided.Count} of them at a kink of the cost, where the gradient is the derivative of one side");

    private string Advice => Undecided.Count == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"; {Undecided.Count} more at a kink of the cost, with a gradient that is the derivative of neither side, as a right or a wrong "
        + $"one may be, such as {Undecided[0]}. Check where no unit stands at its kink: other examples, or biases other than 0");
}
