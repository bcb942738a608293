using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The working memory of a <see cref="PointwiseConvolution{T}"/>: for training, the sums of the weights' gradients for each chunk of a
/// batch.
/// </summary>
internal sealed class PointwiseScratch<T>(ConvolutionGeometry geometry, int capacity, bool trains)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For each chunk, the sums of the weights' gradients, then those of the biases' gradients.</summary>
    public Matrix<T> Sums { get; } = new(
        trains ? new BatchChunks(geometry, capacity).Count : 0, DirectScratch<T>.Rounded((geometry.Depth + 1) * geometry.Filters));

    /// <summary>Hands out chunks to the threads.</summary>
    public ClaimCounter Claims { get; } = new();

    public long MemoryInBytes => Unsafe.SizeOf<T>() * (long)Sums.Count;
}
