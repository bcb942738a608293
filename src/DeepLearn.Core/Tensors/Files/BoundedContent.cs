namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads content whose length a header announces, and whose compressed form may hold a thousand times its size: memory grows with what is
/// there, not with what is announced.
/// </summary>
internal static class BoundedContent
{
    /// <summary>What deflate makes of a run of equal bytes: no archive is shorter than its content divided by this.</summary>
    public const int LargestCompression = 1032;

    // Handwritten digits are compressed about five times.
    private const int UsualCompression = 8;
    private const int Piece = 1 << 20;

    /// <summary>Reads content of a known length.</summary>
    /// <param name="stream">Where the content begins.</param>
    /// <param name="before">The bytes that were read before, for messages.</param>
    /// <param name="length">The length that was announced.</param>
    /// <param name="stored">The bytes that are stored, compressed or not, header included.</param>
    /// <param name="isCompressed">Whether the content is compressed.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidDataException">The stream has fewer bytes, or more.</exception>
    public static byte[] Read(
        Stream stream, long before, long length, long stored, bool isCompressed, string source, CancellationToken cancellationToken)
    {
        long most = isCompressed ? stored * LargestCompression : stored;
        if (before + length > most)
        {
            throw new InvalidDataException(
                $"{source} is cut short: its header announces {length} bytes after it; the file holds at most "
                + $"{Math.Max(0, most - before)}.");
        }
        if (length > Array.MaxLength)
            throw new InvalidDataException($"{source}: expected at most {Array.MaxLength} bytes of elements; found {length}.");
        var bytes = new byte[Math.Min(length, Math.Max(1 << 16, UsualCompression * stored))];
        for (int done = 0; done < length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (done == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * done));
            int some = stream.Read(bytes, done, Math.Min(bytes.Length - done, Piece));
            if (some == 0)
            {
                throw new InvalidDataException(
                    $"{source} is cut short: it ends at byte {before + done}; expected {before + length} bytes.");
            }
            done += some;
        }
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException(
                $"{source} is too long: its header announces {before + length} bytes in all, and more follow.");
        }
        return bytes;
    }

    /// <summary>The bytes of a shape; refused where there are more than a file can have.</summary>
    public static long LengthOf(ReadOnlySpan<long> shape, int size, string source)
    {
        // Of no rows, too, one must be possible.
        Int128 all = size, row = size;
        for (int i = 0; i < shape.Length; i++)
        {
            all *= shape[i];
            row *= i == 0 ? 1 : Math.Max(shape[i], 1);
            if (shape[i] is < 0 or > int.MaxValue || row > Array.MaxLength || all > long.MaxValue)
            {
                throw new InvalidDataException(
                    $"{source}: an extent of {shape[i]} on axis {i} makes more than {Array.MaxLength} bytes along the other axes than the "
                    + "first, or more elements than a file can have.");
            }
        }
        return (long)all;
    }
}
