namespace DeepLearn.Benchmarks.Ratios;

/// <summary>One training step against one peer: an element of the JSON that <c>ratios step</c> writes.</summary>
/// <param name="Network">The widths.</param>
/// <param name="Batch">The number of examples.</param>
/// <param name="Type">float or double.</param>
/// <param name="Threads">The number of threads of both.</param>
/// <param name="Peer">The peer's name; <see cref="Bound"/> for the time of the step's products at the FMA peak.</param>
/// <param name="OurMicroseconds">Our time for a step, the median of the rounds.</param>
/// <param name="PeerMicroseconds">The peer's time, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios of speed, ours over theirs: above 1 we are faster.</param>
/// <param name="RatioToBound">
/// Our time divided by the bound of the same round; the median. A step of nothing but multiply-adds would have 1.
/// </param>
internal sealed record StepRatio(
    string Network,
    int Batch,
    string Type,
    int Threads,
    string Peer,
    double OurMicroseconds,
    double PeerMicroseconds,
    double Ratio,
    double RatioToBound)
{
    /// <summary>The name of the row that compares with the FMA peak.</summary>
    public const string Bound = "fma-bound";

    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds behind the ratio.</summary>
    public int Rounds { get; init; }

    /// <summary>The FMA peak of one core, the median of the rounds.</summary>
    public double PeakGflops { get; init; }

    /// <summary>Bytes that one of our steps allocates.</summary>
    public double AllocatedBytes { get; init; }
}
