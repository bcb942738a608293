using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The working memory of a <see cref="PointwiseConvolution{T}"/>: the sums of the chunks of a batch, and for each
/// thread the positions of some images, side by side.</summary>
internal sealed class PointwiseScratch<T>(ConvolutionGeometry geometry, int capacity, bool trains, int threads)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For each chunk, the sums of the weights' gradients, then those of the biases' gradients.</summary>
    public Matrix<T> Sums { get; } = new(
        trains ? new BatchChunks(geometry, capacity).Count : 0, DirectScratch<T>.Rounded((geometry.Depth + 1) * geometry.Filters));

    /// <summary>For each thread the positions of some images that a stride sees.</summary>
    public Matrix<T> Copies { get; } = CopiesFor(geometry, threads);

    /// <summary>The weights, packed for products over some images after others; null where there are none.</summary>
    public PackedMatrix<T>? Packed { get; } =
        trains && StridedPositions.Of(geometry) is null ? new(geometry.Channels, geometry.Filters) : null;

    /// <summary>What threads claim: chunks, or some images, each those of its own images first.</summary>
    public ShareClaims Claims { get; } = new(threads);

    public long MemoryInBytes =>
        Unsafe.SizeOf<T>() * ((long)Sums.Count + Copies.Count + (Packed is null ? 0 : (long)Packed.Depth * Packed.Columns));

    private static Matrix<T> CopiesFor(ConvolutionGeometry geometry, int threads)
    {
        int count = PointwiseConvolution<T>.CopyCount(geometry);
        return new(count == 0 ? 0 : threads, DirectScratch<T>.Rounded(count));
    }
}
