using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The working memory of a <see cref="WinogradConvolution{T}"/>.</summary>
internal sealed class WinogradScratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Memory for a convolution.</summary>
    /// <param name="convolution">The convolution.</param>
    /// <param name="capacity">The most examples.</param>
    /// <param name="trains">Whether gradients are computed as well.</param>
    /// <param name="threads">How many threads work at once.</param>
    public WinogradScratch(WinogradConvolution<T> convolution, int capacity, bool trains, int threads)
    {
        WinogradSizes<T> sizes = convolution.Sizes;
        long tiles = (long)capacity * convolution.Inputs.Tiles;
        int ofRun = (int)Math.Min(sizes.TilesOfRun, tiles);
        Kernels = new(1, sizes.Products * sizes.KernelStep);
        Blocks = new(threads, DirectScratch<T>.Rounded(sizes.PlaneCount(sizes.TilesOfBlock) + sizes.Spare));
        Turned = new(1, trains ? 9 * sizes.Weights : 0);
        Run = new(1, trains ? sizes.PlaneCount(ofRun) : 0);
        Biases = new(1, trains ? sizes.Filters : 0);
        int ofThread = Math.Max(sizes.Spare, tiles > sizes.TilesOfRun ? sizes.Weights : 0);
        Sums = new(trains ? threads : 0, trains ? DirectScratch<T>.Rounded(ofThread) : 0);
    }

    /// <summary>The transformed kernels; in the pass that computes the gradient of the weights, the sums over tiles.</summary>
    public Matrix<T> Kernels { get; }

    /// <summary>The transformed tiles of a block, for each thread.</summary>
    public Matrix<T> Blocks { get; }

    /// <summary>The weights, each tap's matrix transposed.</summary>
    public Matrix<T> Turned { get; }

    /// <summary>The transformed tiles of a run.</summary>
    public Matrix<T> Run { get; }

    /// <summary>The gradients of the biases.</summary>
    public Matrix<T> Biases { get; }

    /// <summary>The sums of a run, for each thread.</summary>
    public Matrix<T> Sums { get; }

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes =>
        Unsafe.SizeOf<T>() * ((long)Kernels.Count + Blocks.Count + Turned.Count + Run.Count + Biases.Count + Sums.Count);

    /// <summary>Hands out blocks of tiles, or products, to the threads.</summary>
    public ClaimCounter Claims { get; } = new();
}
