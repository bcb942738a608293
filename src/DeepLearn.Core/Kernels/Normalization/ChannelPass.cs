using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Normalization;

/// <summary>What a pass of batch normalization does with each block of examples.</summary>
internal enum ChannelWork
{
    Moments,
    Normalize,
    GradientSums,
    InputGradient,
}

/// <summary>A pass of batch normalization over blocks of examples, a part for each block.</summary>
internal unsafe struct ChannelPass<T> : IParallelBody
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required ChannelWork Work;
    public required ExampleBlocks Blocks;
    public required int Positions;
    public required ChannelTerms<T> Terms;
    public required ImageRows<T> X;
    public required ImageRows<T> Gradient;
    public required ImageRows<T> Result;
    public required T* GradientFactor;
    public required T* Derivative;
    public required T* GradientSummand;
    public required T* Firsts;
    public required T* Rests;
    public required T* Seconds;

    public readonly void Run(int part)
    {
        int first = Blocks.First(part), size = Blocks.Size(part);
        nint at = (nint)part * Terms.Channels;
        switch (Work)
        {
            case ChannelWork.Moments:
                ChannelKernel<T>.Moments(X, first, size, Positions, Terms.Channels, Firsts + at, Rests + at, Seconds + at);
                break;
            case ChannelWork.Normalize:
                ChannelKernel<T>.Normalize(X, Result, first, size, Positions, Terms);
                break;
            case ChannelWork.GradientSums:
                ChannelKernel<T>.GradientSums(X, Gradient, first, size, Positions, Terms, Firsts + at, Seconds + at);
                break;
            default:
                ChannelKernel<T>.InputGradient(
                    X, Gradient, Result, first, size, Positions, Terms, GradientFactor, Derivative, GradientSummand);
                break;
        }
    }
}
