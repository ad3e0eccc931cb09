using System.Data;
using Npgsql;
using Orleans.Runtime;
using Sos.Server.Hosting.Transfer;

namespace Sos.Server.Hosting;

/// <summary>What a cluster has stored in its database.</summary>
internal sealed class StoredData : IAsyncDisposable
{
    /// <summary>Rows that go to the database at once.</summary>
    private const int BatchSize = 500;

    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly string _serviceId;

    private StoredData(PostgresDatabase database, NpgsqlConnection connection, string serviceId) => (_database, _connection, _serviceId) = (database, connection, serviceId);

    /// <summary>Whether the folder holds what grains have stored: never, it lies in the database.</summary>
    public static bool LiesIn(DataFolder folder) => false;

    /// <summary>Opens what there is.</summary>
    /// <exception cref="StartupException">There is no database.</exception>
    public static async Task<StoredData> Open(IConfiguration configuration, ILoggerFactory loggers)
    {
        var options = OrleansSiloOptions.From(configuration);
        if (options.Database is not { Length: > 0 } connection)
            throw new StartupException($"Without {OrleansSiloOptions.Section}:{nameof(OrleansSiloOptions.Database)} this build keeps everything in memory, and there is nothing to move; name the database.");
        var database = new PostgresDatabase(connection);
        await database.Prepare(CancellationToken.None);
        return new StoredData(database, await database.Open(CancellationToken.None), options.ServiceId);
    }

    /// <summary>What there is, as it was at one moment, also while servers go on using it.</summary>
    /// <exception cref="StartupException">There is no database.</exception>
    public static async IAsyncEnumerable<TransferItem> ReadBeside(IConfiguration configuration, ILoggerFactory loggers)
    {
        await using var data = await Open(configuration, loggers);
        await foreach (var item in data.Read()) yield return item;
    }

    /// <summary>Opens the place to be filled, and makes its tables where there are none.</summary>
    public static Task<StoredData> OpenEmpty(IConfiguration configuration, ILoggerFactory loggers) => Open(configuration, loggers);

    /// <summary>Everything as it was at one moment, states first; servers may run meanwhile.</summary>
    public async IAsyncEnumerable<TransferItem> Read()
    {
        await using var moment = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using (var rows = await Command("SELECT Grain, Name, Payload FROM sos_state WHERE ServiceId = @service ORDER BY Grain, Name").ExecuteReaderAsync())
        {
            while (await rows.ReadAsync()) yield return new TransferState(GrainId.Parse(rows.GetString(0)), rows.GetString(1), rows.GetFieldValue<byte[]>(2));
        }

        await using (var rows = await Command("SELECT GrainId, ReminderName, StartTime, Period FROM sos_reminder WHERE ServiceId = @service ORDER BY GrainId, ReminderName").ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
                yield return new TransferReminder(GrainId.Parse(rows.GetString(0)), rows.GetString(1), rows.GetDateTime(2), TimeSpan.FromMilliseconds(rows.GetInt64(3)));
        }
    }

    /// <summary>
    /// Puts other bytes in the place of a state that was read, unless it has changed since. It gets a new version, so that a server that runs all
    /// the same reads it again.
    /// </summary>
    public async Task Replace(TransferState state, ReadOnlyMemory<byte> bytes)
    {
        await using var connection = await _database.Open(CancellationToken.None);
        await using var update = new NpgsqlCommand("UPDATE sos_state SET Payload = $1, Version = Version + 1 WHERE ServiceId = $2 AND Grain = $3 AND Name = $4 AND Payload = $5", connection);
        foreach (var value in (object[])[bytes.ToArray(), _serviceId, state.Grain.ToString(), state.Name, state.Bytes.ToArray()]) update.Parameters.Add(new NpgsqlParameter { Value = value });
        await update.ExecuteNonQueryAsync();
    }

    /// <summary>Takes everything in one transaction: all of it or nothing.</summary>
    /// <exception cref="StartupException">There is something already, or an item cannot be stored.</exception>
    public async Task Fill(IAsyncEnumerable<TransferItem> items)
    {
        await using var transaction = await _connection.BeginTransactionAsync();
        try
        {
            // A server that runs all the same waits with its writes, and finds them refused by version.
            await Command("LOCK TABLE sos_state, sos_reminder IN EXCLUSIVE MODE").ExecuteNonQueryAsync();
            await using (var some = Command("SELECT EXISTS (SELECT 1 FROM sos_state WHERE ServiceId = @service) OR EXISTS (SELECT 1 FROM sos_reminder WHERE ServiceId = @service)"))
            {
                if (await some.ExecuteScalarAsync() is true)
                    throw new StartupException($"The database holds data of service '{_serviceId}' already; import into an empty database, or under another {OrleansSiloOptions.Section}:{nameof(OrleansSiloOptions.ServiceId)}.");
            }

            await using var batch = new NpgsqlBatch(_connection) { Timeout = 0 };
            await foreach (var item in items)
            {
                batch.BatchCommands.Add(Insert(item));
                if (batch.BatchCommands.Count == BatchSize) await Send(batch);
            }

            if (batch.BatchCommands.Count > 0) await Send(batch);
            await transaction.CommitAsync();
        }
        catch (PostgresException refused)
        {
            throw new StartupException($"The import was refused by the database and nothing was kept: {refused.MessageText} ({refused.SqlState}).");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task Send(NpgsqlBatch batch)
    {
        await batch.ExecuteNonQueryAsync();
        batch.BatchCommands.Clear();
    }

    private NpgsqlBatchCommand Insert(TransferItem item)
    {
        var insert = item is TransferState
            ? new NpgsqlBatchCommand("INSERT INTO sos_state VALUES ($1, $2, $3, 1 + floor(random() * 1000000000)::integer, $4)")
            : new NpgsqlBatchCommand("INSERT INTO sos_reminder VALUES ($1, $2, $3, $4, $5, $6, 1)");
        foreach (var value in (object[])[_serviceId, item.Grain.ToString(), item.Name, .. Rest(item)]) insert.Parameters.Add(new NpgsqlParameter { Value = value });
        return insert;
    }

    private static object[] Rest(TransferItem item) => item switch
    {
        TransferState state => [state.Bytes.ToArray()],
        TransferReminder reminder => [reminder.StartAt, (long)reminder.Period.TotalMilliseconds, unchecked((int)reminder.Grain.GetUniformHashCode())],
        _ => throw new InvalidOperationException($"{item.GetType().Name} cannot be stored."),
    };

    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        if (sql.Contains("@service", StringComparison.Ordinal)) command.Parameters.AddWithValue("service", _serviceId);
        return command;
    }
}
