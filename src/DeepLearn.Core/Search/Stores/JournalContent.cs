using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>The content of a journal, read line by line: a journal may be larger than any array.</summary>
internal sealed class JournalContent
{
    private readonly JournalLines _newLines = new();
    private readonly string _path;
    private readonly List<TrialResult?> _trials = [];
    private readonly Dictionary<(int Stage, int Number), JournalTrial> _known = [];
    private readonly Dictionary<(int Stage, int Number), JournalTrial> _held = [];
    private readonly List<TrialChange>? _changes;
    private (int Line, long Offset)? _damage;
    private int _lines;

    /// <summary>A journal of which nothing has been read.</summary>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="isShared">Whether the changes are kept, in their order.</param>
    public JournalContent(string path, bool isShared = false)
    {
        _path = path;
        _changes = isShared ? [] : null;
    }

    /// <summary>The search of the header; null if the journal is new, or was torn while its header was being written.</summary>
    public RunIdentity? Identity { get; private set; }

    /// <summary>The trials in the order in which they ended, each once with its last result. A copy.</summary>
    public IReadOnlyList<TrialResult> Trials => [.. _trials.OfType<TrialResult>()];

    /// <summary>What was read, of a journal that is shared.</summary>
    public IReadOnlyList<TrialChange> Changes => _changes ?? [];

    /// <summary>The number of bytes that hold whole lines; what follows is a torn one.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the last of those bytes ends a line: it may be the one byte that a torn write lost.</summary>
    public bool EndsLine { get; private set; } = true;

    /// <summary>The trials that somebody has, by stage and number, with the end of their leases.</summary>
    public IEnumerable<((int Stage, int Number) Key, JournalTrial Trial)> Held =>
        _held.Select(entry => (entry.Key, entry.Value));

    /// <summary>What is known of a trial; null where it has no line.</summary>
    public JournalTrial? Find(int stage, int number) => _known.GetValueOrDefault((stage, number));

    /// <summary>How often each trial was started without an end.</summary>
    public IReadOnlyDictionary<(int Stage, int Number), int> Starts() =>
        _known.Where(entry => entry.Value.Starts > 0).ToDictionary(entry => entry.Key, entry => entry.Value.Starts);

    /// <summary>Says that a torn line was cut off, and that the last one has its end.</summary>
    public void IsMended(long length) => (Length, EndsLine, _damage) = (length, true, null);

    /// <summary>Reads what a file holds beyond what has been read of it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="newHeader">
    /// The header that would be written to a new journal: a file that holds a beginning of it was torn there.
    /// </param>
    /// <exception cref="TrialStoreException">The file is no journal, or is damaged elsewhere than in its last line.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadOn(FileStream file, ReadOnlySpan<byte> newHeader)
    {
        // What was torn is read again: it may have been cut off since.
        _damage = null;
        long offset = file.Position = Length;
        var buffer = new byte[(int)Math.Clamp(file.Length - offset + 1, 4096, 1 << 20)];
        int filled = 0;
        while (true)
        {
            int read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            int start = _newLines.Read(buffer, filled);
            for (int i = 0; i < _newLines.Count; i++)
            {
                (int from, int length) = _newLines.PlaceOf(i);
                Take(_newLines[i], buffer.AsSpan(from, length), offset + from, isEnded: true);
            }
            if (read == 0)
            {
                ReadOnlySpan<byte> rest = buffer.AsSpan(start, filled - start);

                // A file system may have made room for a line and lost what was in it, which leaves zeros.
                ReadOnlySpan<byte> written = rest.TrimEnd((byte)0);
                if (_lines == 0 && written.Length < newHeader.Length && newHeader.StartsWith(written))
                    return;
                if (!written.IsEmpty)
                    Take(JournalLine.Read(new(), rest), rest, offset + start, isEnded: false);
                return;
            }
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            offset += start;
            filled -= start;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * filled, Array.MaxLength));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(JournalReading reading, ReadOnlySpan<byte> line, long offset, bool isEnded)
    {
        int number = _lines + 1;
        // Only the last line can be torn.
        if (_damage is { } place)
        {
            throw new TrialStoreException(
                $"The journal \"{_path}\" is damaged in line {place.Line}, at offset {place.Offset}: expected a line that matches its "
                + "checksum, since only the last one can be torn. Delete that line to have its trial run again.");
        }
        if (!reading.IsWhole)
        {
            if (number == 1)
            {
                throw new TrialStoreException(
                    $"The file \"{_path}\" is not a journal of trials: expected a header with a checksum in line 1, found none.");
            }
            _damage = (number, offset);
            return;
        }
        _lines++;
        if (number == 1)
            Identity = JournalLine.DecodeHeader(line, _path);
        else if (reading.Error is { } error)
            throw JournalLine.OfAnotherMake(_path, number, error);
        else
            Take(reading.Entry);
        EndsLine = isEnded;
        Length = offset + line.Length + (isEnded ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(JournalEntry entry)
    {
        (int Stage, int Number) key = (entry.Stage, entry.Number);
        if (!_known.TryGetValue(key, out JournalTrial? trial))
            _known[key] = trial = new JournalTrial();
        TrialChangeKind? change = trial.Take(entry);
        if (trial.Until > 0)
            _held[key] = trial;
        else
            _held.Remove(key);
        if (change is not { } kind)
            return;
        _changes?.Add(new(entry.Stage, entry.Number, trial.Epoch, kind, kind == TrialChangeKind.Ended ? entry.Result : null));
        if (kind != TrialChangeKind.Ended)
            return;
        if (trial.Place >= 0)
            _trials[trial.Place] = null;
        trial.Place = _trials.Count;
        _trials.Add(entry.Result);
    }
}
