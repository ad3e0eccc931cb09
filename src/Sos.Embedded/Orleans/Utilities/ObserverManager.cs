using System.Collections;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Sos.Embedded.Runtime;

namespace Orleans.Utilities;

/// <summary>The observers of a grain, by their references, each until it expires unless it subscribes again.</summary>
/// <typeparam name="TObserver">The observer interface.</typeparam>
/// <param name="expiration">How long an observer stays after it last subscribed.</param>
/// <param name="log">The log.</param>
public class ObserverManager<TObserver>(TimeSpan expiration, ILogger log) : ObserverManager<IAddressable, TObserver>(expiration, log);

/// <summary>The observers of a grain, by ids of its own choice, each until it expires unless it subscribes again.</summary>
/// <remarks>Not safe for threads: it belongs to one activation.</remarks>
/// <typeparam name="TIdentity">The id of an observer.</typeparam>
/// <typeparam name="TObserver">The observer interface.</typeparam>
public class ObserverManager<TIdentity, TObserver> : IEnumerable<TObserver> where TIdentity : notnull
{
    private readonly ILogger _log;
    private readonly Dictionary<TIdentity, Entry> _entries = [];

    /// <summary>Makes an empty set of observers.</summary>
    /// <param name="expiration">How long an observer stays after it last subscribed.</param>
    /// <param name="log">The log.</param>
    public ObserverManager(TimeSpan expiration, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(log);
        _log = log;
        ExpirationDuration = expiration;
        GetDateTime = () => DateTime.UtcNow;
    }

    /// <summary>Reads the clock, UTC. The machine's unless the grain gives its own.</summary>
    public Func<DateTime> GetDateTime { get; set; }

    /// <summary>How long an observer stays after it last subscribed.</summary>
    public TimeSpan ExpirationDuration { get; set; }

    /// <summary>The number of observers, with those that have expired and were not yet removed.</summary>
    public int Count => _entries.Count;

    /// <summary>A copy of the observers.</summary>
    public IReadOnlyDictionary<TIdentity, TObserver> Observers => _entries.ToDictionary(e => e.Key, e => e.Value.Observer);

    /// <summary>Removes all observers.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Adds an observer or renews it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="observer">The observer.</param>
    public void Subscribe(TIdentity id, TObserver observer) => _entries[id] = new Entry(observer, GetDateTime());

    /// <summary>Removes an observer.</summary>
    /// <param name="id">Its id.</param>
    public void Unsubscribe(TIdentity id) => _entries.Remove(id);

    /// <summary>Notifies the observers one after the other, awaiting each. One that fails is removed.</summary>
    /// <param name="notification">Calls an observer.</param>
    /// <param name="predicate">Chooses observers; null for all.</param>
    public async Task Notify(Func<TObserver, Task> notification, Func<TObserver, bool>? predicate = null)
    {
        foreach (var (id, entry) in Snapshot(predicate))
        {
            try
            {
                await notification(entry.Observer);
            }
            catch (Exception failure)
            {
                RemoveDefunct(id, failure);
            }
        }
    }

    /// <summary>Notifies the observers without awaiting them. One whose call throws is removed.</summary>
    /// <param name="notification">Calls an observer.</param>
    /// <param name="predicate">Chooses observers; null for all.</param>
    public void Notify(Action<TObserver> notification, Func<TObserver, bool>? predicate = null)
    {
        foreach (var (id, entry) in Snapshot(predicate))
        {
            try
            {
                notification(entry.Observer);
            }
            catch (Exception failure)
            {
                RemoveDefunct(id, failure);
            }
        }
    }

    /// <summary>Removes the observers that have expired.</summary>
    public void ClearExpired()
    {
        var now = GetDateTime();
        foreach (var (id, entry) in _entries)
        {
            // Removing while enumerating is allowed for Dictionary.
            if (entry.LastSeen + ExpirationDuration < now) _entries.Remove(id);
        }
    }

    /// <summary>Goes through the observers as they are now.</summary>
    public IEnumerator<TObserver> GetEnumerator() => _entries.Values.Select(e => e.Observer).ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Observers come and go while a notification is awaited, so each notification goes through the set as it was when it began.
    private KeyValuePair<TIdentity, Entry>[] Snapshot(Func<TObserver, bool>? predicate)
    {
        ClearExpired();
        return [.. _entries.Where(e => predicate is null || predicate(e.Value.Observer))];
    }

    // Also when it has subscribed again while its call was failing: so does Orleans.
    private void RemoveDefunct(TIdentity id, Exception failure)
    {
        RuntimeLog.ObserverRemoved(_log, typeof(TObserver).Name, failure);
        _entries.Remove(id);
    }

    private sealed record Entry(TObserver Observer, DateTime LastSeen);
}
