using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>What a journal's bytes hold.</summary>
/// <param name="Identity">The search of the header; null where the journal is new, or was torn while its header was being written.</param>
/// <param name="Trials">The trials in order.</param>
/// <param name="Length">The number of bytes that hold them; what follows is a torn line.</param>
/// <param name="EndsLine">Whether the last of those bytes ends a line: it may be the one byte that a torn write lost.</param>
internal sealed record JournalContent(RunIdentity? Identity, IReadOnlyList<TrialResult> Trials, long Length, bool EndsLine)
{
    /// <summary>Reads a journal.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The file's path, for messages.</param>
    /// <param name="newHeader">
    /// The header that would be written to a new journal: a file that holds a beginning of it was torn there.
    /// </param>
    public static JournalContent Parse(ReadOnlySpan<byte> bytes, string path, ReadOnlySpan<byte> newHeader)
    {
        // A file system may have made room for a line and lost what was in it, which leaves zeros.
        ReadOnlySpan<byte> written = bytes.TrimEnd((byte)0);
        if (written.Length < newHeader.Length && newHeader.StartsWith(written))
            return new JournalContent(null, [], 0, EndsLine: true);

        RunIdentity? identity = null;
        var trials = new List<TrialResult>();
        int length = 0;
        bool endsLine = true;
        (int Line, int Offset)? damage = null;
        int start = 0;
        for (int number = 1; start < bytes.Length; number++)
        {
            int end = bytes[start..].IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? bytes[start..] : bytes.Slice(start, end);
            if (!JournalLine.IsWhole(line))
            {
                if (number == 1)
                {
                    throw new TrialStoreException(
                        $"The file \"{path}\" is not a journal of trials: expected a header with a checksum in line 1, found none.");
                }
                damage ??= (number, start);
            }
            else if (damage is { } place)
            {
                throw new TrialStoreException(
                    $"The journal \"{path}\" is damaged in line {place.Line}, at offset {place.Offset}: "
                    + "expected a line that matches its checksum. Delete that line to have its trial run again.");
            }
            else
            {
                if (number == 1)
                    identity = JournalLine.DecodeHeader(line, path);
                else
                    trials.Add(JournalLine.Decode(line, path, number));
                endsLine = end >= 0;
                length = start + line.Length + (endsLine ? 1 : 0);
            }
            start += line.Length + 1;
        }
        return new JournalContent(identity, trials, length, endsLine);
    }
}
