using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepLearn.Tensors;

/// <summary>
/// What a layer reads, <c>[batch, features]</c>: numbers, or bytes with a scale and an offset for each feature, which stand for numbers.
/// </summary>
/// <remarks>
/// A view of numbers becomes one by itself. A layer that does not declare that it reads bytes is given numbers, and asks for
/// <see cref="Numbers"/> without looking. It lives on the stack and copies nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct LayerInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The fields of either form, one over the other: every call of a layer copies this value.
    private readonly ref T _numbersOrScale;
    private readonly ref T _offset;
    private readonly ref byte _source;
    private readonly ref int _starts;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _strideOrStarts;
    private readonly int _length;

    /// <summary>Makes an input of numbers.</summary>
    /// <param name="numbers">The numbers, <c>[batch, features]</c>.</param>
    public LayerInput(ReadOnlyMatrixView<T> numbers)
    {
        ReadOnlySpan<T> elements = numbers.Elements;
        _numbersOrScale = ref MemoryMarshal.GetReference(elements);
        _rows = numbers.Rows;
        _columns = numbers.Columns;
        _strideOrStarts = numbers.Stride;
        _length = elements.Length;
    }

    /// <summary>Makes an input of bytes.</summary>
    /// <param name="bytes">The bytes, <c>[batch, features]</c>.</param>
    public LayerInput(ByteRows<T> bytes)
    {
        _numbersOrScale = ref MemoryMarshal.GetReference(bytes.Scale);
        _offset = ref MemoryMarshal.GetReference(bytes.Offset);
        _source = ref MemoryMarshal.GetReference(bytes.Source);
        _starts = ref MemoryMarshal.GetReference(bytes.StartsToEnd);
        _rows = bytes.Rows;
        _columns = bytes.Columns;
        _strideOrStarts = bytes.StartsToEnd.Length;
        _length = bytes.Source.Length;
        IsBytes = true;
    }

    /// <summary>Whether it is bytes.</summary>
    public bool IsBytes { get; }

    /// <summary>The number of examples.</summary>
    public int Rows => _rows;

    /// <summary>The number of features of an example.</summary>
    public int Columns => _columns;

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidOperationException">The input is bytes.</exception>
    public ReadOnlyMatrixView<T> Numbers
    {
        get
        {
            if (IsBytes)
                ThrowOther("numbers", "bytes");
            return new(_rows, _columns, _strideOrStarts, MemoryMarshal.CreateReadOnlySpan(ref _numbersOrScale, _length));
        }
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">The input is numbers.</exception>
    public ByteRows<T> Bytes
    {
        get
        {
            if (!IsBytes)
                ThrowOther("bytes", "numbers");
            return new(
                _rows,
                MemoryMarshal.CreateReadOnlySpan(ref _source, _length),
                MemoryMarshal.CreateReadOnlySpan(ref _starts, _strideOrStarts),
                MemoryMarshal.CreateReadOnlySpan(ref _numbersOrScale, _columns),
                MemoryMarshal.CreateReadOnlySpan(ref _offset, _columns));
        }
    }

    /// <summary>An input of numbers.</summary>
    /// <param name="numbers">The numbers.</param>
    public static implicit operator LayerInput<T>(ReadOnlyMatrixView<T> numbers) => new(numbers);

    /// <summary>An input of numbers.</summary>
    /// <param name="numbers">The numbers.</param>
    public static implicit operator LayerInput<T>(MatrixView<T> numbers) => new(numbers);

    /// <summary>An input of numbers.</summary>
    /// <param name="numbers">The numbers.</param>
    public static implicit operator LayerInput<T>(Matrix<T> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return new(numbers.View);
    }

    /// <summary>An input of bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator LayerInput<T>(ByteRows<T> bytes) => new(bytes);

    /// <summary>A window on some rows and columns.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within this one.</exception>
    public LayerInput<T> Slice(int row, int column, int rows, int columns) => IsBytes
        ? Bytes.Slice(row, column, rows, columns)
        : Numbers.Slice(row, column, rows, columns);

    /// <summary>The shape, for messages.</summary>
    public override string ToString() => IsBytes ? $"[{Rows}, {Columns}] of bytes" : Numbers.ToString();

    [DoesNotReturn]
    private static void ThrowOther(string expected, string found) => throw new InvalidOperationException(
        $"A layer asked for an input of {expected}; found {found}. A layer that reads bytes looks at {nameof(IsBytes)} first; any other is "
        + "given numbers.");
}
