using DeepLearn.Foundation;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Testing;
using Npgsql;
using Xunit;

namespace DeepLearn.Search.PostgreSql.Tests;

/// <summary>The contract of stores, and what a database can have that is not right.</summary>
public sealed class TrialStoreTests(PostgresServer server)
{
    private static readonly SingleStageSearch Search = new(new SearchSpace(new UniformDimension("x", 0, 1)), 6) { Seed = 3 };

    [Fact]
    public void PostgreSqlTrialStore_keeps_the_contract()
    {
        string connection = server.Connection, run = $"{Guid.NewGuid()}";
        TrialStoreContract.Check(name => new PostgreSqlTrialStore(connection, $"{run} {name}"), new() { Trials = 60 }).ThrowIfFailed();
    }

    [Theory]
    [InlineData("nonsense", "connection string")]
    [InlineData("Database=search", "found none")]
    [InlineData("Host=localhost;Port=many", "connection string")]
    public void PostgreSqlTrialStore_wrong_connection_string_is_refused_without_repeating_it(string connection, string words)
    {
        string message = Assert.Throws<ArgumentException>(() => new PostgreSqlTrialStore(connection + ";Password=secret", "a")).Message;
        Assert.Contains(words, message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public void PostgreSqlTrialStore_server_that_is_not_there_is_named()
    {
        var store = new PostgreSqlTrialStore("Host=127.0.0.1;Port=1;Database=none;Username=me;Password=secret", "a");
        string message = Assert.Throws<TrialStoreUnavailableException>(() => Run(store)).Message;
        Assert.Contains("127.0.0.1:1/none", message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public void PostgreSqlTrialStore_database_or_user_that_is_not_there_is_named()
    {
        _ = server.Connection;
        Assert.Contains(
            "no database of that name",
            Assert.Throws<TrialStoreException>(() => Run(new PostgreSqlTrialStore(server.ConnectionOf("nowhere"), "a"))).Message);
        string unknown = server.ConnectionOf("postgres", "nobody");
        Assert.Contains(
            "refuses the user", Assert.Throws<TrialStoreException>(() => Run(new PostgreSqlTrialStore(unknown, "a"))).Message);
    }

    [Fact]
    public void PostgreSqlTrialStore_another_search_or_version_is_refused_and_nothing_changes()
    {
        string connection = server.Connection, name = $"{Guid.NewGuid()}";
        SearchResult expected = Run(new PostgreSqlTrialStore(connection, name));
        Assert.Contains("seed", Assert.Throws<IdentityMismatchException>(
            () => (Search with { Seed = 4 }).Run(Objective, new() { Store = new PostgreSqlTrialStore(connection, name) })).Message);
        server.Execute($"UPDATE deeplearn_searches SET format = 2 WHERE name = '{name}'");
        Assert.Contains("expected format 1, found 2", Assert.Throws<TrialStoreException>(
            () => Run(new PostgreSqlTrialStore(connection, name))).Message);
        server.Execute($"UPDATE deeplearn_searches SET format = 1 WHERE name = '{name}'");
        Assert.Equal(expected, Run(new PostgreSqlTrialStore(connection, name), (_, _, _) => throw new InvalidOperationException()));
    }

    [Fact]
    public void PostgreSqlTrialStore_damaged_trial_is_named()
    {
        string connection = server.Connection, name = $"{Guid.NewGuid()}";
        Run(new PostgreSqlTrialStore(connection, name));
        server.Execute(
            "UPDATE deeplearn_trials SET result = '{\"stage\":0}' "
            + $"WHERE number = 2 AND search = (SELECT id FROM deeplearn_searches WHERE name = '{name}')");
        string message = Assert.Throws<TrialStoreException>(() => Run(new PostgreSqlTrialStore(connection, name))).Message;
        Assert.Contains("damaged at stage 0, trial 2", message);
        Assert.Contains(name, message);
    }

    [Fact]
    public void PostgreSqlTrialStore_read_only_user_is_refused_by_name()
    {
        string name = $"{Guid.NewGuid()}", user = $"reader_{Guid.NewGuid():n}";
        Run(new PostgreSqlTrialStore(server.Connection, name));
        server.Execute($"CREATE ROLE {user} LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}; "
            + $"ALTER ROLE {user} SET default_transaction_read_only = on");
        Assert.Contains("read-only", Assert.Throws<TrialStoreException>(
            () => Run(new PostgreSqlTrialStore(server.ConnectionOf("postgres", user), name))).Message);
        server.Execute($"ALTER ROLE {user} SET default_transaction_read_only = off; REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {user}");
        Assert.Contains("lacks the right", Assert.Throws<TrialStoreException>(
            () => Run(new PostgreSqlTrialStore(server.ConnectionOf("postgres", user), name))).Message);
    }

    [Fact]
    public void PostgreSqlTrialStore_search_deleted_while_in_use_is_named()
    {
        string connection = server.Connection, name = $"{Guid.NewGuid()}";
        Assert.Contains("was deleted while", Assert.Throws<TrialStoreException>(() => Run(
            new PostgreSqlTrialStore(connection, name),
            (trial, context, token) =>
            {
                server.Execute($"DELETE FROM deeplearn_searches WHERE name = '{name}'");
                return Objective(trial, context, token);
            })).Message);
    }

    [Fact]
    public void PostgreSqlTrialStore_many_processes_make_the_tables_at_once()
    {
        _ = server.Connection;
        string database = $"new_{Guid.NewGuid():n}";
        server.Execute($"CREATE DATABASE {database}");
        var results = new SearchResult[4];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            results[i] = Run(new PostgreSqlTrialStore(server.ConnectionOf(database), "one search")));
        Assert.Equal(4, results.Count(result => result.Ranked.Count == 6));
        NpgsqlConnection.ClearAllPools();
        Assert.Equal(6L, server.Execute("SELECT sum(completions) FROM deeplearn_trials", database));
    }

    /// <summary>As after a restore into another cluster, where the numbers of transactions are smaller.</summary>
    [Fact]
    public void PostgreSqlTrialStore_changes_from_another_cluster_are_not_read_for_ever()
    {
        string connection = server.Connection, name = $"{Guid.NewGuid()}";
        Run(new PostgreSqlTrialStore(connection, name));
        server.Execute(
            "UPDATE deeplearn_trials SET changed = 1::bigint << 50 "
            + $"WHERE search = (SELECT id FROM deeplearn_searches WHERE name = '{name}')");
        using SharedTrialLog log = new PostgreSqlTrialStore(connection, name).Open(Search.Identity());
        long cursor = log.ReadSince(0).Cursor;
        Assert.Empty(log.ReadSince(log.ReadSince(cursor).Cursor).Changes);
    }

    private static SearchResult Run(TrialStore store, TrialObjective? objective = null) => Search.Run(
        objective ?? Objective, new() { Store = store, Executor = new ThreadExecutor(1), StoreTimeout = TimeSpan.FromSeconds(20) });

    private static TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken token) => new(trial.Value("x"));
}
