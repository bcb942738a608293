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
    public required T* Constant;
    public required T* Shift;
    public required T* Firsts;
    public required T* Seconds;

    public readonly void Run(int part)
    {
        int first = Blocks.First(part), size = Blocks.Size(part);
        T* firsts = Firsts + ((nint)part * Channels), seconds = Seconds + ((nint)part * Channels);
        switch (Work)
        {
            case ChannelWork.Moments:
                ChannelKernel<T>.Moments(X, first, size, Positions, Channels, firsts, seconds);
                break;
            case ChannelWork.Normalize:
                ChannelKernel<T>.Normalize(X, Result, first, size, Positions, Channels, Mean, Factor, Shift, Relu);
                break;
            case ChannelWork.GradientSums:
                ChannelKernel<T>.GradientSums(X, Gradient, first, size, Positions, Channels, Mean, firsts, seconds);
                break;
            default:
                ChannelKernel<T>.InputGradient(
                    X, Gradient, Result, first, size, Positions, Channels, Mean, Factor, Derivative, Constant);
                break;
        }
    }
}
