using Microsoft.Extensions.Logging;

namespace Sos.Embedded.Storage;

/// <summary>Puts a group of writes on disk in one transaction and answers them after it.</summary>
internal sealed partial class GroupCommit(SqliteDatabase database, Ballast ballast, ILogger logger)
{
    // A version is the number of the store's start and a count within it, so none is ever given twice.
    private const int CountBits = 40;
    private long _lastVersion;

    /// <summary>Views of the store at a moment, which keep what is about to change.</summary>
    public List<StoreSnapshot> Snapshots { get; } = [];

    /// <summary>Commits and answers every request of the group.</summary>
    /// <exception cref="SqliteFailure">The disk failed: whether the group is on disk is unknown, and nobody was answered.</exception>
    public void Run(List<WriteRequest> group)
    {
        Refuse(group, write => !ballast.Admits(write.Lane), static _ => new StoreFullException());
        while (group.Count > 0)
        {
            WriteRequest? current = null;
            try
            {
                var epoch = Begin();
                foreach (var write in group)
                {
                    current = write;
                    Apply(write);
                }

                current = null;
                database.Commit();
                if (epoch) LogEpoch(_lastVersion >> CountBits);
            }
            catch (SqliteFailure full) when (full.IsFull)
            {
                database.Rollback();
                ForgetEpochIfNew();
                OnFull(group);
                continue;
            }
            catch (SqliteFailure damage) when (damage.IsDamage && current is not null)
            {
                // The page under one record is damaged: that record is refused by name, the others are written without it.
                database.Rollback();
                ForgetEpochIfNew();
                LogDamaged(current.Key.Kind, current.Key.Key);
                Refuse(group, write => write == current, write => new DamagedRecordException(write.Key, damage));
                continue;
            }

            _committed = true;
            foreach (var write in group) write.Complete();
            return;
        }
    }

    private bool _committed;

    private bool Begin()
    {
        database.Begin();
        if (_lastVersion != 0) return false;
        _lastVersion = database.NextEpoch() << CountBits;
        return true;
    }

    // The first group writes the new epoch; while none was committed, it is not on disk.
    private void ForgetEpochIfNew()
    {
        if (!_committed) _lastVersion = 0;
    }

    private void Apply(WriteRequest write)
    {
        foreach (var snapshot in Snapshots) snapshot.Before(write.Key);
        var version = ++_lastVersion;
        var done = (write.Data, write.ExpectedVersion) switch
        {
            (null, _) => database.Delete(write.Key, write.ExpectedVersion),
            ({ } data, 0) => database.Insert(write.Key, version, data.Span),
            ({ } data, _) => database.Update(write.Key, write.ExpectedVersion, version, data.Span),
        };
        write.NewVersion = done ? version : 0;
    }

    private void OnFull(List<WriteRequest> group)
    {
        if (!ballast.Release())
        {
            LogFull(group.Count);
            Refuse(group, static _ => true, static _ => new StoreFullException());
            return;
        }

        // The room that was given up is for those who press; the others of this group learn that the disk is full.
        Refuse(group, static write => write.Lane != WriteLane.Acceptance, static _ => new StoreFullException());
    }

    private static void Refuse(List<WriteRequest> group, Func<WriteRequest, bool> which, Func<WriteRequest, Exception> reason)
    {
        for (var i = group.Count - 1; i >= 0; i--)
        {
            var write = group[i];
            if (!which(write)) continue;
            group.RemoveAt(i);
            write.Fail(reason(write));
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The record store writes as its start number {Epoch}")]
    private partial void LogEpoch(long epoch);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The disk is full: {Count} writes were taken back")]
    private partial void LogFull(int count);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Record {Kind}/{Key} lies on a damaged page and cannot be written")]
    private partial void LogDamaged(string kind, string key);
}
