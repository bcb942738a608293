using System.Buffers.Binary;
using System.IO.Compression;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads arrays in the IDX format (LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998), plain or gzipped, of any of
/// its types of elements.
/// </summary>
/// <remarks>
/// A file begins with 0, 0, the type (8: unsigned bytes, 9: signed bytes, 0B: 16 bits, 0C: 32 bits, 0D: floats, 0E: doubles) and the number
/// of axes, then has each extent as four bytes, then the elements, the highest byte first.
/// </remarks>
/// <example><code>
/// NumericArray images = IdxFile.Read("mnist/train-images-idx3-ubyte");
/// Dataset digits = Dataset.FromArray&lt;float&gt;(images, IdxFile.Read("mnist/train-labels-idx1-ubyte"), classes: 10);
/// </code></example>
public static class IdxFile
{
    private const int MostAxes = 8;

    /// <summary>Reads a file. Whether it is gzipped is seen from its content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is not in the format, is damaged, cut short or too long; the message names the file,
    /// what was expected and what was found.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static NumericArray Read(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        bool isZipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isZipped ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            ArrayHeader header = ReadHeader(stream, path);
            byte[] content = BoundedContent.Read(
                stream, header.Length, header.ContentLength(path), file.Length, isZipped, path, cancellationToken);
            return header.ToArray(content, path);
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is damaged at or before its byte {file.Position}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the header of a file that is not gzipped.</summary>
    internal static ArrayHeader ReadHeader(Stream stream, string source)
    {
        const int Start = 4;
        Span<byte> header = stackalloc byte[Start + (4 * MostAxes)];
        int found = stream.ReadAtLeast(header[..Start], Start, throwOnEndOfStream: false);
        if (found < Start)
            throw new InvalidDataException($"{source} is cut short: it ends at byte {found}; expected a header of at least {Start} bytes.");
        NumericType? type = header[2] switch
        {
            0x08 => NumericType.UInt8,
            0x09 => NumericType.Int8,
            0x0B => NumericType.Int16,
            0x0C => NumericType.Int32,
            0x0D => NumericType.Float32,
            0x0E => NumericType.Float64,
            _ => null,
        };
        int axes = header[3];
        if (header[0] != 0 || header[1] != 0 || type is null || axes is 0 or > MostAxes)
        {
            throw new InvalidDataException(
                $"{source} is not an idx file: expected it to begin with 00 00, a type (08, 09, 0B to 0E) and 1 to {MostAxes} axes; found "
                + $"{header[0]:X2} {header[1]:X2} {header[2]:X2} {header[3]:X2}.");
        }
        int length = Start + (4 * axes);
        found += stream.ReadAtLeast(header[Start..length], length - Start, throwOnEndOfStream: false);
        if (found < length)
            throw new InvalidDataException($"{source} is cut short: it ends at byte {found}; expected a header of {length} bytes.");
        var shape = new long[axes];
        for (int i = 0; i < axes; i++)
            shape[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(Start + (4 * i))..]);
        return new(type.Value, ValueList.Create<long>(shape), length, IsBigEndian: true, IsFortran: false);
    }
}
