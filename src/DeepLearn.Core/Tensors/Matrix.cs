using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors;

/// <summary>
/// A matrix that owns its elements: <c>[rows, columns]</c>, row-major, rows without gaps, the first element on a 64-byte boundary.
/// </summary>
/// <remarks>
/// The memory is pinned, so that its address does not change while kernels run. It is freed when the matrix is garbage-collected.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// var matrix = Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
/// matrix.Row(1).Fill(7);
/// Console.WriteLine($"{matrix.Rows} x {matrix.Columns}: {matrix[0, 2]}, {matrix[1, 2]}");    // prints 2 x 3: 3, 7
/// </code></example>
public sealed class Matrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The alignment of the first element in bytes: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    private readonly T[] _storage;
    private readonly int _offset;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of columns, at least 0.</param>
    /// <exception cref="ArgumentException">A negative size, or more elements than an array can have.</exception>
    /// <exception cref="NotSupportedException">
    /// <typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.
    /// </exception>
    public unsafe Matrix(int rows, int columns)
    {
        Precision.Require<T>();
        if (rows < 0 || columns < 0)
            throw new ArgumentException($"A matrix has at least 0 rows and columns; found [{rows}, {columns}].");
        int padding = Alignment / sizeof(T);
        if ((long)rows * columns > Array.MaxLength - padding)
            throw new ArgumentException($"A matrix has at most {Array.MaxLength - padding} elements; found [{rows}, {columns}].");
        Rows = rows;
        Columns = columns;
        _storage = GC.AllocateArray<T>((rows * columns) + padding, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage));
        _offset = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(T);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Rows * Columns;

    /// <summary>A window on the whole matrix.</summary>
    public MatrixView<T> View => new(Rows, Columns, Columns, AsSpan());

    /// <summary>The element at a row and column.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside the matrix.</exception>
    public ref T this[int row, int column]
    {
        get
        {
            MatrixLayout.CheckIndex(row, column, Rows, Columns);
            return ref _storage[_offset + (row * Columns) + column];
        }
    }

    /// <summary>A read-only window on the whole matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    public static implicit operator ReadOnlyMatrixView<T>(Matrix<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.View;
    }

    /// <summary>A window on the whole matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <exception cref="ArgumentNullException"><paramref name="matrix"/> is null.</exception>
    public static implicit operator MatrixView<T>(Matrix<T> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.View;
    }

    /// <summary>A matrix with a copy of the given elements.</summary>
    /// <param name="elements">The elements, <c>[rows, columns]</c>.</param>
    public static Matrix<T> CopyOf(ReadOnlyMatrixView<T> elements)
    {
        var copy = new Matrix<T>(elements.Rows, elements.Columns);
        elements.CopyTo(copy.View);
        return copy;
    }

    /// <summary>A matrix with a copy of a two-dimensional array.</summary>
    /// <param name="elements">The elements, <c>[rows, columns]</c>.</param>
    public static Matrix<T> FromArray(T[,] elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var copy = new Matrix<T>(elements.GetLength(0), elements.GetLength(1));
        for (int row = 0; row < copy.Rows; row++)
        {
            for (int column = 0; column < copy.Columns; column++)
                copy[row, column] = elements[row, column];
        }
        return copy;
    }

    /// <summary>A matrix with a copy of a tensor's elements.</summary>
    /// <param name="tensor">A tensor of shape <c>[rows, columns]</c>.</param>
    /// <exception cref="ArgumentException">The tensor has not two axes.</exception>
    public static Matrix<T> CopyOf(in ReadOnlyTensorSpan<T> tensor)
    {
        if (tensor.Rank != 2)
            throw new ArgumentException($"A matrix is made from a tensor of rank 2; found rank {tensor.Rank}.", nameof(tensor));
        var copy = new Matrix<T>(checked((int)tensor.Lengths[0]), checked((int)tensor.Lengths[1]));
        if (copy.Count > 0)
            tensor.FlattenTo(copy.AsSpan());
        return copy;
    }

    /// <summary>All elements, row after row.</summary>
    public Span<T> AsSpan() =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_storage), _offset), Rows * Columns);

    /// <summary>Some whole rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie within the matrix.</exception>
    public MatrixView<T> SliceRows(int first, int count) => View.SliceRows(first, count);

    /// <summary>One row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<T> Row(int row) => View.Row(row);

    /// <summary>The shape, for messages.</summary>
    public override string ToString() => MatrixLayout.Describe(Rows, Columns, Columns);
}
