using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Sos.Embedded.Storage;

/// <summary>
/// Records in one SQLite file. One thread owns the one connection: it serves the waiting reads, then commits one group of
/// writes, and answers after <c>fsync</c>.
/// </summary>
public sealed partial class SqliteRecordStore : IRecordStore, IDisposable
{
    /// <summary>Little enough that a press in between does not notice.</summary>
    private const int SnapshotPage = 32;

    private readonly RecordStoreOptions _options;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFatal;
    private readonly RequestQueue _queue;
    private readonly DataDirectory _folder;
    private readonly SqliteDatabase _database;
    private readonly GroupCommit _groups;
    private readonly Thread _thread;

    /// <summary>Opens the data folder, or makes it.</summary>
    /// <param name="options">Where, and how large.</param>
    /// <param name="time">For looking after the reserve, once a second while the disk is full.</param>
    /// <param name="logger">Full disk and damaged records are told at level Critical.</param>
    /// <param name="onFatal">Called once when the disk failed; the host must end the process, since nothing can be promised any more.</param>
    /// <exception cref="DataDirectoryException">The folder is in use or unusable; the message is for the person who runs it.</exception>
    public SqliteRecordStore(RecordStoreOptions options, TimeProvider time, ILogger<SqliteRecordStore> logger, Action<Exception> onFatal)
    {
        options.Validate();
        _options = options;
        _logger = logger;
        _onFatal = onFatal;
        _folder = DataDirectory.Open(options.DataDirectory);
        try
        {
            _folder.CheckDatabase();
            _database = SqliteDatabase.Open(_folder.Database);
            _folder.RememberDatabase();
            var ballast = new Ballast(_folder.Ballast, options.BallastBytes, time, logger);
            ballast.Prepare();
            _groups = new GroupCommit(_database, ballast, logger);
        }
        catch (DataDirectoryException)
        {
            _folder.Dispose();
            throw;
        }
        catch (SqliteFailure failure)
        {
            _folder.Dispose();
            throw new DataDirectoryException(
                failure.IsBusy
                    ? $"The data folder '{_folder.Path}' is in use by another process; stop it or choose another with Sos:DataDirectory."
                    : $"The database in '{_folder.Path}' cannot be opened ({failure.Message}); restore it from a backup or choose another folder with Sos:DataDirectory.",
                failure);
        }

        _queue = new RequestQueue(options.QueueCapacity, options.GroupSize);
        _thread = new Thread(Work) { Name = "Record store", IsBackground = true };
        _thread.Start();
    }

    /// <summary>For tests that fill the disk; used before the first request.</summary>
    internal SqliteDatabase Database => _database;

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> Read(RecordKey key)
    {
        RecordKeys.Check(key);
        var request = new ReadRequest(key);
        return Send(request, request.Answer);
    }

    /// <inheritdoc/>
    public ValueTask<long> Write(RecordKey key, ReadOnlyMemory<byte> data, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        _options.Check(key, data.Length);
        var request = new WriteRequest(key, data, expectedVersion, lane);
        return Send(request, request.Answer);
    }

    /// <inheritdoc/>
    public async ValueTask Delete(RecordKey key, long expectedVersion, WriteLane lane)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expectedVersion);
        RecordKeys.Check(key);
        var request = new WriteRequest(key, null, expectedVersion, lane);
        await Send(request, request.Answer);
    }

    /// <inheritdoc/>
    public ValueTask<RecordPage> Scan(string kind, string? after, int limit)
    {
        RecordKeys.CheckScan(kind, after, limit);
        var request = new ScanRequest(kind, after, limit);
        return Send(request, request.Answer);
    }

    /// <summary>The first kind of stored records after one, in the order of their UTF-8 bytes; <see langword="null"/> when there is none.</summary>
    /// <param name="after">A kind, or <see langword="null"/> for the first of all.</param>
    internal ValueTask<string?> NextKind(string? after)
    {
        var request = new KindRequest(after);
        return Send(request, request.Answer);
    }

    /// <summary>
    /// Every record as it was when the reading began, in no order; the store goes on meanwhile, and between two pages it serves everybody else. Who stops
    /// reading disposes.
    /// </summary>
    /// <exception cref="DamagedRecordException">A record does not fit its checksum; it is named.</exception>
    /// <exception cref="IOException">The reader was too slow for what was written meanwhile.</exception>
    internal async IAsyncEnumerable<StoredRecord> Snapshot([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var snapshot = (await Ask(SnapshotRequest.Step.Begin, null)).Snapshot;
        try
        {
            while ((await Ask(SnapshotRequest.Step.Next, snapshot)).Records is { } records)
            {
                foreach (var record in records)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return record;
                }
            }
        }
        finally
        {
            await Ask(SnapshotRequest.Step.End, snapshot);
        }
    }

    private ValueTask<(StoreSnapshot? Snapshot, IReadOnlyList<StoredRecord>? Records)> Ask(SnapshotRequest.Step step, StoreSnapshot? snapshot)
    {
        var request = new SnapshotRequest(step, snapshot);
        return Send(request, request.Answer);
    }

    /// <summary>Finishes what waits, then closes the file and gives the folder free.</summary>
    public void Dispose()
    {
        _queue.Close(new ObjectDisposedException(nameof(SqliteRecordStore)));
        _thread.Join();
        _database.Dispose();
        _folder.Dispose();
    }

    private ValueTask<T> Send<T>(StoreRequest request, Task<T> answer)
    {
        var queued = _queue.Add(request);
        return queued.IsCompletedSuccessfully ? new ValueTask<T>(answer) : WaitThenSend(queued, answer);
    }

    private static async ValueTask<T> WaitThenSend<T>(ValueTask queued, Task<T> answer)
    {
        await queued;
        return await answer;
    }

    private void Work()
    {
        var reads = new List<StoreRequest>();
        var group = new List<WriteRequest>();
        while (_queue.Take(reads, group))
        {
            try
            {
                foreach (var read in reads) Serve(read);
                _groups.Run(group);
            }
            catch (Exception failure)
            {
                Stop(failure, reads, group);
                return;
            }

            reads.Clear();
            group.Clear();
        }
    }

    private void Serve(StoreRequest request)
    {
        try
        {
            if (request is ReadRequest read)
            {
                read.Complete(_database.Read(read.Key));
            }
            else if (request is ScanRequest scan)
            {
                var page = _database.Scan(scan.Kind, scan.After, scan.Limit);
                foreach (var key in page.Damaged) LogDamaged(key.Kind, key.Key);
                scan.Complete(page);
            }
            else if (request is KindRequest kind)
            {
                kind.Complete(_database.NextKind(kind.After));
            }
            else if (request is SnapshotRequest snapshot)
            {
                Serve(snapshot);
            }
        }
        catch (DamagedRecordException damaged)
        {
            LogDamaged(damaged.Key.Kind, damaged.Key.Key);
            request.Fail(damaged);
        }
    }

    private void Serve(SnapshotRequest request)
    {
        var (snapshot, records) = (request.Snapshot ?? new StoreSnapshot(_database), (IReadOnlyList<StoredRecord>?)null);
        if (request.Asked == SnapshotRequest.Step.Begin) _groups.Snapshots.Add(snapshot);
        else if (request.Asked == SnapshotRequest.Step.End) _groups.Snapshots.Remove(snapshot);
        else
        {
            try
            {
                records = snapshot.Next(SnapshotPage);
            }
            catch (IOException tooSlow)
            {
                request.Fail(tooSlow);
                return;
            }
        }

        request.Complete(snapshot, records);
    }

    /// <summary>After a failed commit the file's state is unknown: everybody is told, nobody is served any more.</summary>
    private void Stop(Exception failure, List<StoreRequest> reads, List<WriteRequest> group)
    {
        LogFailed(failure);
        var told = new StoreFailedException("The record store failed; whether the write is on disk is unknown.", failure);
        _queue.Close(new StoreFailedException("The record store has stopped after a failure of the disk.", failure));
        do
        {
            // Who was answered already keeps that answer.
            foreach (var request in reads.Concat(group)) request.Fail(told);
            reads.Clear();
            group.Clear();
        }
        while (_queue.Take(reads, group));
        _onFatal(failure);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Record {Kind}/{Key} is damaged on disk and refused; restore it from a backup")]
    private partial void LogDamaged(string kind, string key);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The disk failed under the record store; nothing is served any more and the process must end")]
    private partial void LogFailed(Exception failure);
}
