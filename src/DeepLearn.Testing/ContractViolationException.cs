namespace DeepLearn.Testing;

/// <summary>
/// A contract is not kept. The message names the subject, every promise that is broken, what was expected and what was found.
/// </summary>
public sealed class ContractViolationException : Exception
{
    /// <summary>Makes an exception for a report in which a check failed.</summary>
    /// <param name="report">The report.</param>
    public ContractViolationException(ContractReport report)
        : base(report?.ToString())
    {
        ArgumentNullException.ThrowIfNull(report);
        Report = report;
    }

    /// <summary>The report.</summary>
    public ContractReport Report { get; }
}
