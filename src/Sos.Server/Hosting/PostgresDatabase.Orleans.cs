using System.Net.Sockets;
using Npgsql;

namespace Sos.Server.Hosting;

/// <summary>The PostgreSQL database in which silos meet, store and remember: how it is reached, and its tables at the first start.</summary>
internal sealed class PostgresDatabase
{
    /// <summary>
    /// Calls of a silo to the database at once. PostgreSQL takes 100 connections unless told otherwise, and three silos with Npgsql's
    /// own limit would want 300.
    /// </summary>
    private const int Connections = 30;

    /// <summary>Seconds for a statement or a connection: the calls of the SOS path have 5.</summary>
    private const int Patience = 3;

    /// <summary>Seconds to wait for another server that makes the tables at this moment.</summary>
    private const int SchemaPatience = 60;

    /// <summary>"sos" as a number: who makes or changes the tables holds this lock.</summary>
    private const long SchemaLock = 0x736F73;

    private readonly NpgsqlConnectionStringBuilder _settings;

    /// <summary>Reads a connection string; what it does not say gets this service's defaults.</summary>
    /// <exception cref="StartupException">It is no connection string.</exception>
    public PostgresDatabase(string connection)
    {
        try
        {
            _settings = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (ArgumentException unreadable)
        {
            throw Refusal($"is no connection string of PostgreSQL ({unreadable.Message.TrimEnd('.')}); write it like 'Host=db.example;Database=sos;Username=sos;Password=…'");
        }

        if (_settings.Host is not { Length: > 0 }) throw Refusal("names no host; write it like 'Host=db.example;Database=sos;Username=sos;Password=…'");
        if (!_settings.ContainsKey("Maximum Pool Size")) _settings.MaxPoolSize = Connections;
        if (!_settings.ContainsKey("Timeout")) _settings.Timeout = Patience;
        if (!_settings.ContainsKey("Command Timeout")) _settings.CommandTimeout = Patience;
        _settings.ApplicationName ??= "sos";
        ConnectionString = _settings.ConnectionString;
    }

    /// <summary>The whole connection string.</summary>
    public string ConnectionString { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="StartupException">The database cannot be used; one sentence says why.</exception>
    public async Task<NpgsqlConnection> Open(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (Exception trouble) when (trouble is NpgsqlException or SocketException or TimeoutException)
        {
            await connection.DisposeAsync();
            throw Unusable(trouble);
        }
    }

    /// <summary>Makes the tables where there are none. Of several servers that start at once, one does it and the others wait.</summary>
    /// <exception cref="StartupException">It cannot be done; one sentence says why.</exception>
    public async Task Prepare(CancellationToken cancellationToken)
    {
        await using var connection = await Open(cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await Execute(connection, $"SELECT pg_advisory_xact_lock({SchemaLock})", cancellationToken);
            switch (await VersionOf(connection, cancellationToken))
            {
                case null:
                    await Execute(connection, PostgresSchema.Tables, cancellationToken);
                    await Execute(connection, $"INSERT INTO sos_schema VALUES ({PostgresSchema.Version})", cancellationToken);
                    break;
                case > PostgresSchema.Version:
                    throw Refusal("names a database that a newer version of this service has changed; start that version, or restore the backup that was taken before");
            }

            foreach (var (key, text) in PostgresSchema.Queries) await Keep(connection, key, text, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (NpgsqlException trouble)
        {
            throw Unusable(trouble);
        }
    }

    private static async Task<int?> VersionOf(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = Command(connection, "SELECT to_regclass('sos_schema') IS NOT NULL, to_regclass('orleansquery') IS NOT NULL");
        await using (var found = await look.ExecuteReaderAsync(cancellationToken))
        {
            await found.ReadAsync(cancellationToken);
            if (!found.GetBoolean(0))
            {
                return !found.GetBoolean(1) ? null
                    : throw Refusal("names a database with tables of another Orleans service; give this one a database or a schema of its own");
            }
        }

        await using var version = Command(connection, "SELECT max(Version) FROM sos_schema");
        return (int?)await version.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task Keep(NpgsqlConnection connection, string key, string text, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, """
            INSERT INTO OrleansQuery AS q VALUES (@key, @text)
            ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText WHERE q.QueryText <> excluded.QueryText
            """);
        command.Parameters.AddWithValue("key", key);
        command.Parameters.AddWithValue("text", text);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection) { CommandTimeout = SchemaPatience };

    private StartupException Unusable(Exception trouble) => trouble switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            Refusal($"names a user who may not make the tables ({denied.MessageText}); grant CREATE on the schema, or let the owner start the service once"),
        PostgresException refused => Refusal($"cannot be used: {refused.MessageText} ({refused.SqlState})"),
        _ => Refusal($"names a database that does not answer at {_settings.Host}:{_settings.Port} ({(trouble.InnerException ?? trouble).Message.TrimEnd('.')}); start it or correct the setting"),
    };

    private static StartupException Refusal(string fault) => new($"{OrleansSiloOptions.Section}:{nameof(OrleansSiloOptions.Database)} {fault.ReplaceLineEndings(" ")}.");
}

/// <summary>Prepares the database before the silo starts; registered before it.</summary>
internal sealed class PostgresPreparation(PostgresDatabase database) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => database.Prepare(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
