using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>The content of a journal, read line by line: a journal may be larger than any array.</summary>
internal sealed class JournalContent
{
    private readonly JournalDecoder _decoder = new();
    private readonly string _path;
    private readonly List<TrialResult?> _trials = [];
    private readonly Dictionary<(int Stage, int Number), int> _places = [];
    private readonly Dictionary<(int Stage, int Number), int> _starts = [];
    private (int Line, long Offset)? _damage;

    private JournalContent(string path) => _path = path;

    /// <summary>The search of the header; null if the journal is new, or was torn while its header was being written.</summary>
    public RunIdentity? Identity { get; private set; }

    /// <summary>The trials in the order in which they ended, each once with its last result.</summary>
    public IReadOnlyList<TrialResult> Trials => [.. _trials.OfType<TrialResult>()];

    /// <summary>How often each trial was started without an end.</summary>
    public IReadOnlyDictionary<(int Stage, int Number), int> Starts => _starts;

    /// <summary>The number of bytes that hold whole lines; what follows is a torn one.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last of those bytes ends a line: it may be the one byte that a torn write lost.</summary>
    public bool EndsLine { get; private set; } = true;

    /// <summary>Reads a journal.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="newHeader">
    /// The header that would be written to a new journal: a file that holds a beginning of it was torn there.
    /// </param>
    /// <exception cref="TrialStoreException">The file is no journal, or is damaged elsewhere than in its last line.</exception>
    public static JournalContent Read(Stream file, string path, ReadOnlySpan<byte> newHeader)
    {
        var content = new JournalContent(path);
        var buffer = new byte[1 << 20];
        int filled = 0, number = 1;
        long offset = 0;
        while (true)
        {
            int read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            int start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is int length and >= 0)
            {
                content.Take(buffer.AsSpan(start, length), number++, offset + start, isEnded: true);
                start += length + 1;
            }
            if (read == 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(start, filled - start);

                // A file system may have made room for a line and lost what was in it, which leaves zeros.
                ReadOnlySpan<byte> written = rest.TrimEnd((byte)0);
                if (number == 1 && written.Length < newHeader.Length && newHeader.StartsWith(written))
                    return content;
                if (!written.IsEmpty)
                    content.Take(rest, number, offset + start, isEnded: false);
                return content;
            }
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            offset += start;
            filled -= start;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * filled, Array.MaxLength));
        }
    }

    private void Take(ReadOnlySpan<byte> line, int number, long offset, bool isEnded)
    {
        // Only the last line can be torn.
        if (_damage is { } place)
        {
            throw new TrialStoreException(
                $"The journal \"{_path}\" is damaged in line {place.Line}, at offset {place.Offset}: expected a line that matches its "
                + "checksum, since only the last one can be torn. Delete that line to have its trial run again.");
        }
        if (!JournalLine.IsWhole(line))
        {
            if (number == 1)
            {
                throw new TrialStoreException(
                    $"The file \"{_path}\" is not a journal of trials: expected a header with a checksum in line 1, found none.");
            }
            _damage = (number, offset);
            return;
        }
        if (number == 1)
            Identity = JournalLine.DecodeHeader(line, _path);
        else
            Take(JournalLine.Decode(_decoder, line, _path, number));
        EndsLine = isEnded;
        Length = offset + line.Length + (isEnded ? 1 : 0);
    }

    private void Take(JournalEntry entry)
    {
        (int Stage, int Number) key = (entry.Stage, entry.Number);
        if (entry.IsStart)
        {
            _starts[key] = _starts.GetValueOrDefault(key) + 1;
            return;
        }
        _starts.Remove(key);
        if (entry.Result is null)
            return;
        if (_places.TryGetValue(key, out int earlier))
            _trials[earlier] = null;
        _places[key] = _trials.Count;
        _trials.Add(entry.Result);
    }
}
