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
    public required int Channels;
    public required bool Relu;
    public required ImageRows<T> X;
    public required ImageRows<T> Gradient;
    public required ImageRows<T> Result;
    public required T* Mean;
    public required T* Factor;
    public required T* Derivative;
    public required T* Summand;
    public required T* Firsts;
    public required T* Rests;
    public required T* Seconds;

    public readonly void Run(int part)
    {
        int first = Blocks.First(part), size = Blocks.Size(part);
        nint at = (nint)part * Channels;
        switch (Work)
        {
            case ChannelWork.Moments:
                ChannelKernel<T>.Moments(X, first, size, Positions, Channels, Firsts + at, Rests + at, Seconds + at);
                break;
            case ChannelWork.Normalize:
                ChannelKernel<T>.Normalize(X, Result, first, size, Positions, Channels, Mean, Factor, Summand, Relu);
                break;
            case ChannelWork.GradientSums:
                ChannelKernel<T>.GradientSums(X, Gradient, first, size, Positions, Channels, Mean, Firsts + at, Seconds + at);
                break;
            default:
                ChannelKernel<T>.InputGradient(
                    X, Gradient, Result, first, size, Positions, Channels, Mean, Factor, Derivative, Summand);
                break;
        }
    }
}
