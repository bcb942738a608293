using System.Numerics;

namespace DeepLearn.Tensors;

/// <summary>
/// What a layer reads, <c>[batch, features]</c>: numbers, or bytes with a scale and an offset for each feature, which stand for numbers.
/// </summary>
/// <remarks>
/// A view of numbers becomes one by itself. A layer that does not declare that it reads bytes is given numbers, and asks for
/// <see cref="Numbers"/> without looking.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct LayerInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMatrixView<T> _numbers;
    private readonly ByteRows<T> _bytes;

    /// <summary>An input of numbers.</summary>
    /// <param name="numbers">The numbers, <c>[batch, features]</c>.</param>
    public LayerInput(ReadOnlyMatrixView<T> numbers) => _numbers = numbers;

    /// <summary>An input of bytes.</summary>
    /// <param name="bytes">The bytes, <c>[batch, features]</c>.</param>
    public LayerInput(ByteRows<T> bytes)
    {
        _bytes = bytes;
        IsBytes = true;
    }

    /// <summary>Whether it is bytes.</summary>
    public bool IsBytes { get; }

    /// <summary>The number of examples.</summary>
    public int Rows => IsBytes ? _bytes.Rows : _numbers.Rows;

    /// <summary>The number of features of an example.</summary>
    public int Columns => IsBytes ? _bytes.Columns : _numbers.Columns;

    /// <summary>The numbers.</summary>
    /// <exception cref="InvalidOperationException">The input is bytes.</exception>
    public ReadOnlyMatrixView<T> Numbers => IsBytes ? throw Other("numbers", "bytes") : _numbers;

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">The input is numbers.</exception>
    public ByteRows<T> Bytes => IsBytes ? _bytes : throw Other("bytes", "numbers");

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

    /// <summary>Some rows and columns.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="firstColumn">The first column.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public LayerInput<T> Slice(int firstRow, int firstColumn, int rows, int columns) => IsBytes
        ? _bytes.Slice(firstRow, rows, firstColumn, columns)
        : _numbers.Slice(firstRow, firstColumn, rows, columns);

    /// <summary>The shape, for messages.</summary>
    public override string ToString() => IsBytes ? $"[{Rows}, {Columns}] of bytes" : _numbers.ToString();

    private static InvalidOperationException Other(string expected, string found) =>
        new($"A layer asked for an input of {expected}; found {found}. A layer that reads bytes looks at IsBytes first; any other is given numbers.");
}
