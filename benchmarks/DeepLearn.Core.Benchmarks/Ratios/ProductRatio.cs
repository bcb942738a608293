using System.Globalization;
using System.Text.Json.Serialization;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>One product against one peer: an element of the JSON that <c>ratios</c> writes.</summary>
/// <param name="Shape">The sizes, M x K x N.</param>
/// <param name="Type">float or double.</param>
/// <param name="Transposition">NN, TN or NT.</param>
/// <param name="Threads">The number of threads of both.</param>
/// <param name="Peer">The peer's name.</param>
/// <param name="OurGflops">Our speed, the median of the rounds.</param>
/// <param name="PeerGflops">The peer's speed, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios, ours over theirs: above 1 we are faster.</param>
/// <param name="ShareOfPeak">Our speed as a share of the FMA peak of as many cores in the same round; the median.</param>
internal sealed record ProductRatio(
    string Shape,
    string Type,
    string Transposition,
    int Threads,
    string Peer,
    double OurGflops,
    double PeerGflops,
    double Ratio,
    double ShareOfPeak)
{
    /// <summary>The peer for which the goals are set.</summary>
    public const string OpenBlas = "openblas";

    /// <summary>The peer that is our own product on one thread, measured beside our product on several threads.</summary>
    public const string OneThread = "one-thread";

    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds behind the ratio.</summary>
    public int Rounds { get; init; }

    /// <summary>The FMA peak of one core, the median of the rounds.</summary>
    public double PeakGflops { get; init; }

    /// <summary>Bytes that one of our calls allocates.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>What the product belongs to: square, convolution, or the widths of a network.</summary>
    public string Group { get; init; } = "";

    /// <summary>The number of examples, or 0 for a square.</summary>
    public int Batch { get; init; }

    /// <summary>What the product is for.</summary>
    public string Role { get; init; } = "";

    /// <summary>The seed that the sizes were drawn with; 0 if they were not drawn.</summary>
    public int Seed { get; init; }

    /// <summary>What kind of product it is, by its sizes.</summary>
    public string Family { get; init; } = "";

    /// <summary>The nanoseconds of the bound, without what a call costs; 0 if none was computed.</summary>
    public double BoundNanoseconds { get; init; }

    /// <summary>What bounds it.</summary>
    public string Bound { get; init; } = "";

    /// <summary>The nanoseconds of our product.</summary>
    [JsonIgnore]
    public double OurNanoseconds =>
        Shape.Split('x').Aggregate(2.0, (flops, size) => flops * int.Parse(size, CultureInfo.InvariantCulture)) / OurGflops;

    /// <summary>Whether one of N and K is 10.</summary>
    [JsonIgnore]
    public bool HasTen => Shape.Split('x') is [_, var k, var n] && (k == "10" || n == "10");

    /// <summary>The size of a square; 0 for any other shape.</summary>
    [JsonIgnore]
    public int SquareSize =>
        Shape.Split('x') is [var m, var k, var n] && m == k && k == n ? int.Parse(m, CultureInfo.InvariantCulture) : 0;
}
