using System.Diagnostics;
using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>
/// A journal that several processes of one machine have open. Each call has the file for an instant, by a lock beside it.
/// </summary>
internal sealed class SharedJournalLog : SharedTrialLog
{
    // For so long another process may have its turn: it is stopped by then, and goes on or ends.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly byte[] _header;
    private readonly JournalContent _content;
    private readonly HashSet<TrialLease> _leases = [];
    private readonly IReadOnlyDictionary<(int Stage, int Number), int> _starts;
    private readonly JournalFile _file;
    private bool _isClosed;

    private SharedJournalLog(string path, RunIdentity identity)
    {
        _path = path;
        _header = JournalLine.Header(identity);
        _content = new JournalContent(path, isShared: true);
        using FileLock turn = TakeTurn();
        _file = Join(identity);
        _starts = _content.Starts();
        Recorded = _content.Trials;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrialResult> Recorded { get; }

    /// <inheritdoc/>
    public override TimeSpan Pause => TimeSpan.FromMilliseconds(50);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public static SharedJournalLog Open(string path, RunIdentity identity) => new(path, identity);

    public override TrialLease? TryClaim(TrialClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        using FileLock turn = Turn();
        JournalTrial? trial = _content.Find(claim.Stage, claim.Number);
        if ((trial?.ResultEpoch ?? 0) > claim.After || (trial?.Until > Now && !claim.TakesOver))
            return null;
        var lease = new TrialLease(claim.Stage, claim.Number, (trial?.Epoch ?? 0) + 1, claim.Length) { Lost = trial?.Starts ?? 0 };
        Write(JournalLine.Claimed(lease, claim.Worker, EndOf(lease)));
        _leases.Add(lease);
        return lease;
    }

    public override bool Renew(TrialLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        using FileLock turn = Turn();
        if (!IsHeld(lease))
            return false;
        Write(JournalLine.Renewed(lease, EndOf(lease)));
        return true;
    }

    public override bool Complete(TrialLease lease, TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(result);
        LeaseCheck.RequireOf(lease, result);
        using (FileLock turn = Turn())
        {
            _leases.Remove(lease);
            if (!IsHeld(lease))
                return _content.Find(lease.Stage, lease.Number)?.ResultEpoch == lease.Epoch;
            Write(JournalLine.Encode(result, lease.Epoch));
        }

        // The disk takes its time, and the others need not wait for it: what they write after this is flushed after it.
        _file.Flush();
        return true;
    }

    public override void Release(TrialLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        using FileLock turn = Turn();
        _leases.Remove(lease);
        if (IsHeld(lease))
            Write(JournalLine.Released(lease));
    }

    public override TrialChanges ReadSince(long cursor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        using (FileLock turn = Turn())
        {
            TrialChange[] changes =
            [
                .. _content.Changes.Skip((int)Math.Min(cursor, _content.Changes.Count)),
                .. _content.Held.Where(held => held.Trial.Until <= Now)
                    .Select(held => new TrialChange(held.Key.Stage, held.Key.Number, held.Trial.Epoch, TrialChangeKind.Freed)),
            ];
            return new(changes, _content.Changes.Count);
        }
    }

    public override int StartsOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _starts.GetValueOrDefault((trial.Stage, trial.Number));
    }

    public override void Dispose()
    {
        if (_isClosed)
            return;
        try
        {
            // Whoever has a lease still cannot complete its trial any more: the others need not wait for its end.
            if (_leases.Count > 0)
            {
                using FileLock turn = Turn();
                foreach (TrialLease lease in _leases.Where(IsHeld))
                    Write(JournalLine.Lost(lease.Stage, lease.Number, lease.Epoch));
            }
        }
        catch (TrialStoreException)
        {
            // Then they do wait.
        }
        _isClosed = true;
        _file.Dispose();
    }

    private static long EndOf(TrialLease lease) => Now + (long)lease.Length.TotalMilliseconds;

    // Where nobody else has the journal open, those who had leases are gone: their trials are free.
    private JournalFile Join(RunIdentity identity)
    {
        if (JournalFile.TryOpen(_path, isShared: false) is { } alone)
        {
            using (alone)
            {
                JournalLog.Prepare(alone, _content, identity);
                foreach (((int stage, int number), JournalTrial trial) in _content.Held.ToArray())
                    alone.Append(JournalLine.Lost(stage, number, trial.Epoch), flush: false);
                alone.ReadOn(_content, _header);
            }
        }
        JournalFile file = JournalFile.TryOpen(_path, isShared: true) ?? throw new TrialStoreException(
            $"The journal \"{_path}\" is in use by a search that has it alone; expected none, or searches that share it. "
            + "Wait for that one, or give this one another file.");
        try
        {
            if (_content.Identity is null)
                JournalLog.Prepare(file, _content, identity);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private bool IsHeld(TrialLease lease) =>
        _content.Find(lease.Stage, lease.Number) is { Until: > 0 } trial && trial.Epoch == lease.Epoch;

    private FileLock Turn()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        FileLock turn = TakeTurn();
        try
        {
            _file.RequireStillThere();
            _file.ReadOn(_content, _header);
            return turn;
        }
        catch (Exception exception)
        {
            turn.Dispose();
            if (exception is TrialStoreException || !JournalFile.IsFileError(exception))
                throw;
            throw new TrialStoreException($"The journal \"{_path}\" cannot be read: {exception.Message}", exception);
        }
    }

    private void Write(byte[] line)
    {
        _file.Append(line, flush: false);
        _file.ReadOn(_content, _header);
    }

    private FileLock TakeTurn()
    {
        string path = _path + ".lock";
        long begin = Stopwatch.GetTimestamp();
        for (int wait = 0; ; wait = Math.Min(wait + 1, 10))
        {
            try
            {
                if (FileLock.TryTake(path) is { } turn)
                    return turn;
            }
            catch (Exception exception) when (JournalFile.IsFileError(exception))
            {
                throw new TrialStoreException($"The journal \"{_path}\" cannot be shared: {exception.Message}", exception);
            }
            if (Stopwatch.GetElapsedTime(begin) > LongestTurn)
            {
                throw new TrialStoreUnavailableException(
                    $"The journal \"{_path}\" cannot be used for now: another process has held \"{path}\" for "
                    + $"{LongestTurn.TotalSeconds} s; expected an instant. It may be stopped.");
            }
            Thread.Sleep(wait);
        }
    }
}
