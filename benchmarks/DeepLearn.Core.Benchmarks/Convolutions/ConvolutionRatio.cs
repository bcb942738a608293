namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>
/// One pass of a convolution or a network against the fastest peer: an element of the JSON that <c>ratios convolution</c> writes.
/// </summary>
/// <param name="Case">The layer or network with its batch.</param>
/// <param name="Pass">Forward, weight gradient or input gradient; step or prediction of a network.</param>
/// <param name="Type">float or double.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Peer">The fastest peer; empty if there was none.</param>
/// <param name="OurGflops">Our speed, counting terms within the image; the median of the rounds.</param>
/// <param name="PeerGflops">The peer's speed, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios of speed, ours over theirs: above 1 we are faster.</param>
/// <param name="ShareOfPeak">
/// Our speed as a share of the FMA peak of as many cores; it may exceed 1 for an algorithm that multiplies less.
/// </param>
internal sealed record ConvolutionRatio(
    string Case,
    string Pass,
    string Type,
    int Threads,
    string Peer,
    double OurGflops,
    double PeerGflops,
    double Ratio,
    double ShareOfPeak)
{
    public const string Forward = "forward";
    public const string WeightGradient = "weight gradient";
    public const string InputGradient = "input gradient";
    public const string Step = "step";
    public const string Prediction = "prediction";

    /// <summary>Our algorithm: direct, or Winograd's F(2x2).</summary>
    public string Algorithm { get; init; } = "";

    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds behind the ratio.</summary>
    public int Rounds { get; init; }

    /// <summary>Bytes that one of our calls allocates.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>Whether it is a 3x3 convolution without stride or groups, with at least 32 channels and filters.</summary>
    public bool IsWide3x3 { get; init; }
}
