namespace DeepLearn.Tools.Fuzz;

/// <summary>What came of a reader's damaged files.</summary>
/// <param name="Reader">The reader.</param>
/// <param name="Files">How many files it was given.</param>
/// <param name="Read">How many of them it read.</param>
/// <param name="Slowest">The longest time for one.</param>
/// <param name="MostAllocated">The most bytes allocated for one.</param>
/// <param name="Faults">What must not be, each with the file's seed.</param>
public sealed record FuzzResult(
    string Reader, int Files, int Read, TimeSpan Slowest, long MostAllocated, IReadOnlyList<string> Faults)
{
    /// <summary>A line of a report.</summary>
    public override string ToString()
    {
        string files = FormattableString.Invariant($"{Reader}: {Files} files, {Read} read, {Files - Read} refused, {Faults.Count} faults");
        double milliseconds = Slowest.TotalMilliseconds, mebibytes = MostAllocated / 1048576.0;
        return FormattableString.Invariant($"{files}; slowest {milliseconds:0} ms, most allocated {mebibytes:0.0} MiB");
    }
}
