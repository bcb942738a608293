using System.Numerics;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// How a forward pass normalized its channels, <c>y = (x - mean) * factor + summand</c>, and whether a ReLU followed: all that the way
/// back needs to tell where y was above 0.
/// </summary>
/// <param name="channels">The number of channels.</param>
/// <param name="mean">The mean of each.</param>
/// <param name="factor">The factor of each; the way back reads it only behind a ReLU.</param>
/// <param name="summand">The summand of each; likewise.</param>
/// <param name="relu">Whether a ReLU followed: then a gradient counts as 0 where y was not above 0.</param>
internal readonly unsafe struct ChannelTerms<T>(int channels, T* mean, T* factor, T* summand, bool relu)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly int Channels = channels;
    public readonly T* Mean = mean;
    public readonly T* Factor = factor;
    public readonly T* Summand = summand;
    public readonly bool Relu = relu;

    /// <summary>The terms from a channel on.</summary>
    public ChannelTerms<T> From(int channel) => new(Channels, Mean + channel, Factor + channel, Summand + channel, Relu);
}
