namespace DeepLearn.Benchmarks.Ratios;

/// <summary>One prediction against one peer: an element of the JSON that <c>ratios predict</c> writes.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">The number of examples.</param>
/// <param name="Threads">The number of threads of both.</param>
/// <param name="Peer">The name of the peer; empty where we are alone.</param>
/// <param name="OurMicroseconds">The median time of one call of ours, each call timed by itself.</param>
/// <param name="OurMicroseconds99">The time that 99 of 100 of our calls do not exceed.</param>
/// <param name="PeerMicroseconds">The median time of one call of the peer.</param>
/// <param name="PeerMicroseconds99">The time that 99 of 100 calls of the peer do not exceed.</param>
/// <param name="Ratio">
/// The median of the rounds' ratios of throughput, calls one after the other: above 1 we are faster; NaN where we are alone.
/// </param>
internal sealed record PredictionRatio(
    string Network,
    int Batch,
    int Threads,
    string Peer,
    double OurMicroseconds,
    double OurMicroseconds99,
    double PeerMicroseconds,
    double PeerMicroseconds99,
    double Ratio)
{
    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>How many examples we predict in a second, calls one after the other; the median of the rounds.</summary>
    public double ExamplesPerSecond { get; init; }

    /// <summary>Bytes that one of our calls allocates.</summary>
    public double AllocatedBytes { get; init; }
}
