namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Some trials at once against one alone: an element of the JSON that <c>ratios trials</c> writes.</summary>
/// <param name="Trials">The number of trials at once, each on a thread of its own, over one copy of the data.</param>
/// <param name="Steps">The number of updates of a trial.</param>
/// <param name="OneStepsPerSecond">Updates a second of one trial alone, the median of the rounds.</param>
/// <param name="AllStepsPerSecond">Updates a second of all together, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios of the latter to the former: as much as there are trials, at best.</param>
internal sealed record TrialsRow(int Trials, long Steps, double OneStepsPerSecond, double AllStepsPerSecond, double Ratio)
{
    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds.</summary>
    public int Rounds { get; init; }
}
