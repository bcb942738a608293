using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The working memory of an <see cref="ImageConvolution{T}"/>, for one caller at a time: transformed or packed weights, tiles or padded
/// images for each thread, sums of gradients. <see cref="ImageConvolution{T}.CreateScratch"/> makes it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ConvolutionScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal ConvolutionScratch(ImageConvolution<T> convolution, int capacity, bool trains, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (Convolution, Capacity, Trains, Threads) = (convolution, capacity, trains, threads);
        if (convolution.Winograd is not null)
            Winograd = new(convolution.Winograd, capacity, trains, threads);
        else if (convolution.Pointwise is not null)
            Pointwise = new(convolution.Geometry, capacity, trains, threads);
        else
            Direct = new(convolution.Direct!, capacity, trains, threads);
    }

    /// <summary>The most examples of a pass.</summary>
    public int Capacity { get; }

    /// <summary>Whether it has the memory that computing gradients needs.</summary>
    public bool Trains { get; }

    /// <summary>The most threads of a pass.</summary>
    public int Threads { get; }

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes => Winograd?.MemoryInBytes ?? Pointwise?.MemoryInBytes ?? Direct!.MemoryInBytes;

    internal ImageConvolution<T> Convolution { get; }

    internal WinogradScratch<T>? Winograd { get; }

    internal PointwiseScratch<T>? Pointwise { get; }

    internal DirectScratch<T>? Direct { get; }
}
