using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

/// <summary>When somebody is warned, and when her contacts are texted. Methods that change the state say so.</summary>
internal static class ZoneWatchRules
{
    /// <summary>Zones with a mode of their own.</summary>
    public const int MostZoneModes = 32;

    /// <summary>Contacts that are texted one after the other.</summary>
    public const int MostContacts = 3;

    /// <summary>Weeks that are counted.</summary>
    public const int MostWeeks = 8;

    /// <summary>A text that the gateway does not take is tried so often, a minute apart.</summary>
    public const int MostTries = 5;

    private const int MostSeen = 16;

    /// <summary>Phone and service see the same entry at times that differ by as much: each has fixes of its own.</summary>
    private static readonly TimeSpan SameEntry = TimeSpan.FromMinutes(2);

    /// <summary>Takes settings that were found valid.</summary>
    public static void Set(ZoneWatchState state, ZoneWatchSettings settings)
    {
        (state.Watching, state.Mode, state.ContactFromRisk, state.Contacts, state.Quiet) = (settings.Watching, settings.Mode, settings.ContactFromRisk, settings.Contacts, settings.Quiet);
        state.WeeklySummary = settings.WeeklySummary;
        state.ZoneModes = settings.ZoneModes.ToDictionary();
        // Who takes her consent back means the texts that are still to come too.
        if (!state.Watching || state.Mode == ZoneMode.NotifyOnly && state.ZoneModes.Count == 0) state.Due.Clear();
    }

    /// <summary>The zones she has come into: counts them, and begins a cooldown with a warning unless there is one. Entries known already change nothing.</summary>
    public static (ZoneWarning? Warning, bool Changed) Enter(ZoneWatchState state, Guid person, ImmutableArray<ZoneEntry> entries, DateTimeOffset now, ZoneOptions options)
    {
        var (warning, changed) = ((ZoneWarning?)null, false);
        foreach (var entry in entries.OrderByDescending(entry => entry.Risk))
        {
            if (!state.Watching) break;
            if (state.Seen.Exists(seen => Is(seen, entry)))
            {
                if (state.Warned is { } warned && Is(warned, entry) && now < state.CooldownUntil) warning ??= new ZoneWarning(entry, warned.Quiet, state.Texted, state.CooldownUntil);
                continue;
            }

            changed = true;
            Count(state, entry.Risk, now);
            var quiet = state.Quiet is { } hours && ScheduleRules.CountsAt(hours, null, now);
            See(state, entry.Zone, entry.At, quiet);
            if (now < state.CooldownUntil) continue;
            Begin(state, now, options);
            state.Warned = state.Seen[^1];
            if (!quiet && ModeOf(state, entry) == ZoneMode.NotifyContact) Text(state, person, entry.Point, now, options);
            warning = new ZoneWarning(entry, quiet, state.Texted, state.CooldownUntil);
        }

        return (warning, changed);
    }

    /// <summary>
    /// What her phone decided without a connection, as if it had been decided here: true when that changes anything. Again, or after the service has seen the same: nothing twice.
    /// </summary>
    public static bool Adopt(ZoneWatchState state, OfflineReport report, DateTimeOffset now, ZoneOptions options)
    {
        if (!state.Watching) return false;
        var changed = false;
        foreach (var entry in report.Entries.OrderBy(entry => entry.At))
        {
            if (state.Seen.Exists(seen => seen.Zone == entry.Zone && (seen.At - entry.At).Duration() <= SameEntry)) continue;
            changed = true;
            Count(state, entry.Risk, entry.At);
            See(state, entry.Zone, entry.At, quiet: false);
        }

        if (report.WarnedAt is { } at && at + options.Cooldown is var until && until > now && until > state.CooldownUntil)
        {
            (state.CooldownUntil, state.Texted, state.Warned, changed) = (until, false, null, true);
        }

        // Her first contact has it from her own phone.
        if (!report.Texted || report.WarnedAt is null || now >= state.CooldownUntil || state.Texted && state.Due.TrueForAll(text => text.Place > 0)) return changed;
        state.Texted = true;
        state.Due.RemoveAll(text => text.Place == 0);
        return true;
    }

    /// <summary>Whether she may have a contact texted now; begins a cooldown where there is none.</summary>
    public static bool TryNotify(ZoneWatchState state, DateTimeOffset now, ZoneOptions options)
    {
        if (now < state.CooldownUntil && state.Texted) return false;
        if (now >= state.CooldownUntil) Begin(state, now, options);
        state.Texted = true;
        return true;
    }

    /// <summary>A text was tried: done, or due again.</summary>
    public static void Tried(ZoneWatchState state, DueText text, bool done, DateTimeOffset now, ZoneOptions options)
    {
        if (done || ++text.Tries >= MostTries) state.Due.Remove(text);
        else text.At = now + options.BetweenContacts;
    }

    /// <summary>The settings as she sees them.</summary>
    public static ZoneWatchView View(ZoneWatchState state, DateTimeOffset now) => new(
        new ZoneWatchSettings(state.Watching, state.Mode, state.ContactFromRisk, state.Contacts, state.Quiet, state.ZoneModes.ToImmutableDictionary(), state.WeeklySummary),
        now < state.CooldownUntil ? state.CooldownUntil : null,
        [.. state.Weeks]);

    private static ZoneMode ModeOf(ZoneWatchState state, ZoneEntry entry) =>
        state.ZoneModes.TryGetValue(entry.Zone, out var own) ? own : entry.Risk < state.ContactFromRisk ? ZoneMode.NotifyOnly : state.Mode;

    private static void Begin(ZoneWatchState state, DateTimeOffset now, ZoneOptions options) =>
        (state.CooldownUntil, state.Texted, state.Warned) = (now + options.Cooldown, false, null);

    private static void Text(ZoneWatchState state, Guid person, GeoPoint point, DateTimeOffset now, ZoneOptions options)
    {
        state.Texted = true;
        for (var place = 0; place < state.Contacts; place++)
        {
            state.Due.Add(new DueText { Place = place, At = now + place * options.BetweenContacts, Point = point, Key = $"{person:N}/zone/{now.ToUnixTimeMilliseconds()}/{place}" });
        }
    }

    private static void See(ZoneWatchState state, Guid zone, DateTimeOffset at, bool quiet)
    {
        if (state.Seen.Count == MostSeen) state.Seen.RemoveAt(0);
        state.Seen.Add(new SeenEntry { Zone = zone, At = at, Quiet = quiet });
    }

    private static void Count(ZoneWatchState state, int risk, DateTimeOffset at)
    {
        var monday = ZoneSummaryRules.MondayOf(at);
        var place = state.Weeks.FindIndex(week => week.Monday <= monday);
        if (place < 0) place = state.Weeks.Count;
        if (place == MostWeeks) return;
        if (place == state.Weeks.Count || state.Weeks[place].Monday != monday) state.Weeks.Insert(place, new ZoneWeek(monday, [0, 0, 0, 0, 0]));
        if (state.Weeks.Count > MostWeeks) state.Weeks.RemoveAt(MostWeeks);
        var column = Math.Clamp(risk, 1, 5) - 1;
        state.Weeks[place] = state.Weeks[place] with { ByRisk = state.Weeks[place].ByRisk.SetItem(column, state.Weeks[place].ByRisk[column] + 1) };
    }

    private static bool Is(SeenEntry seen, ZoneEntry entry) => seen.Zone == entry.Zone && seen.At == entry.At;
}
