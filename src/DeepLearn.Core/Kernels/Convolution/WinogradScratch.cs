using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The working memory of a <see cref="WinogradConvolution{T}"/>, and the claims of its threads.</summary>
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
        Kernels = new(1, convolution.KernelCount);
        Blocks = new(threads, DirectScratch<T>.Rounded(convolution.BlockCount));
        Turned = new(1, trains ? convolution.TurnedCount : 0);
        Run = new(1, trains ? convolution.RunCount(capacity) : 0);
        Biases = new(1, trains ? convolution.Filters : 0);
        Sums = new(trains ? threads : 0, trains ? DirectScratch<T>.Rounded(convolution.SumCount(capacity)) : 0);
    }

    /// <summary>The transformed kernels, and, once the gradient of the inputs is there, the sums over tiles.</summary>
    public Matrix<T> Kernels { get; }

    /// <summary>The transformed tiles of a block, for each thread.</summary>
    public Matrix<T> Blocks { get; }

    /// <summary>The kernels with channels and filters exchanged.</summary>
    public Matrix<T> Turned { get; }

    /// <summary>The transformed tiles of a run.</summary>
    public Matrix<T> Run { get; }

    /// <summary>The gradients of the biases.</summary>
    public Matrix<T> Biases { get; }

    /// <summary>The sums of a run, for each thread.</summary>
    public Matrix<T> Sums { get; }

    /// <summary>What it takes.</summary>
    public long MemoryInBytes =>
        Unsafe.SizeOf<T>() * ((long)Kernels.Count + Blocks.Count + Turned.Count + Run.Count + Biases.Count + Sums.Count);

    /// <summary>What threads claim: blocks of tiles, or products.</summary>
    public ClaimCounter Claims { get; } = new();
}
