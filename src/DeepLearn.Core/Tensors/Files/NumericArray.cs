using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Numbers of any type and number of axes, as files of NumPy, IDX and others hold them, row after row, the last axis contiguous. It does
/// not change.
/// </summary>
/// <example><code>
/// NumericArray array = NumericArray.Of&lt;float&gt;([1, 2, 3, 4, 5, 6], 3, 2);
/// Matrix&lt;float&gt; rows = array.ToMatrix&lt;float&gt;();
/// NpyFile.Write("scores.npy", NumericArray.Of(rows));
/// </code></example>
public sealed class NumericArray
{
    private readonly byte[] _bytes;

    /// <summary>An array over bytes in the order of the machine, which are kept.</summary>
    internal NumericArray(string source, NumericType type, ValueList<int> shape, byte[] bytes)
    {
        Source = source;
        ElementType = type;
        Shape = shape;
        _bytes = bytes;
    }

    /// <summary>Where the array is from, as messages name it.</summary>
    public string Source { get; }

    /// <summary>The type of the elements.</summary>
    public NumericType ElementType { get; }

    /// <summary>The extents; none for a single number.</summary>
    public ValueList<int> Shape { get; }

    /// <summary>The bytes themselves, which nobody changes.</summary>
    internal byte[] Bytes => _bytes;

    /// <summary>The number of elements.</summary>
    public int Count => _bytes.Length / NumericTypes.SizeOf(ElementType);

    /// <summary>An array of given numbers, which are copied.</summary>
    /// <typeparam name="T">
    /// <see cref="bool"/>, <see cref="Half"/>, <see cref="float"/>, <see cref="double"/>, or an integer of 8 to 64 bits.
    /// </typeparam>
    /// <param name="elements">The elements, row after row.</param>
    /// <param name="shape">The extents, each at least 0, of as many elements; none for one axis.</param>
    /// <exception cref="NotSupportedException">The type is another.</exception>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public static NumericArray Of<T>(ReadOnlySpan<T> elements, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        NumericType type = TypeOf<T>();
        ValueList<int> extents = shape.IsEmpty ? [elements.Length] : ValueList.Create(shape);
        long count = 1;
        foreach (int extent in extents)
            count = extent < 0 || count < 0 ? -1 : Math.Min(count * extent, int.MaxValue + 1L);
        if (count != elements.Length)
            throw new ArgumentException($"A shape for {elements.Length} elements has as many; found {extents}.", nameof(shape));
        return new("an array", type, extents, MemoryMarshal.AsBytes(elements).ToArray());
    }

    /// <summary>An array of the elements of a matrix, <c>[rows, columns]</c>, copied.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="matrix">The matrix.</param>
    public static NumericArray Of<T>(Matrix<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return Of<T>(matrix.AsSpan(), matrix.Rows, matrix.Columns);
    }

    /// <summary>The bytes of the elements, in the byte order of the machine. Valid as long as the array.</summary>
    public ReadOnlySpan<byte> AsBytes() => _bytes;

    /// <summary>The elements as they are. Valid as long as the array.</summary>
    /// <typeparam name="T">The type that <see cref="ElementType"/> names.</typeparam>
    /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != ElementType)
            throw new InvalidOperationException($"{Source} has elements of type {ElementType}; asked for {TypeNames.Of<T>()}.");
        return MemoryMarshal.Cast<byte, T>(_bytes);
    }

    /// <summary>Writes the elements as floats or doubles, row after row.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="destination">As many elements.</param>
    /// <param name="mayRound">Whether what <typeparamref name="T"/> cannot hold exactly is rounded to nearest. Default false.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidDataException">An element would have to be rounded, or is beyond the range of
    /// <typeparamref name="T"/>, which is refused in any case.</exception>
    public void CopyTo<T>(Span<T> destination, bool mayRound = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        if (destination.Length != Count)
        {
            throw new ArgumentException(
                $"{Source} has {Count} elements; found a destination of {destination.Length}.", nameof(destination));
        }
        int bad = NumericConversion.Convert(_bytes, ElementType, destination, mayRound);
        if (bad < 0)
            return;
        string fault = T.IsInfinity(destination[bad]) ? "is beyond the range of" : "has to be rounded to be";
        throw new InvalidDataException(
            $"{Source}, element {bad}: a number of type {ElementType}, {ElementText(bad)}, {fault} {TypeNames.Of<T>()}.");
    }

    /// <summary>The elements as a matrix: the first axis as rows, all others as columns; of a single axis one column.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="mayRound">Whether what <typeparamref name="T"/> cannot hold exactly is rounded to nearest. Default false.</param>
    /// <returns>A matrix of the caller's own.</returns>
    /// <exception cref="InvalidDataException">As for <see cref="CopyTo"/>; or it is a single number without an axis.</exception>
    public Matrix<T> ToMatrix<T>(bool mayRound = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Shape.Count == 0)
            throw new InvalidDataException($"{Source}: expected at least one axis; found a single number.");
        int rows = Shape[0], columns = 1;
        foreach (int extent in Shape.Skip(1))
            columns = (int)Math.Min((long)columns * extent, int.MaxValue);
        var matrix = new Matrix<T>(rows, rows == 0 ? Math.Min(columns, 1 << 20) : columns);
        CopyTo(matrix.AsSpan(), mayRound);
        return matrix;
    }

    /// <summary>The elements as whole numbers, for instance as class labels.</summary>
    /// <exception cref="InvalidDataException">An element is no whole number, or not within 32 bits.</exception>
    public int[] ToIntegers()
    {
        var numbers = new double[Count];
        NumericConversion.Convert(_bytes, ElementType, numbers.AsSpan(), mayRound: true);
        var integers = new int[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!(numbers[i] >= int.MinValue && numbers[i] <= int.MaxValue) || !double.IsInteger(numbers[i]))
                throw new InvalidDataException($"{Source}, element {i}: expected a whole number of 32 bits; found {ElementText(i)}.");
            integers[i] = (int)numbers[i];
        }
        return integers;
    }

    /// <summary>The array with other extents, over the same elements.</summary>
    /// <param name="shape">The extents, of as many elements.</param>
    /// <exception cref="ArgumentException">They have another number of elements.</exception>
    public NumericArray Reshape(params ReadOnlySpan<int> shape)
    {
        UInt128 count = 1;
        foreach (int extent in shape)
            count = extent < 0 || count > int.MaxValue ? UInt128.MaxValue : count * (UInt128)extent;
        if (count != (UInt128)Count)
        {
            throw new ArgumentException(
                $"{Source} has {Count} elements; found the shape {ValueList.Create(shape)}.", nameof(shape));
        }
        return new(Source, ElementType, ValueList.Create(shape), _bytes);
    }

    /// <summary>The array with its axes in another order, in memory of its own.</summary>
    /// <param name="axes">
    /// For each axis of the result, which axis of this array it is, from 0: <c>Transpose(2, 3, 1, 0)</c> makes <c>[height, width, inputs,
    /// outputs]</c> of <c>[outputs, inputs, height, width]</c>.
    /// </param>
    /// <exception cref="ArgumentException">The axes are not those of the array, each once.</exception>
    public NumericArray Transpose(params ReadOnlySpan<int> axes)
    {
        int rank = Shape.Count, size = NumericTypes.SizeOf(ElementType);
        ValueList<int> given = ValueList.Create(axes);
        if (!given.Order().SequenceEqual(Enumerable.Range(0, rank)))
            throw new ArgumentException($"{Source}: expected the axes 0 to {rank - 1}, each once; found {given}.", nameof(axes));
        var strides = new int[rank];
        for (int axis = rank - 1, stride = 1; axis >= 0; stride *= Shape[axis], axis--)
            strides[axis] = stride;
        int[] extents = [.. given.Select(axis => Shape[axis])], steps = [.. given.Select(axis => strides[axis])], place = new int[rank];
        var bytes = new byte[_bytes.Length];
        for (int to = 0, from = 0; to < bytes.Length; to += size)
        {
            _bytes.AsSpan(from * size, size).CopyTo(bytes.AsSpan(to));
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++place[axis] < extents[axis])
                    break;
                from -= steps[axis] * extents[axis];
                place[axis] = 0;
            }
        }
        return new(Source, ElementType, [.. extents], bytes);
    }

    /// <summary>The type and the extents, for messages.</summary>
    public override string ToString() => $"{ElementType} {Shape}";

    private string ElementText(int index)
    {
        int size = NumericTypes.SizeOf(ElementType);
        Span<double> value = stackalloc double[1];
        NumericConversion.Convert(_bytes.AsSpan(index * size, size), ElementType, value, mayRound: true);
        return InvariantText.Of($"{value[0]}");
    }

    private static NumericType TypeOf<T>() =>
        NumericTypes.Of(typeof(T)) ?? throw new NotSupportedException(
            $"The elements of an array are bool, Half, float, double or integers of 8 to 64 bits; found {TypeNames.Of<T>()}.");
}
