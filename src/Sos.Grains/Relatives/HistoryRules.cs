using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orleans;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>What is kept of encounters and looks, and how much of it.</summary>
internal static class HistoryRules
{
    /// <summary>Encounters that are kept; older ones fall out.</summary>
    public const int MostEncounters = 200;

    /// <summary>Looks that are kept, likewise.</summary>
    public const int MostLooks = 100;

    /// <summary>Nearness is recorded again no sooner, and a look of the same relative.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    /// <summary>Keeps encounters: an arrival or a leave once (silence of half an hour is a leave that nobody is told of), nearness no sooner than ten minutes after the last record. False: nothing was new.</summary>
    public static bool Keep(RelativeHistoryState state, ImmutableArray<RelativeEncounter> encounters)
    {
        var changed = false;
        foreach (var encounter in encounters.OrderBy(e => e.At))
        {
            var last = state.Encounters.FindLast(e => e.Relation == encounter.Relation);
            if (last is not null && encounter.At <= last.At && encounter.Move == last.Move) continue;
            if (encounter.Move switch
            {
                NearbyMove.Entering => last is not null && last.Move != NearbyMove.Exiting && encounter.At - last.At < ProximityRules.LapsesAfter,
                NearbyMove.Exiting => last is not null && last.Move == NearbyMove.Exiting,
                _ => last is not null && encounter.At - last.At < Between,
            }) continue;
            if (state.Encounters.Count == MostEncounters) state.Encounters.RemoveAt(0);
            state.Encounters.Add(new EncounterEntry
            {
                Id = encounter.Id,
                Relation = encounter.Relation,
                Move = encounter.Move,
                At = encounter.At,
                Metres = encounter.Metres,
            });
            state.Names[encounter.Relation] = encounter.Name;
            changed = true;
        }

        Forget(state);
        return changed;
    }

    /// <summary>Keeps a look; false when the same relative has looked a short while ago.</summary>
    public static bool Looked(RelativeHistoryState state, RelativeLook look)
    {
        if (state.Looks.FindLast(l => l.Relation == look.Relation && l.Trail == look.Trail) is { } last && look.At - last.At < Between && look.At >= last.At) return false;
        // Who looks all the time makes room for herself: a map that asks every ten minutes must not hide that somebody else has looked.
        if (state.Looks.Count == MostLooks) state.Looks.Remove(state.Looks.GroupBy(l => l.Relation).MaxBy(looks => looks.Count())!.First());
        state.Looks.Add(new LookEntry { Relation = look.Relation, At = look.At, Trail = look.Trail });
        state.Names[look.Relation] = look.Name;
        Forget(state);
        return true;
    }

    /// <summary>Drops what is older; false when nothing is.</summary>
    public static bool Purge(RelativeHistoryState state, DateTimeOffset oldest)
    {
        var changed = state.Encounters.RemoveAll(e => e.At < oldest) > 0 | state.Looks.RemoveAll(l => l.At < oldest) > 0;
        Forget(state);
        return changed;
    }

    /// <summary>Newest first.</summary>
    public static ImmutableArray<RelativeEncounter> Encounters(RelativeHistoryState state, DateTimeOffset oldest) =>
        [.. state.Encounters.Where(e => e.At >= oldest).Select(e => View(state, e)).Reverse()];

    /// <summary>Newest first.</summary>
    public static ImmutableArray<RelativeLook> Looks(RelativeHistoryState state, DateTimeOffset oldest) =>
        [.. state.Looks.Where(l => l.At >= oldest).Select(l => new RelativeLook(l.Relation, state.Names.GetValueOrDefault(l.Relation, ""), l.At, l.Trail)).Reverse()];

    /// <summary>As she sees it.</summary>
    public static RelativeEncounter View(RelativeHistoryState state, EncounterEntry entry) =>
        new(entry.Id, entry.Relation, state.Names.GetValueOrDefault(entry.Relation, ""), entry.Move, entry.At, entry.Metres, entry.DismissedAt);

    private static void Forget(RelativeHistoryState state)
    {
        var named = state.Encounters.Select(e => e.Relation).Concat(state.Looks.Select(l => l.Relation)).ToHashSet();
        foreach (var gone in state.Names.Keys.Where(relation => !named.Contains(relation)).ToList()) state.Names.Remove(gone);
    }
}

/// <summary>What has happened between a person and her relatives. Under 60 KB with everything full; no place is in it.</summary>
[GenerateSerializer, Alias("sos.relatives.history-state")]
internal sealed class RelativeHistoryState
{
    /// <summary>Oldest first.</summary>
    [Id(0), JsonPropertyName("e")] public List<EncounterEntry> Encounters { get; set; } = [];

    /// <summary>Oldest first.</summary>
    [Id(1), JsonPropertyName("l")] public List<LookEntry> Looks { get; set; } = [];

    /// <summary>What she called those who are in it, once each.</summary>
    [Id(2), JsonPropertyName("n")] public Dictionary<Guid, string> Names { get; set; } = [];
}

/// <summary>An encounter.</summary>
[GenerateSerializer, Alias("sos.relatives.encounter-entry")]
internal sealed class EncounterEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    [Id(1), JsonPropertyName("r")] public Guid Relation { get; set; }

    [Id(2), JsonPropertyName("m")] public NearbyMove Move { get; set; }

    [Id(3), JsonPropertyName("t")] public DateTimeOffset At { get; set; }

    [Id(4), JsonPropertyName("d")] public double Metres { get; set; }

    [Id(5), JsonPropertyName("x")] public DateTimeOffset? DismissedAt { get; set; }
}

/// <summary>A look.</summary>
[GenerateSerializer, Alias("sos.relatives.look-entry")]
internal sealed class LookEntry
{
    [Id(0), JsonPropertyName("r")] public Guid Relation { get; set; }

    [Id(1), JsonPropertyName("t")] public DateTimeOffset At { get; set; }

    [Id(2), JsonPropertyName("w")] public bool Trail { get; set; }
}
