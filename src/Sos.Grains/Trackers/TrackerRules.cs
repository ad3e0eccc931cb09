using Sos.Contracts.Trackers;

namespace Sos.Grains.Trackers;

/// <summary>How many trackers a person has, and how often it is written down that one was heard of.</summary>
internal static class TrackerRules
{
    /// <summary>Trackers of one person: her phone, a watch, a button, and the old ones that she has not cleared away.</summary>
    public const int Most = 10;

    /// <summary>That a tracker was heard of is written down at most so often: a disk is not there for what says nothing new.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromHours(1);

    /// <summary>She is texted of changes at most so often: adding and revoking all day is nobody's way to have the service pay for messages.</summary>
    public static readonly TimeSpan ToldEvery = TimeSpan.FromDays(1);

    /// <summary>Notes that she is texted of a change; false when she was within a day.</summary>
    public static bool TakeNotice(TrackersState state, DateTimeOffset now)
    {
        if (now - state.ToldAt < ToldEvery) return false;
        state.ToldAt = now;
        return true;
    }

    /// <summary>Adds a tracker; the same again changes nothing. False when there is no room.</summary>
    public static bool Add(TrackersState state, TrackerDraft draft, DateTimeOffset now)
    {
        if (state.Trackers.Exists(known => known.Id == draft.Id)) return true;
        if (state.Trackers.Count >= Most) return false;
        state.Trackers.Add(new TrackerEntry { Id = draft.Id, Name = draft.Name, Kind = draft.Kind, TokenHash = draft.TokenHash, AddedAt = now });
        return true;
    }

    /// <summary>Notes that a tracker was heard of; true when that is to be written down.</summary>
    public static bool Heard(TrackersState state, Guid id, DateTimeOffset at)
    {
        if (state.Trackers.Find(known => known.Id == id) is not { } entry || at - entry.LastSeenAt < SeenEvery) return false;
        entry.LastSeenAt = at;
        return true;
    }

    /// <summary>Lets a tracker show her relatives, or not any more; null when there is none of that id. What cannot show them does not.</summary>
    public static (TrackerEntry Entry, bool Changed)? ShowRelatives(TrackersState state, Guid id, bool shows)
    {
        var place = state.Trackers.FindIndex(known => known.Id == id);
        if (place < 0) return null;
        var entry = state.Trackers[place];
        var can = shows && entry.Kind == TrackerKind.Owntracks;
        if (entry.ShowsRelatives == can) return (entry, false);

        // Another object: until this is on disk, what asks is answered from the one before.
        return (state.Trackers[place] = entry.Showing(can), true);
    }

    /// <summary>Takes a tracker away; false when there is none of that id.</summary>
    public static bool Revoke(TrackersState state, Guid id) => state.Trackers.RemoveAll(known => known.Id == id) > 0;

    /// <summary>A tracker as its owner sees it.</summary>
    public static Tracker View(TrackerEntry entry, TrackerSign? last) => new(entry.Id, entry.Name, entry.Kind, entry.AddedAt, last?.At ?? entry.LastSeenAt, last, entry.ShowsRelatives);
}
