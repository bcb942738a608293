using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The working memory of a <see cref="DirectConvolution{T}"/>: the packed weights, a padded image for each thread and, for training, the
/// sums of the weights' gradients for each chunk of a batch.
/// </summary>
internal sealed class DirectScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public DirectScratch(DirectConvolution<T> convolution, int capacity, bool trains, int threads)
    {
        ConvolutionKernels<T> kernels = convolution.Kernels, backward = convolution.Backward;
        PackedForward = new(1, kernels.PackedCount(kernels.Forwards));
        PackedBackward = new(1, trains ? backward.PackedCount(backward.Backwards) : 0);
        Start = new(1, kernels.StartCount);
        int forGradients = trains && kernels.Forwards.IsPadded ? kernels.Forwards.PaddedCount * Math.Min(kernels.Together, capacity) : 0;
        PaddedInput = PerThread(Math.Max(forGradients, kernels.PaddedCount(kernels.Forwards)));
        PaddedGradient = PerThread(trains ? backward.PaddedCount(backward.Backwards) : 0);
        Scratch = PerThread(trains ? kernels.ScratchCount : 0);
        Claims = new(threads);
        Sums = trains ? new(new BatchChunks(convolution.Geometry, capacity).Count, Rounded(kernels.SumsCount)) : new(0, 0);

        Matrix<T> PerThread(int count) => new(count == 0 ? 0 : threads, Rounded(count));
    }

    public Matrix<T> PackedForward { get; }

    public Matrix<T> PackedBackward { get; }

    /// <summary>The biases, with each group padded to whole panels.</summary>
    public Matrix<T> Start { get; }

    public Matrix<T> PaddedInput { get; }

    public Matrix<T> PaddedGradient { get; }

    public Matrix<T> Scratch { get; }

    public Matrix<T> Sums { get; }

    /// <summary>Hands out examples or chunks to the threads, to each those of its own images first.</summary>
    public ShareClaims Claims { get; }

    public long MemoryInBytes => Unsafe.SizeOf<T>() * ((long)PackedForward.Count + PackedBackward.Count + Start.Count
        + PaddedInput.Count + PaddedGradient.Count + Scratch.Count + Sums.Count);

    /// <summary>Rounds up to whole cache lines, so that two threads never write to the same one.</summary>
    internal static int Rounded(int count) => (count + 15) & ~15;
}
