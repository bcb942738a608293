using System.Net.Sockets;
using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using Npgsql;

namespace DeepLearn.Search.PostgreSql;

/// <summary>A connection that is made anew where it was lost, and errors in the words of stores. Used by one thread at a time.</summary>
/// <param name="connectionString">The connection.</param>
/// <param name="what">What is reached through it, as the beginning of messages.</param>
internal sealed class DatabaseLink(string connectionString, string what) : IDisposable
{
    private NpgsqlConnection? _connection;
    private bool _isClosed;

    /// <summary>What is reached, as the beginning of messages.</summary>
    public string What => what;

    /// <summary>Runs a statement.</summary>
    /// <param name="sql">The statement, with <c>$1</c>, <c>$2</c> ... for its values.</param>
    /// <param name="values">The values.</param>
    /// <param name="read">Reads the rows.</param>
    /// <exception cref="TrialStoreUnavailableException">The server cannot be reached for now.</exception>
    /// <exception cref="TrialStoreException">The server refuses the statement.</exception>
    public T Run<T>(string sql, ReadOnlySpan<object> values, Func<NpgsqlDataReader, T> read)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        try
        {
            using var command = new NpgsqlCommand(sql, Connection());
            foreach (object value in values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            using NpgsqlDataReader reader = command.ExecuteReader();
            return read(reader);
        }
        catch (Exception exception) when (IsOfTheLink(exception))
        {
            // Whatever state the connection is in, a new one is in none.
            Close();
            throw Told(exception);
        }
    }

    /// <summary>Runs a statement without rows.</summary>
    public void Run(string sql, params ReadOnlySpan<object> values) => Run(sql, values, _ => true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isClosed = true;
        Close();
    }

    private NpgsqlConnection Connection()
    {
        if (_connection is { State: System.Data.ConnectionState.Open })
            return _connection;
        Close();
        _connection = new NpgsqlConnection(connectionString);
        _connection.Open();
        return _connection;
    }

    private void Close()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException)
        {
            // It was lost already.
        }
        _connection = null;
    }

    private static bool IsOfTheLink(Exception exception) =>
        exception is NpgsqlException or SocketException or TimeoutException
        || (exception is IOException and not (TrialStoreException or IdentityMismatchException));

    private TrialStoreException Told(Exception exception)
    {
        if (exception is PostgresException refused)
        {
            string message = $"{what} {WhatIsWrong(refused)} (PostgreSQL's {refused.SqlState}: {refused.MessageText})";
            return IsPassing(refused)
                ? new TrialStoreUnavailableException(message, exception)
                : new TrialStoreException(message, exception);
        }
        return new TrialStoreUnavailableException($"{what} cannot be reached: {exception.Message}", exception);
    }

    // Class 08 is of connections, 57P0x of a server that ends or starts, 53300 of one with too many connections, class 40 of transactions
    // that were in each other's way.
    private static bool IsPassing(PostgresException exception) =>
        exception.SqlState is ['0', '8', ..] or ['4', '0', ..] or ['5', '7', 'P', ..] or "53300" || exception.IsTransient;

    private static string WhatIsWrong(PostgresException exception) => exception.SqlState switch
    {
        "28P01" or "28000" => "cannot be opened: the server refuses the user or the password.",
        "3D000" => "cannot be opened: the server has no database of that name.",
        "42501" => "cannot be used: the user lacks the right to.",
        "25006" => "cannot be written: the server, the database or the user is read-only.",
        "53100" => "cannot be written: the server's disk is full.",
        "23503" => "was deleted while a search was using it.",
        "42P01" or "42703" => "was deleted or changed while a search was using it: a table or a column is missing.",
        _ => "cannot be used.",
    };
}
