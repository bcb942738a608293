using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads and writes arrays in NumPy's format npy (versions 1.0 to 3.0): what <c>numpy.save</c> writes and <c>numpy.load</c> reads.
/// </summary>
/// <remarks>
/// Elements are read in either order of bytes and of axes; they are written little-endian, the last axis contiguous, in version 1.0. Python
/// objects, structures and complex numbers are refused.
/// </remarks>
/// <example><code>
/// NpyFile.Write("x.npy", NumericArray.Of&lt;double&gt;([0.5, 1, 1.5, 2, 2.5, 3], 3, 2));
/// Matrix&lt;float&gt; rows = NpyFile.Read("x.npy").ToMatrix&lt;float&gt;();
/// Console.WriteLine($"{rows.Rows} x {rows.Columns}");    // prints 3 x 2
/// </code></example>
public static class NpyFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not in the format, has elements of another type, or is cut short or too long; the
    /// message names the file, what was expected and what was found.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static NumericArray Read(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = WholeFile.OpenRead(path);
        return Read(file, file.Length, isCompressed: false, path, cancellationToken);
    }

    /// <summary>Writes a file whole or not at all: what stood there before stays until the new one is complete.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, NumericArray array)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(array);
        WholeFile.Write(path, stream => Write(stream, array));
    }

    internal static NumericArray Read(
        Stream stream, long stored, bool isCompressed, string source, CancellationToken cancellationToken)
    {
        ArrayHeader header = NpyHeader.Read(stream, source);
        byte[] content = BoundedContent.Read(
            stream, header.Length, header.ContentLength(source), stored, isCompressed, source, cancellationToken);
        return header.ToArray(content, source);
    }

    internal static void Write(Stream stream, NumericArray array)
    {
        stream.Write(NpyHeader.Write(array.ElementType, array.Shape.AsSpan()));
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(array.AsBytes());
            return;
        }
        byte[] reversed = array.AsBytes().ToArray();
        NumericTypes.Reverse(reversed, NumericTypes.SizeOf(array.ElementType));
        stream.Write(reversed);
    }
}
