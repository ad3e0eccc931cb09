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

    /// <summary>Takes settings that were found valid.</summary>
    public static void Set(ZoneWatchState state, ZoneWatchSettings settings)
    {
        (state.Watching, state.Mode, state.ContactFromRisk, state.Contacts, state.Quiet) = (settings.Watching, settings.Mode, settings.ContactFromRisk, settings.Contacts, settings.Quiet);
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
            Count(state, entry, now);
            if (state.Seen.Count == MostSeen) state.Seen.RemoveAt(0);
            var quiet = state.Quiet is { } hours && ScheduleRules.CountsAt(hours, null, now);
            state.Seen.Add(new SeenEntry { Zone = entry.Zone, At = entry.At, Quiet = quiet });
            if (now < state.CooldownUntil) continue;
            Begin(state, now, options);
            state.Warned = state.Seen[^1];
            if (!quiet && ModeOf(state, entry) == ZoneMode.NotifyContact) Text(state, person, entry.Point, now, options);
            warning = new ZoneWarning(entry, quiet, state.Texted, state.CooldownUntil);
        }

        return (warning, changed);
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
        new ZoneWatchSettings(state.Watching, state.Mode, state.ContactFromRisk, state.Contacts, state.Quiet, state.ZoneModes.ToImmutableDictionary()),
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

    private static void Count(ZoneWatchState state, ZoneEntry entry, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var monday = day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
        if (state.Weeks is not [{ } newest, ..] || newest.Monday != monday) state.Weeks.Insert(0, new ZoneWeek(monday, [0, 0, 0, 0, 0]));
        if (state.Weeks.Count > MostWeeks) state.Weeks.RemoveAt(MostWeeks);
        var risk = Math.Clamp(entry.Risk, 1, 5) - 1;
        state.Weeks[0] = state.Weeks[0] with { ByRisk = state.Weeks[0].ByRisk.SetItem(risk, state.Weeks[0].ByRisk[risk] + 1) };
    }

    private static bool Is(SeenEntry seen, ZoneEntry entry) => seen.Zone == entry.Zone && seen.At == entry.At;
}
