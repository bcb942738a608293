namespace DeepLearn.Benchmarks.Measuring;

/// <summary>A piece of code that is timed beside others.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Run">One call.</param>
internal sealed record Candidate(string Name, Action Run)
{
    /// <summary>Runs before its calls, outside the timing; sets its number of threads.</summary>
    public Action Before { get; init; } = static () => { };

    /// <summary>The most rounds in which it takes part: few for a slow candidate, so that a run stays short.</summary>
    public int MaxRounds { get; init; } = int.MaxValue;
}
