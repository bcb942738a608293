namespace DeepLearn.Tools.Fuzz;

/// <summary>The result of giving damaged files to a reader.</summary>
/// <param name="Reader">The reader.</param>
/// <param name="Files">The number of files.</param>
/// <param name="Read">The number of files that it read without an exception.</param>
/// <param name="Slowest">The longest time for a file.</param>
/// <param name="MostAllocated">The most bytes allocated for a file.</param>
/// <param name="Faults">The faults, each with the number of its file.</param>
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
