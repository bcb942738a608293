using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace DeepLearn.Tensors;

/// <summary>
/// A matrix that is nowhere written: rows of bytes from anywhere, each byte read as <c>fma(byte, scale[j], offset[j])</c>, rounded once.
/// A product converts what it needs as it packs it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ByteRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of bytes.</summary>
    /// <param name="source">The bytes: rows of at least as many as there are factors.</param>
    /// <param name="stride">The distance from the start of one row to the start of the next, at least the number of columns.</param>
    /// <param name="indices">Which rows, in any order, repeats allowed.</param>
    /// <param name="scale">The factors, one per column.</param>
    /// <param name="offset">The summands, one per column.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there is no such row.</exception>
    public ByteRows(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> indices, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset)
    {
        if (offset.Length != scale.Length)
            throw new ArgumentException($"There are as many summands as factors, {scale.Length}; found {offset.Length}.", nameof(offset));
        if (stride < Math.Max(1, scale.Length))
            throw new ArgumentException($"The stride of {scale.Length} columns is at least as much; found {stride}.", nameof(stride));
        int there = source.Length < scale.Length ? 0 : ((source.Length - scale.Length) / stride) + 1;
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)there)
                ThrowRow(index, there);
        }
        Source = source;
        Stride = stride;
        Rows = indices.Length;
        IndicesToEnd = indices;
        Scale = scale;
        Offset = offset;
    }

    private ByteRows(ByteRows<T> whole, int firstRow, int rows, int firstColumn, int columns)
    {
        Source = whole.Source[firstColumn..];
        Stride = whole.Stride;
        Rows = rows;
        IndicesToEnd = whole.IndicesToEnd[firstRow..];
        Scale = whole.Scale.Slice(firstColumn, columns);
        Offset = whole.Offset.Slice(firstColumn, columns);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns => Scale.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Source { get; }

    /// <summary>The distance from the start of one row to the start of the next.</summary>
    public int Stride { get; }

    /// <summary>Which rows.</summary>
    public ReadOnlySpan<int> Indices => IndicesToEnd[..Rows];

    /// <summary>Which rows, and those that follow in what this is a window on: whoever goes through it window by window reads them next.</summary>
    internal ReadOnlySpan<int> IndicesToEnd { get; }

    /// <summary>The factors, one per column.</summary>
    public ReadOnlySpan<T> Scale { get; }

    /// <summary>The summands, one per column.</summary>
    public ReadOnlySpan<T> Offset { get; }

    /// <summary>Some rows and columns.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="firstColumn">The first column.</param>
    /// <param name="columns">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ByteRows<T> Slice(int firstRow, int rows, int firstColumn, int columns)
    {
        if (firstRow < 0 || rows < 0 || rows > Rows - firstRow || firstColumn < 0 || columns < 0 || columns > Columns - firstColumn)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rows),
                $"[{Rows}, {Columns}] bytes have no [{rows}, {columns}] from row {firstRow} and column {firstColumn} on.");
        }
        return new(this, firstRow, rows, firstColumn, columns);
    }

    [DoesNotReturn]
    private static void ThrowRow(int index, int there) =>
        throw new ArgumentException($"A row is from 0 to {there - 1}; found {index}.", "indices");
}
