namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Several trials at the same time, compared with one alone: an element of the JSON that <c>ratios trials</c> writes.</summary>
/// <param name="Trials">The number of trials, each on a thread of its own, over one copy of the data.</param>
/// <param name="Steps">The number of updates of a trial.</param>
/// <param name="OneStepsPerSecond">Updates a second of one trial alone, the median of the rounds.</param>
/// <param name="AllStepsPerSecond">Updates a second of all trials together, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios of the latter to the former; at best, the number of trials.</param>
internal sealed record TrialsRow(int Trials, long Steps, double OneStepsPerSecond, double AllStepsPerSecond, double Ratio)
{
    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds.</summary>
    public int Rounds { get; init; }
}
