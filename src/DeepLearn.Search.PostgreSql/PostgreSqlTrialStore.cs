using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using Npgsql;

namespace DeepLearn.Search.PostgreSql;

/// <summary>
/// Keeps the trials of a search in a PostgreSQL database (version 13 or later), for any number of processes on any number of machines.
/// </summary>
/// <remarks>
/// Two tables, <c>deeplearn_searches</c> and <c>deeplearn_trials</c>, are made in the first schema of the connection's search path where
/// they are not there. Leases are on the server's clock. Each call is one statement, so that no transaction waits for a process. A lost
/// connection is made again at the next call, and <see cref="SearchRunOptions.StoreTimeout"/> says how long that is tried.
/// </remarks>
/// <example><code>
/// var store = new PostgreSqlTrialStore("Host=db.example.org;Database=search;Username=me;Password=...", "digits, second try");
/// SearchResult found = search.Run(objective, new() { Store = store });
/// </code></example>
public sealed class PostgreSqlTrialStore : SharedTrialStore
{
    private readonly string _connection;

    /// <summary>Makes a store. The database is reached when a search opens it.</summary>
    /// <param name="connectionString">
    /// The connection, as Npgsql has it: <c>Host=...;Port=5432;Database=...;Username=...;Password=...</c>.
    /// </param>
    /// <param name="name">The name of the search in the database, which may hold any number of them.</param>
    /// <exception cref="ArgumentException">
    /// The connection string is none, or names no host; the name is empty or has a character that PostgreSQL has not.
    /// </exception>
    public PostgreSqlTrialStore(string connectionString, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Contains('\0'))
            throw new ArgumentException("A name has no character 0, which PostgreSQL cannot keep.", nameof(name));
        Name = name;
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(builder.Host))
                throw new ArgumentException("Expected a host, as in \"Host=localhost;Database=search;Username=me\"; found none.");

            // One process has one connection. Where its link is cut without a word, a call fails after this time, and is made again.
            builder.Pooling = false;
            if (!builder.ShouldSerialize("Command Timeout"))
                builder.CommandTimeout = 30;
            if (!builder.ShouldSerialize("Max Auto Prepare"))
                (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (16, 2);
            if (!builder.ShouldSerialize("Application Name"))
                builder.ApplicationName = "DeepLearn search";
            _connection = builder.ConnectionString;
            Server = $"{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException)
        {
            // The text may hold a password, and is not repeated.
            throw new ArgumentException($"The connection string is not one of PostgreSQL's: {exception.Message}", nameof(connectionString));
        }
    }

    /// <summary>The name of the search in the database.</summary>
    public string Name { get; }

    /// <summary>Host, port and database, as in <c>db.example.org:5432/search</c>.</summary>
    public string Server { get; }

    /// <inheritdoc/>
    public override SharedTrialLog Open(RunIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var link = new DatabaseLink(_connection, $"The search \"{Name}\" in the database {Server}");
        try
        {
            long search = Schema.Open(link, Name, identity);
            return new PostgreSqlTrialLog(link, search);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }
}
