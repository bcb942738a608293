using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace DeepLearn.Tensors;

/// <summary>
/// A matrix <c>[rows, columns]</c> of numbers that are stored as bytes: each byte of column j stands for <c>fma(byte, scale[j],
/// offset[j])</c>, rounded once. The rows may begin anywhere in one memory. A matrix product converts the bytes as it packs them. It lives
/// on the stack and copies nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ByteRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of bytes.</summary>
    /// <param name="source">The memory that the rows stand in.</param>
    /// <param name="starts">
    /// Where each row begins in it, in any order, repeats allowed. A row has as many bytes as there are factors.
    /// </param>
    /// <param name="scale">The factors, one for each column.</param>
    /// <param name="offset">The summands, one for each column.</param>
    /// <exception cref="ArgumentException">There are not as many summands as factors, or a row does not lie within the memory.</exception>
    public ByteRows(ReadOnlySpan<byte> source, ReadOnlySpan<int> starts, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset)
    {
        if (offset.Length != scale.Length)
            throw new ArgumentException($"There are as many summands as factors, {scale.Length}; found {offset.Length}.", nameof(offset));
        int last = source.Length - scale.Length;
        foreach (int start in starts)
        {
            if (start < 0 || start > last)
                ThrowStart(start, scale.Length, source.Length);
        }
        Source = source;
        Rows = starts.Length;
        StartsToEnd = starts;
        Scale = scale;
        Offset = offset;
    }

    /// <summary>Rows that have been checked.</summary>
    internal ByteRows(int rows, ReadOnlySpan<byte> source, ReadOnlySpan<int> startsToEnd, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset)
    {
        Source = source;
        Rows = rows;
        StartsToEnd = startsToEnd;
        Scale = scale;
        Offset = offset;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns => Scale.Length;

    /// <summary>The memory that the rows stand in.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>Where each row begins in <see cref="Source"/>.</summary>
    public ReadOnlySpan<int> Starts => StartsToEnd[..Rows];

    /// <summary>
    /// Where each row begins, and those that follow in what this is a window on: whoever goes through it window by window reads them next.
    /// </summary>
    internal ReadOnlySpan<int> StartsToEnd { get; }

    /// <summary>The factors, one for each column.</summary>
    public ReadOnlySpan<T> Scale { get; }

    /// <summary>The summands, one for each column.</summary>
    public ReadOnlySpan<T> Offset { get; }

    /// <summary>The bytes of one row.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<byte> Row(int row)
    {
        MatrixLayout.CheckIndex(row, 0, Rows, 1);
        return Source.Slice(StartsToEnd[row], Columns);
    }

    /// <summary>A window on some rows and columns.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="column">The first column.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie within this one.</exception>
    public ByteRows<T> Slice(int row, int column, int rows, int columns)
    {
        MatrixLayout.CheckSlice(row, column, rows, columns, Rows, Columns);
        return new(rows, Source[column..], StartsToEnd[row..], Scale.Slice(column, columns), Offset.Slice(column, columns));
    }

    [DoesNotReturn]
    private static void ThrowStart(int start, int columns, int length) => throw new ArgumentException(
        $"A row of {columns} bytes begins at 0 to {length - columns} of {length} bytes; found {start}.", "starts");
}
