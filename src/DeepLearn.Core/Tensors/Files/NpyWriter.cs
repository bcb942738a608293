using System.Runtime.InteropServices;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Writes an npy file in pieces, row after row, so that the whole need not be in memory. The file gets its name when it is complete, in
/// place of what stood there before.
/// </summary>
/// <typeparam name="T">
/// The type of an element: <see cref="bool"/>, <see cref="Half"/>, <see cref="float"/>, <see cref="double"/>, or an integer of 8 to 64
/// bits.
/// </typeparam>
/// <example><code>
/// using var writer = new NpyWriter&lt;byte&gt;("images.npy", 28, 28);
/// for (int i = 0; i &lt; 1000; i++)
///     writer.Write(new byte[28 * 28]);
/// writer.Complete();
/// </code></example>
public sealed class NpyWriter<T> : IDisposable
    where T : unmanaged
{
    private readonly PendingFile _file;
    private readonly NumericType _type;
    private readonly int[] _shape;
    private readonly int _rowCount;
    private readonly int _headerLength;
    private long _rows;
    private bool _isComplete;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="rowShape">The extents of a row, each at least 1; none for single numbers.</param>
    /// <exception cref="NotSupportedException">The type is another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An extent is below 1, or a row has more elements than an array can have.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public NpyWriter(string path, params ReadOnlySpan<int> rowShape)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _type = NumericTypes.Of(typeof(T)) ?? throw new NotSupportedException(
            $"The elements of an array are bool, Half, float, double or integers of 8 to 64 bits; found {TypeNames.Of<T>()}.");
        long count = 1;
        foreach (int extent in rowShape)
        {
            count *= extent;
            if (extent < 1 || count > Array.MaxLength)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(rowShape), $"A row has 1 to {Array.MaxLength} elements; found an extent of {extent}.");
            }
        }
        _rowCount = (int)count;

        // The number of rows is known at the end, and needs no more room than the largest one.
        _shape = [int.MaxValue, .. rowShape];
        byte[] header = NpyHeader.Write(_type, _shape);
        _headerLength = header.Length;
        _file = PendingFile.Begin(path);
        _file.Stream.Write(header);
    }

    /// <summary>Writes one row or several.</summary>
    /// <param name="elements">The elements of whole rows, one row after the other.</param>
    /// <exception cref="ArgumentException">They are no whole rows, or more than an array can have.</exception>
    /// <exception cref="InvalidOperationException">The file is complete.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ReadOnlySpan<T> elements)
    {
        if (_isComplete)
            throw new InvalidOperationException("The file is complete and takes no more rows.");
        if (elements.Length % _rowCount != 0 || _rows + (elements.Length / _rowCount) > int.MaxValue)
        {
            throw new ArgumentException(
                $"Rows have {_rowCount} elements each, and there are at most {int.MaxValue}; found {elements.Length} elements after "
                + $"{_rows} rows.",
                nameof(elements));
        }
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(elements);
        if (!BitConverter.IsLittleEndian)
        {
            byte[] reversed = bytes.ToArray();
            NumericTypes.Reverse(reversed, NumericTypes.SizeOf(_type));
            bytes = reversed;
        }
        _file.Stream.Write(bytes);
        _rows += elements.Length / _rowCount;
    }

    /// <summary>Writes the number of rows, flushes the file to disk and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">The file is complete already.</exception>
    /// <exception cref="IOException">It cannot be written or renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be renamed.</exception>
    public void Complete()
    {
        if (_isComplete)
            throw new InvalidOperationException("The file is complete already.");
        _shape[0] = (int)_rows;
        _file.Stream.Position = 0;
        _file.Stream.Write(NpyHeader.Write(_type, _shape, _headerLength));
        _file.Commit();
        _isComplete = true;
    }

    /// <summary>Lets go of the file; without <see cref="Complete"/> nothing of it is left.</summary>
    public void Dispose() => _file.Dispose();
}
