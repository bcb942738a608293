namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Something to be timed beside others.</summary>
/// <param name="Name">What the reports call it.</param>
/// <param name="Run">One call.</param>
internal sealed record Candidate(string Name, Action Run)
{
    /// <summary>What has to be set before its calls, outside the timing: its number of threads.</summary>
    public Action Before { get; init; } = static () => { };

    /// <summary>In how many rounds it takes part at most: few for a slow one, so that a run stays short.</summary>
    public int MaxRounds { get; init; } = int.MaxValue;
}
