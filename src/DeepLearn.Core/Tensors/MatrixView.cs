using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepLearn.Tensors;

/// <summary>
/// A writable window on a row-major matrix that somebody else owns: <c>[rows, columns]</c>, each row contiguous, rows <see cref="Stride"/>
/// elements apart. It lives on the stack and copies nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// var matrix = new Matrix&lt;float&gt;(4, 6);
/// MatrixView&lt;float&gt; corner = matrix.View.Slice(row: 0, column: 0, rows: 2, columns: 3);
/// corner.Fill(1);
/// Console.WriteLine($"{matrix[1, 2]}, {matrix[1, 3]}");    // prints 1, 0
/// </code></example>
public readonly ref struct MatrixView<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Span<T> _elements;

    /// <summary>Makes a view of elements stored row after row.</summary>
    /// <param name="elements">The elements; at least <c>(rows - 1) * stride + columns</c> of them where there are any.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="columns">The number of columns, at least 0.</param>
    /// <param name="stride">
    /// The distance from one row to the next in elements, at least <paramref name="columns"/>; -1 for <paramref name="columns"/>.
    /// </param>
    /// <exception cref="ArgumentException">A negative size, a stride shorter than a row, or too few elements.</exception>
    public MatrixView(Span<T> elements, int rows, int columns, int stride = -1)
    {
        stride = stride == -1 ? columns : stride;
        MatrixLayout.Check(elements.Length, rows, columns, stride);
        _elements = elements;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>A view without checks, for callers that know that it fits: in a small kernel, checks cost as much as the work.</summary>
    internal MatrixView(int rows, int columns, int stride, Span<T> elements)
    {
        _elements = elements;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>The distance from the start of one row to the start of the next, in elements.</summary>
    public int Stride { get; }

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => Rows == 0 || Columns == 0;

    /// <summary>Whether the rows follow each other without a gap.</summary>
    public bool IsContiguous => Stride == Columns || Rows <= 1;

    /// <summary>The element at a row and column.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside the matrix.</exception>
    public ref T this[int row, int column]
    {
        get
        {
            MatrixLayout.CheckIndex(row, column, Rows, Columns);
            return ref Unsafe.Add(ref Origin, ((nint)row * Stride) + column);
        }
    }

    /// <summary>A reference to the first element; not to be read where the view is empty.</summary>
    internal ref T Origin => ref MemoryMarshal.GetReference(_elements);

    /// <summary>The same window, read-only.</summary>
    /// <param name="view">The view.</param>
    public static implicit operator ReadOnlyMatrixView<T>(MatrixView<T> view) =>
        new(view.Rows, view.Columns, view.Stride, view._elements);

    /// <summary>One row, contiguous.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<T> Row(int row)
    {
        MatrixLayout.CheckIndex(row, 0, Rows, Math.Max(Columns, 1));
        return Columns == 0 ? default : _elements.Slice(row * Stride, Columns);
    }

    /// <summary>A window of this window.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within this one.</exception>
    public MatrixView<T> Slice(int row, int column, int rows, int columns)
    {
        MatrixLayout.CheckSlice(row, column, rows, columns, Rows, Columns);
        return new(rows == 0 || columns == 0 ? default : _elements[((row * Stride) + column)..], rows, columns, Stride);
    }

    /// <summary>Some whole rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">They do not lie within this view.</exception>
    public MatrixView<T> SliceRows(int first, int count) => Slice(first, 0, count, Columns);

    /// <summary>All elements as one span, row after row.</summary>
    /// <exception cref="InvalidOperationException">The rows do not follow each other without a gap.</exception>
    public Span<T> AsSpan()
    {
        MatrixLayout.CheckContiguous(IsContiguous, Rows, Columns, Stride);
        return IsEmpty ? default : _elements[..(Rows * Columns)];
    }

    /// <summary>The same elements as a tensor of <c>System.Numerics.Tensors</c>, shape <c>[rows, columns]</c>, without a copy.</summary>
    public TensorSpan<T> AsTensorSpan() =>
        IsEmpty ? new(default(Span<T>), [Rows, Columns]) : new(_elements, [Rows, Columns], [Stride, 1]);

    /// <summary>Writes one value to every element.</summary>
    /// <param name="value">The value.</param>
    public void Fill(T value)
    {
        if (IsContiguous)
        {
            AsSpan().Fill(value);
            return;
        }
        for (int row = 0; row < Rows; row++)
            Row(row).Fill(value);
    }

    /// <summary>The shape and stride, for messages.</summary>
    public override string ToString() => MatrixLayout.Describe(Rows, Columns, Stride);
}
