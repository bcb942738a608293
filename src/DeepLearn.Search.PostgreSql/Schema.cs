using System.Buffers;
using System.Text;
using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Search.Stores;

namespace DeepLearn.Search.PostgreSql;

/// <summary>The tables, and the row of a search.</summary>
internal static class Schema
{
    /// <summary>The number of this form of the tables.</summary>
    public const int Format = 1;

    private const int OldestServer = 130000;

    // All workers of a search come at once: one makes the tables, and the others wait for it. The lock is a statement of its own, since one
    // that has begun to wait does not see what was made meanwhile.
    private const string Lock = "SELECT pg_advisory_lock(7310579230413)", Unlock = "SELECT pg_advisory_unlock(7310579230413)";

    private const string Make = """
        DO $make$
        BEGIN
            IF to_regclass('deeplearn_trials') IS NULL THEN
                CREATE TABLE deeplearn_searches (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    name text NOT NULL UNIQUE,
                    format integer NOT NULL,
                    identity json NOT NULL,
                    made timestamptz NOT NULL DEFAULT now());
                CREATE SEQUENCE deeplearn_ends;
                CREATE TABLE deeplearn_trials (
                    search bigint NOT NULL REFERENCES deeplearn_searches ON DELETE CASCADE,
                    stage integer NOT NULL,
                    number integer NOT NULL,
                    epoch bigint NOT NULL,
                    worker text NOT NULL,
                    token uuid,
                    lease_until timestamptz NOT NULL,
                    lost integer NOT NULL DEFAULT 0,
                    result_epoch bigint NOT NULL DEFAULT 0,
                    result json,
                    ended bigint,
                    completions integer NOT NULL DEFAULT 0,
                    changed bigint NOT NULL,
                    PRIMARY KEY (search, stage, number))
                    WITH (fillfactor = 80);
                CREATE INDEX deeplearn_trials_changed ON deeplearn_trials (search, changed);
                CREATE INDEX deeplearn_trials_claimed ON deeplearn_trials (search, lease_until) WHERE token IS NOT NULL;
            END IF;
        END
        $make$
        """;

    /// <summary>The number of a search in the database; a new one is entered.</summary>
    public static long Open(DatabaseLink link, string name, RunIdentity identity)
    {
        (int version, bool isMade) = link.Run(
            "SELECT current_setting('server_version_num')::integer, to_regclass('deeplearn_trials') IS NOT NULL",
            [],
            reader => reader.Read() ? (reader.GetInt32(0), reader.GetBoolean(1)) : throw new InvalidOperationException());
        if (version < OldestServer)
        {
            throw new TrialStoreException(
                $"{link.What} cannot be used: expected PostgreSQL {OldestServer / 10000} or later, found {version / 10000}.");
        }
        if (!isMade)
        {
            link.Run(Lock);
            link.Run(Make);
            link.Run(Unlock);
        }
        (long Search, int Format, string Identity)? found = Find(link, name);
        if (found is null)
        {
            link.Run(
                "INSERT INTO deeplearn_searches (name, format, identity) VALUES ($1, $2, $3::json) ON CONFLICT (name) DO NOTHING",
                name, Format, Encode(identity));
            found = Find(link, name);
        }
        if (found is not { } row)
            throw new TrialStoreException($"{link.What} was deleted while it was being opened.");
        if (row.Format != Format)
        {
            throw new TrialStoreException(
                $"{link.What} is of another version of this library: expected format {Format}, found {row.Format}. Nothing was changed.");
        }
        identity.RequireSame(Decode(link, row.Identity), link.What);

        // Where the database was moved, the numbers of transactions began anew: what is older must not look as if it were still to come.
        link.Run(
            "UPDATE deeplearn_trials SET changed = pg_current_xact_id()::text::bigint "
            + "WHERE search = $1 AND changed > pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
            row.Search);
        return row.Search;
    }

    private static (long Search, int Format, string Identity)? Find(DatabaseLink link, string name) => link.Run(
        "SELECT id, format, identity::text FROM deeplearn_searches WHERE name = $1",
        [name],
        reader => reader.Read() ? (reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2)) : ((long, int, string)?)null);

    private static string Encode(RunIdentity identity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (IdentityField field in identity.Fields)
                writer.WriteString(field.Name, field.Value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static RunIdentity Decode(DatabaseLink link, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new RunIdentity(
                [.. document.RootElement.EnumerateObject().Select(field => new IdentityField(field.Name, field.Value.GetString() ?? ""))]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new TrialStoreException($"{link.What} has an identity of another make: {exception.Message}", exception);
        }
    }
}
