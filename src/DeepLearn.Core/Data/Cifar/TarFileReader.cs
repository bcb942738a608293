using System.Text;

namespace DeepLearn.Data.Cifar;

/// <summary>
/// Reads the regular files of a tar archive (POSIX.1-1988 ustar, and what later formats share with it) in order from a stream that only
/// goes forward.
/// </summary>
/// <remarks>
/// System.Formats.Tar allocates an extended header before it reads it: an archive of 1,536 bytes whose header claims 1.5 GB makes it
/// allocate 1.5 GB, whatever bounds the stream below it (seen with .NET 10). This reader passes over such headers and allocates a fixed 512
/// bytes, and it knows the offset at which something is wrong. Names longer than 100 characters are not joined; sizes of 8 GiB and more are
/// refused.
/// </remarks>
internal sealed class TarFileReader
{
    private const int Block = 512;

    private readonly Stream _stream;
    private readonly string _path;
    private readonly byte[] _header = new byte[Block];
    private long _left;
    private int _padding;

    public TarFileReader(Stream stream, string path)
    {
        _stream = stream;
        _path = path;
    }

    /// <summary>The name of the current file, with its folders.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The size of the current file.</summary>
    public long Length { get; private set; }

    /// <summary>The number of bytes of the unpacked archive read so far.</summary>
    public long Offset { get; private set; }

    /// <summary>Goes to the next regular file, past what is left of the current one.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public bool MoveNext(CancellationToken cancellationToken)
    {
        while (true)
        {
            Skip(_left + _padding, cancellationToken);
            _left = _padding = 0;
            long start = Offset;
            if (!ReadHeader())
                return false;
            if (!_header.AsSpan().ContainsAnyExcept((byte)0))
                return false;
            CheckHeader(start);
            Length = _left = ParseOctal(_header.AsSpan(124, 12), start);
            _padding = (int)((Block - (Length % Block)) % Block);
            byte kind = _header[156];
            if (kind is 0 or (byte)'0' or (byte)'7')
            {
                Name = ParseName(_header.AsSpan(0, 100));
                return true;
            }
        }
    }

    /// <summary>Reads from the current file.</summary>
    /// <param name="destination">Where to; as much is read as fits or is left.</param>
    /// <returns>The number of bytes.</returns>
    /// <exception cref="InvalidDataException">The archive is cut short or damaged.</exception>
    public int Read(Span<byte> destination)
    {
        destination = destination[..(int)Math.Min(destination.Length, _left)];
        int done = ReadSome(destination);
        if (done < destination.Length)
            throw CutShort($"{_left - done} more bytes of {Name}");
        _left -= done;
        return done;
    }

    /// <summary>
    /// Reads what follows the last file, at most a mebibyte, so that the checksum at the end of a compressed archive is compared.
    /// </summary>
    public void Finish(CancellationToken cancellationToken)
    {
        for (int i = 0; i < 2048; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ReadSome(_header) < Block)
                return;
        }
    }

    private static string ParseName(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private void CheckHeader(long start)
    {
        long expected = ParseOctal(_header.AsSpan(148, 8), start), found = 8 * ' ';
        for (int i = 0; i < Block; i++)
            found += i is >= 148 and < 156 ? 0 : _header[i];
        if (found != expected)
        {
            throw new InvalidDataException(
                $"{_path} is not a tar archive: the header at its unpacked byte {start} has checksum {found}, not {expected}.");
        }
    }

    private long ParseOctal(ReadOnlySpan<byte> field, long start)
    {
        long value = 0;
        bool any = false;
        foreach (byte c in field)
        {
            if (c is >= (byte)'0' and <= (byte)'7')
            {
                value = (value * 8) + (c - '0');
                any = true;
            }
            else if (any && c is 0 or (byte)' ')
            {
                break;
            }
            else if (c != ' ')
            {
                throw new InvalidDataException(
                    $"{_path} is not a tar archive: the header at its unpacked byte {start} has no octal number where it should.");
            }
        }
        return value;
    }

    private bool ReadHeader()
    {
        int done = ReadSome(_header);
        if (done > 0 && done < Block)
            throw CutShort("a whole header");
        return done == Block;
    }

    private void Skip(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int done = ReadSome(_header.AsSpan(0, (int)Math.Min(count, Block)));
            if (done == 0)
                throw CutShort($"{count} more bytes of {Name}");
            count -= done;
        }
    }

    private int ReadSome(Span<byte> destination)
    {
        try
        {
            int done = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            Offset += done;
            return done;
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{_path} is damaged after its unpacked byte {Offset}: {exception.Message}", exception);
        }
    }

    private InvalidDataException CutShort(string expected) =>
        new($"{_path} is cut short: it ends at its unpacked byte {Offset}; expected {expected}.");
}
