using Xunit;

namespace DeepLearn.Testing.Tests;

/// <summary>A fault in a subject that is sound otherwise: the check that must find it, and the report of the suite.</summary>
/// <param name="Check">The name of the check.</param>
/// <param name="Report">Runs the suite on the faulty subject.</param>
/// <param name="What">What is wrong, in words, where a check has several faults.</param>
public sealed record Planted(string Check, Func<ContractReport> Report, string What = "")
{
    public override string ToString() => What.Length == 0 ? Check : $"{Check}: {What}";

    /// <summary>Asserts that the check fails and no other does, and that the text says so.</summary>
    public void AssertFound()
    {
        ContractReport report = Report();
        Assert.True(report.Failures.Any(), $"Nothing was found:\n{report}");
        string[] found = [.. report.Failures.Select(failure => failure.Name)];
        Assert.True(found.SequenceEqual([Check]), $"Expected \"{Check}\" alone to fail; found:\n{report}");
        string message = Assert.Throws<ContractViolationException>(report.ThrowIfFailed).Message;
        Assert.Contains("FAILED    " + Check, message);
        Assert.False(string.IsNullOrWhiteSpace(report[Check].Expected));
        Assert.False(string.IsNullOrWhiteSpace(report[Check].Found));
    }

    /// <summary>Asserts that a sound subject passes, and that every check of the suite has a fault that it finds.</summary>
    public static void AssertComplete(ContractReport sound, IEnumerable<Planted> faults)
    {
        sound.ThrowIfFailed();
        Assert.Equal(sound.Checks.Select(check => check.Name).Order(), faults.Select(fault => fault.Check).Distinct().Order());
    }
}
