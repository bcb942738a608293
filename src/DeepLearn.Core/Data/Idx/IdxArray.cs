using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepLearn.Data.Idx;

/// <summary>An array of unsigned bytes from a file in the idx format, plain or gzipped.</summary>
internal sealed class IdxArray
{
    private const byte UnsignedByte = 8;
    private const int MostAxes = 4;

    // What deflate makes of a run of equal bytes: no archive is shorter than its content divided by this.
    private const int LargestCompression = 1032;

    // Handwritten digits are compressed about five times.
    private const int UsualCompression = 8;

    private IdxArray(int[] extents, byte[] bytes)
    {
        Extents = extents;
        Bytes = bytes;
    }

    public int[] Extents { get; }

    public byte[] Bytes { get; }

    public static IdxArray Read(string path, int axes, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        bool isZipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isZipped ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
        try
        {
            return Read(stream, path, axes, file.Length, isZipped, cancellationToken);
        }
        catch (InvalidDataException exception) when (!exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is damaged at or before its byte {file.Position}: {exception.Message}", exception);
        }
    }

    private static IdxArray Read(Stream stream, string path, int axes, long fileLength, bool isZipped, CancellationToken cancellationToken)
    {
        long largestLength = isZipped ? fileLength * LargestCompression : fileLength;
        Span<byte> header = stackalloc byte[4 + (4 * MostAxes)];
        header = header[..(4 + (4 * axes))];
        int found = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (found < header.Length)
            throw new InvalidDataException($"{path} is cut short: it ends at byte {found}; expected a header of {header.Length} bytes.");
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != axes)
        {
            throw new InvalidDataException(
                $"{path} is not an idx file of unsigned bytes with {axes} axes: expected it to begin with 00 00 08 {axes:X2}, "
                + $"found {header[0]:X2} {header[1]:X2} {header[2]:X2} {header[3]:X2}.");
        }
        var extents = new int[axes];
        long length = 1, lengthOfOne = 1;
        for (int i = 0; i < axes; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + (4 * i))..]);
            length *= extent;

            // Of no images, too, one must be possible.
            if (i > 0)
                lengthOfOne *= extent;
            if (extent > int.MaxValue || length > Array.MaxLength || lengthOfOne > Array.MaxLength)
            {
                throw new InvalidDataException(
                    $"{path}, byte {4 + (4 * i)}: an extent of {extent} makes more than {Array.MaxLength} bytes.");
            }
            extents[i] = (int)extent;
        }
        if (header.Length + length > largestLength)
        {
            throw new InvalidDataException(
                $"{path} is cut short: its header announces {length} bytes after it; the file holds at most "
                + $"{Math.Max(0, largestLength - header.Length)}.");
        }

        // A gzipped file may announce a thousand times its size: memory grows with what is there.
        var bytes = new byte[Math.Min(length, Math.Max(1 << 16, UsualCompression * fileLength))];
        for (int done = 0; done < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (done == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * done));
            int some = stream.Read(bytes, done, Math.Min(bytes.Length - done, 1 << 20));
            if (some == 0)
            {
                throw new InvalidDataException(
                    $"{path} is cut short: it ends at byte {header.Length + done}; expected {header.Length + length} bytes.");
            }
            done += some;
        }
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException(
                $"{path} is too long: its header announces {header.Length + length} bytes in all, and more follow.");
        }
        return new(extents, bytes);
    }
}
