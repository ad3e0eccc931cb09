using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Trackers;

/// <summary>
/// The tracking devices and apps of one person, each with a token that lets it say where she is and that she needs help, and nothing else unless she has switched it
/// on. No record holds a token, only its keyed hash. Key: user id.
/// </summary>
[Alias("sos.trackers.ITrackersGrain")]
public interface ITrackersGrain : IGrainWithGuidKey
{
    /// <summary>Adds a tracker; durable. Null when she has as many as one may have.</summary>
    [Alias("Add")] Task<Tracker?> Add(TrackerDraft draft);

    /// <summary>Her trackers, oldest first.</summary>
    [Alias("List"), AlwaysInterleave] Task<ImmutableArray<Tracker>> List();

    /// <summary>The tracker whose token has this hash; null when there is none, or it was revoked. From memory.</summary>
    [Alias("Find"), AlwaysInterleave] Task<Tracker?> Find(string tokenHash);

    /// <summary>A tracker was heard of: kept in memory, when to the hour also in the record.</summary>
    [Alias("Heard")] Task Heard(Guid id, TrackerSign sign);

    /// <summary>
    /// Whether answers to a tracker hold where her relatives are; durable, and off when this is answered. Only OwnTracks can show them: others stay as they are. Null when it is not hers.
    /// </summary>
    [Alias("ShowRelatives")] Task<Tracker?> ShowRelatives(Guid id, bool shows);

    /// <summary>Whether she is to be texted that her trackers have changed: at most once in 24 hours; durable before this is answered.</summary>
    [Alias("TakeNotice")] Task<bool> TakeNotice();

    /// <summary>Revokes a tracker: its token is dead when this is answered. False when it is not hers.</summary>
    [Alias("Revoke")] Task<bool> Revoke(Guid id);

    /// <summary>Her account is deleted: so are her trackers.</summary>
    [Alias("Erase")] Task Erase();
}
