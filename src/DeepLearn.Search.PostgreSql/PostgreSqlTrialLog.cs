using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Npgsql;

namespace DeepLearn.Search.PostgreSql;

/// <summary>The open log of a search in a database. Each call is one statement, which counts once however often it is sent.</summary>
internal sealed class PostgreSqlTrialLog : SharedTrialLog
{
    // A claim that was sent and whose answer was lost is known again by its token.
    private const string ClaimStatement = """
        INSERT INTO deeplearn_trials AS t (search, stage, number, epoch, worker, token, lease_until, changed)
        VALUES ($1, $2, $3, 1, $4, $5, clock_timestamp() + $6, pg_current_xact_id()::text::bigint)
        ON CONFLICT (search, stage, number) DO UPDATE SET
            epoch = t.epoch + CASE WHEN t.token = $5 THEN 0 ELSE 1 END,
            lost = t.lost + CASE WHEN t.token IS NULL OR t.token = $5 THEN 0 ELSE 1 END,
            worker = $4,
            token = $5,
            lease_until = clock_timestamp() + $6,
            changed = pg_current_xact_id()::text::bigint
        WHERE t.token = $5
            OR (t.result_epoch <= $7 AND ($8 OR t.token IS NULL OR t.lease_until <= clock_timestamp()))
        RETURNING epoch, lost
        """;

    private const string RenewStatement = """
        UPDATE deeplearn_trials SET lease_until = clock_timestamp() + $5
        WHERE search = $1 AND stage = $2 AND number = $3 AND epoch = $4 AND token IS NOT NULL
        RETURNING 1
        """;

    private const string CompleteStatement = """
        UPDATE deeplearn_trials SET
            result = $5::json,
            result_epoch = epoch,
            token = NULL,
            lost = 0,
            ended = nextval('deeplearn_ends'),
            completions = completions + 1,
            changed = pg_current_xact_id()::text::bigint
        WHERE search = $1 AND stage = $2 AND number = $3 AND epoch = $4 AND token IS NOT NULL
        RETURNING 1
        """;

    private const string ReleaseStatement = """
        UPDATE deeplearn_trials SET token = NULL, lost = 0, changed = pg_current_xact_id()::text::bigint
        WHERE search = $1 AND stage = $2 AND number = $3 AND epoch = $4 AND token IS NOT NULL
        """;

    private const string ForfeitStatement = """
        UPDATE deeplearn_trials SET token = NULL, lost = lost + 1, changed = pg_current_xact_id()::text::bigint
        WHERE search = $1 AND stage = $2 AND number = $3 AND epoch = $4 AND token IS NOT NULL
        """;

    // What was changed by transactions that were not over when the cursor was made, and leases that have run out. A transaction whose
    // number is below the cursor was over, and seen; of the others some may come twice, and none is missed.
    private const string ReadStatement = """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
            t.stage, t.number, t.epoch, t.token IS NOT NULL AND t.lease_until > clock_timestamp(), t.result_epoch,
            CASE WHEN t.changed >= $2 THEN t.result::text END, t.ended, t.lost + CASE WHEN t.token IS NULL THEN 0 ELSE 1 END
        FROM (SELECT 1) AS one LEFT JOIN (
            SELECT * FROM deeplearn_trials WHERE search = $1 AND changed >= $2
            UNION ALL
            SELECT * FROM deeplearn_trials
            WHERE search = $1 AND token IS NOT NULL AND lease_until <= clock_timestamp() AND changed < $2) AS t ON true
        """;

    private readonly DatabaseLink _link;
    private readonly long _search;
    private readonly TrialChanges _opening;
    private readonly Dictionary<(int Stage, int Number), int> _starts = [];
    private readonly Dictionary<(int Stage, int Number), Guid> _tokens = [];
    private readonly HashSet<TrialLease> _leases = [];
    private bool _isClosed;

    public PostgreSqlTrialLog(DatabaseLink link, long search)
    {
        (_link, _search) = (link, search);
        var ends = new List<(long End, TrialResult Result)>();
        _opening = Read(0, ends, _starts);
        Recorded = [.. ends.OrderBy(end => end.End).Select(end => end.Result)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TrialResult> Recorded { get; }

    public override int StartsOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _starts.GetValueOrDefault((trial.Stage, trial.Number));
    }

    public override TrialLease? TryClaim(TrialClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        RequireOpen();
        (int, int) key = (claim.Stage, claim.Number);
        if (!_tokens.TryGetValue(key, out Guid token))
            _tokens[key] = token = Guid.NewGuid();
        TrialLease? lease = _link.Run(
            ClaimStatement,
            [
                _search, claim.Stage, claim.Number, claim.Worker.Replace('\0', ' '), token, claim.Length, claim.After, claim.TakesOver,
            ],
            reader => reader.Read()
                ? new TrialLease(claim.Stage, claim.Number, reader.GetInt64(0), claim.Length) { Lost = reader.GetInt32(1) }
                : null);
        _tokens.Remove(key);
        if (lease is not null)
            _leases.Add(lease);
        return lease;
    }

    public override bool Renew(TrialLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        RequireOpen();
        return _link.Run(RenewStatement, [.. Key(lease), lease.Length], reader => reader.Read());
    }

    public override bool Complete(TrialLease lease, TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(result);
        if (result.Trial.Stage != lease.Stage || result.Trial.Number != lease.Number)
        {
            throw new ArgumentException(
                $"Expected a result of stage {lease.Stage}, trial {lease.Number}, which the lease is for; found {result.Trial}.",
                nameof(result));
        }
        RequireOpen();
        bool counts = _link.Run(CompleteStatement, [.. Key(lease), TrialResultJson.Write(result)], reader => reader.Read());

        // Where the answer to an earlier call was lost, the trial has been completed by this very lease.
        counts = counts || _link.Run(
            "SELECT 1 FROM deeplearn_trials WHERE search = $1 AND stage = $2 AND number = $3 AND result_epoch = $4",
            Key(lease),
            reader => reader.Read());
        _leases.Remove(lease);
        return counts;
    }

    public override void Release(TrialLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        RequireOpen();
        _link.Run(ReleaseStatement, Key(lease));
        _leases.Remove(lease);
    }

    public override TrialChanges ReadSince(long cursor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        RequireOpen();
        if (cursor > 0)
            return Read(cursor);
        TrialChanges since = Read(_opening.Cursor);
        return new([.. _opening.Changes, .. since.Changes], since.Cursor);
    }

    public override void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        try
        {
            // Whoever has a lease still cannot complete its trial any more: the others need not wait for its end.
            foreach (TrialLease lease in _leases)
                _link.Run(ForfeitStatement, Key(lease));
        }
        catch (TrialStoreException)
        {
            // Then they do wait.
        }
        _link.Dispose();
    }

    private object[] Key(TrialLease lease) => [_search, lease.Stage, lease.Number, lease.Epoch];

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_isClosed, this);

    private TrialChanges Read(
        long cursor, List<(long End, TrialResult Result)>? ends = null, Dictionary<(int Stage, int Number), int>? starts = null)
    {
        (IReadOnlyList<TrialRow> rows, long next) = _link.Run(ReadStatement, [_search, cursor], reader => ReadRows(reader, cursor));
        var changes = new List<TrialChange>(rows.Count);
        foreach (TrialRow row in rows)
        {
            if (row.Result is { } result)
            {
                changes.Add(new(row.Stage, row.Number, row.ResultEpoch, TrialChangeKind.Ended, result));
                ends?.Add((row.End, result));
            }
            if (row.IsHeld || row.Epoch != row.ResultEpoch)
                changes.Add(new(row.Stage, row.Number, row.Epoch, row.IsHeld ? TrialChangeKind.Claimed : TrialChangeKind.Freed));
            if (row.Starts > 0)
                starts?.Add((row.Stage, row.Number), row.Starts);
        }
        return new(changes, next);
    }

    // Results are decoded on other processors while further rows come.
    private (IReadOnlyList<TrialRow> Rows, long Cursor) ReadRows(NpgsqlDataReader reader, long cursor)
    {
        const int Many = 500;
        var decoded = new List<Task<TrialRow[]>>();
        var chunk = new List<TrialRow>();
        long next = cursor;
        while (reader.Read())
        {
            next = Math.Max(next, reader.GetInt64(0));
            if (reader.IsDBNull(1))
                continue;
            chunk.Add(TrialRow.Of(reader));
            if (chunk.Count < Many)
                continue;
            TrialRow[] full = [.. chunk];
            decoded.Add(Task.Run(() => Array.ConvertAll(full, row => row.Decoded(_link.What))));
            chunk.Clear();
        }
        TrialRow[] last = Array.ConvertAll([.. chunk], row => row.Decoded(_link.What));
        return ([.. decoded.SelectMany(task => task.GetAwaiter().GetResult()), .. last], next);
    }
}
