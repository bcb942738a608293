using System.Text.Json.Serialization;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>One kernel against its peer: an element of the JSON that <c>ratios elementwise</c> writes.</summary>
/// <param name="Kernel">Our kernel.</param>
/// <param name="Type">float or double.</param>
/// <param name="Elements">The number of elements.</param>
/// <param name="Shape">The elements as rows x columns, which matters to kernels over rows or columns.</param>
/// <param name="Peer">The methods of <c>TensorPrimitives</c> that do the same, or <see cref="Memory"/>.</param>
/// <param name="OurGigabytes">Our speed in gigabytes read and written a second; the median of the rounds.</param>
/// <param name="PeerGigabytes">The peer's speed, the median of the rounds.</param>
/// <param name="Ratio">The median of the rounds' ratios of speed, ours over theirs: above 1 we are faster.</param>
internal sealed record KernelRatio(
    string Kernel, string Type, int Elements, string Shape, string Peer, double OurGigabytes, double PeerGigabytes, double Ratio)
{
    /// <summary>The name of the peer that only moves as many bytes.</summary>
    public const string Memory = "memory";

    /// <summary>The lower quartile of the rounds' ratios.</summary>
    public double RatioLower { get; init; }

    /// <summary>The upper quartile of the rounds' ratios.</summary>
    public double RatioUpper { get; init; }

    /// <summary>The number of rounds behind the ratio.</summary>
    public int Rounds { get; init; }

    /// <summary>Bytes that one of our calls allocates.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>Whether the peer computes the same; otherwise it only moves bytes.</summary>
    [JsonIgnore]
    public bool HasEqual => Peer != Memory;
}
