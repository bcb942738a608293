namespace DeepLearn.Verification;

/// <summary>
/// An analytic gradient is not the derivative of the cost, or is at a kink, where no derivative can tell. The message names each parameter,
/// element and both values.
/// </summary>
public sealed class GradientMismatchException : Exception
{
    /// <summary>Makes an exception for a report in which something failed.</summary>
    /// <param name="report">The report.</param>
    public GradientMismatchException(GradientReport report)
        : base($"The analytic gradient does not agree with the numeric one{(IsUndecided(report)
            ? ", where the cost has a kink and no numeric one can tell" : "")}.{Environment.NewLine}{report}")
    {
        Report = report;
    }

    /// <summary>The report.</summary>
    public GradientReport Report { get; }

    private static bool IsUndecided(GradientReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Parameters.All(parameter => parameter.MaxRelativeDifference <= parameter.Tolerance);
    }
}
