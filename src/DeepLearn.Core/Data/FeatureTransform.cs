using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// What is done to each feature as a batch is made: <c>fma(x, scale, offset)</c>, rounded once. The runtime of a
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FeatureTransform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Matrices of one row, which begin on a cache line: the conversion of bytes reads both with every example.
    private readonly Matrix<T> _scale;
    private readonly Matrix<T> _offset;

    /// <summary>A transform with a factor and an addend for each feature.</summary>
    /// <param name="scale">The factors; copied.</param>
    /// <param name="offset">The addends, as many; copied.</param>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public FeatureTransform(ReadOnlySpan<T> scale, ReadOnlySpan<T> offset)
    {
        if (scale.Length != offset.Length)
            throw new ArgumentException($"There are as many offsets as scales, {scale.Length}; found {offset.Length}.", nameof(offset));
        _scale = Matrix<T>.CopyOf(new ReadOnlyMatrixView<T>(scale, 1, scale.Length));
        _offset = Matrix<T>.CopyOf(new ReadOnlyMatrixView<T>(offset, 1, offset.Length));
    }

    /// <summary>The number of features.</summary>
    public int Features => _scale.Columns;

    /// <summary>The factor of each feature.</summary>
    public ReadOnlySpan<T> Scale => _scale.AsSpan();

    /// <summary>The addend of each feature.</summary>
    public ReadOnlySpan<T> Offset => _offset.AsSpan();

    /// <summary>Transforms one example of bytes.</summary>
    /// <param name="example">The example, of <see cref="Features"/> bytes.</param>
    /// <param name="destination">Where to, of <see cref="Features"/> elements.</param>
    /// <exception cref="ArgumentException">One of them has another length.</exception>
    public void Apply(ReadOnlySpan<byte> example, Span<T> destination)
    {
        Check(example.Length, destination.Length);
        ByteConversion.Convert(example, Scale, Offset, destination);
    }

    /// <summary>Transforms one example.</summary>
    /// <param name="example">The example, of <see cref="Features"/> elements.</param>
    /// <param name="destination">Where to, of <see cref="Features"/> elements; may be the example itself.</param>
    /// <exception cref="ArgumentException">One of them has another length.</exception>
    public void Apply(ReadOnlySpan<T> example, Span<T> destination)
    {
        Check(example.Length, destination.Length);
        System.Numerics.Tensors.TensorPrimitives.FusedMultiplyAdd(example, Scale, Offset, destination);
    }

    /// <summary>Transforms some features of one example.</summary>
    /// <param name="first">The first of the features.</param>
    /// <param name="part">The numbers of the features from there on.</param>
    /// <param name="destination">Where to, as many elements; may be the part itself.</param>
    /// <exception cref="ArgumentException">There are not so many features, or the destination has another length.</exception>
    public void Apply(int first, ReadOnlySpan<T> part, Span<T> destination)
    {
        if (first < 0 || part.Length > Features - first || destination.Length != part.Length)
        {
            throw new ArgumentException(
                $"The transform has {Features} features; found {part.Length} from {first} on, and a destination of {destination.Length}.");
        }
        System.Numerics.Tensors.TensorPrimitives.FusedMultiplyAdd(
            part, Scale.Slice(first, part.Length), Offset.Slice(first, part.Length), destination);
    }

    private void Check(int example, int destination)
    {
        if (example != Features || destination != Features)
        {
            throw new ArgumentException(
                $"The transform has {Features} features; found an example of {example} and a destination of {destination}.");
        }
    }
}
