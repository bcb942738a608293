using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// The scale and offset that each feature gets when a batch is made: <c>fma(x, scale, offset)</c>, rounded once. It is the runtime of a
/// <see cref="Normalization"/>, and does not change.
/// </summary>
/// <remarks>
/// Bytes take one fused multiply-add. Other numbers are computed in double where a <see cref="Normalization"/> built the transform, as
/// <c>(x - mean) / standard deviation</c>, and rounded once: a mean far above the standard deviation costs no digits.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FeatureTransform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Chunk = 256;

    // Matrices of one row, since those begin on a cache line: the conversion of bytes reads both with every example.
    private readonly Matrix<T> _scale;
    private readonly Matrix<T> _offset;

    // For numbers other than bytes, in double; empty if the transform was made of a scale and an offset.
    private readonly double[] _mean;
    private readonly double[] _factor;

    /// <summary>Makes a transform of a scale and an offset for each feature.</summary>
    /// <param name="scale">The factor of each feature; copied.</param>
    /// <param name="offset">What is added to each feature; as many, and copied.</param>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    public FeatureTransform(ReadOnlySpan<T> scale, ReadOnlySpan<T> offset)
        : this(scale, offset, [], [])
    {
    }

    internal FeatureTransform(ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, double[] mean, double[] factor)
    {
        if (scale.Length != offset.Length)
            throw new ArgumentException($"There are as many offsets as scales, {scale.Length}; found {offset.Length}.", nameof(offset));
        _scale = Matrix<T>.CopyOf(new ReadOnlyMatrixView<T>(scale, 1, scale.Length));
        _offset = Matrix<T>.CopyOf(new ReadOnlyMatrixView<T>(offset, 1, offset.Length));
        _mean = mean;
        _factor = factor;
    }

    /// <summary>The number of features.</summary>
    public int Features => _scale.Columns;

    /// <summary>The factor of each feature.</summary>
    public ReadOnlySpan<T> Scale => _scale.AsSpan();

    /// <summary>What is added to each feature.</summary>
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
        Apply(0, example, destination);
    }

    /// <summary>Transforms some features of one example.</summary>
    /// <param name="first">The first of the features.</param>
    /// <param name="part">The numbers of the features from there on.</param>
    /// <param name="destination">Where to, as many elements; may be the part itself.</param>
    /// <exception cref="ArgumentException">There are fewer features, or the destination has another length.</exception>
    public void Apply(int first, ReadOnlySpan<T> part, Span<T> destination) => ApplyTo(first, part, destination);

    /// <summary>Transforms some features of one example that is kept at another precision, without rounding it first.</summary>
    /// <typeparam name="TValue">The precision of the example, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="first">The first of the features.</param>
    /// <param name="part">The numbers of the features from there on.</param>
    /// <param name="destination">Where to, as many elements; may be the part itself.</param>
    /// <exception cref="ArgumentException">There are fewer features, or the destination has another length.</exception>
    public void ApplyTo<TValue>(int first, ReadOnlySpan<TValue> part, Span<T> destination)
        where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
    {
        if (first < 0 || part.Length > Features - first || destination.Length != part.Length)
        {
            throw new ArgumentException(
                $"The transform has {Features} features; found {part.Length} from {first} on, and a destination of {destination.Length}.");
        }
        if (_mean.Length == 0)
        {
            PrecisionConversion.Convert(part, destination);
            Fuse(first, destination);
            return;
        }
        Span<double> numbers = stackalloc double[Math.Min(part.Length, Chunk)];
        for (int done = 0; done < part.Length; done += Chunk)
        {
            int count = Math.Min(Chunk, part.Length - done);
            Span<double> some = numbers[..count];
            PrecisionConversion.Convert(part.Slice(done, count), some);
            TensorPrimitives.Subtract(some, _mean.AsSpan(first + done, count), some);
            TensorPrimitives.Multiply(some, _factor.AsSpan(first + done, count), some);
            PrecisionConversion.Convert(some, destination.Slice(done, count));
        }
    }

    /// <summary>Transforms the numbers of an example of bytes in place, as its bytes are transformed.</summary>
    internal void ApplyFused(Span<T> example)
    {
        Check(example.Length, example.Length);
        Fuse(0, example);
    }

    private void Fuse(int first, Span<T> numbers) => TensorPrimitives.FusedMultiplyAdd(
        numbers, Scale.Slice(first, numbers.Length), Offset.Slice(first, numbers.Length), numbers);

    private void Check(int example, int destination)
    {
        if (example != Features || destination != Features)
        {
            throw new ArgumentException(
                $"The transform has {Features} features; found an example of {example} and a destination of {destination}.");
        }
    }
}
