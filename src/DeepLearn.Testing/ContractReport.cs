using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>What a contract suite found out about one subject: a check for each promise of the contract. An immutable value.</summary>
/// <param name="Contract">The contract, as in <c>LossContract</c>.</param>
/// <param name="Subject">What was checked, as it prints itself.</param>
/// <param name="Checks">The checks, in the order in which they were made.</param>
/// <example><code>
/// ContractReport report = LossContract.Check(new Huber());
/// Console.WriteLine(report.Passed);    // prints True
/// </code></example>
public sealed record ContractReport(string Contract, string Subject, ValueList<ContractCheck> Checks)
{
    /// <summary>Whether no check failed.</summary>
    public bool Passed => Checks.All(check => check.Passed);

    /// <summary>The checks that failed, in their order.</summary>
    public IEnumerable<ContractCheck> Failures => Checks.Where(check => !check.Passed);

    /// <summary>The check of a name.</summary>
    /// <param name="name">The name, as in <see cref="ContractCheck.Name"/>.</param>
    /// <exception cref="ArgumentException">The contract has no check of that name; the message lists those that it has.</exception>
    public ContractCheck this[string name] => Checks.FirstOrDefault(check => check.Name == name) ?? throw new ArgumentException(
        $"{Contract} has the checks {string.Join(", ", Checks.Select(check => $"\"{check.Name}\""))}; found \"{name}\".", nameof(name));

    /// <summary>Throws where a check failed: the one line that a test needs.</summary>
    /// <exception cref="ContractViolationException">A check failed; the message is that of <see cref="ToString"/>.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
            throw new ContractViolationException(this);
    }

    /// <summary>
    /// A headline, and a line for each check: first those that failed, with what was expected and found, last those left out.
    /// </summary>
    public override string ToString()
    {
        ContractCheck[] failed = [.. Failures], leftOut = [.. Checks.Where(check => check.LeftOut is not null)];
        ContractCheck[] kept = [.. Checks.Except(failed).Except(leftOut)];
        string found = failed.Length == 0 ? "" : $"{failed.Length} FAILED, ";
        IEnumerable<object> lines =
        [
            $"{Contract} of {Subject}: {found}{kept.Length} passed, {leftOut.Length} left out",
            .. failed,
            .. kept,
            .. leftOut,
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
