using System.Collections.Immutable;
using System.Globalization;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;

namespace Sos.Grains.Tests.Zones;

/// <summary>What a phone decided alone is taken over as if it had been decided here, and nothing comes of it twice.</summary>
public sealed class OfflineReportTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T20:00:00Z", CultureInfo.InvariantCulture);
    private static readonly Guid Ada = Guid.NewGuid();
    private static readonly Guid Docks = Guid.NewGuid();
    private static readonly ZoneOptions Options = new();

    [Fact]
    public void The_cooldown_goes_on_from_the_phones_warning_and_the_same_entry_warns_nobody_again()
    {
        var state = Watching();
        Assert.True(Adopt(state, Report([Entry(1)], warned: 1)));
        Assert.Equal(Now.AddMinutes(4), state.CooldownUntil);
        var (warning, _) = ZoneWatchRules.Enter(state, Ada, [At(Docks, 1), At(Guid.NewGuid(), 0)], Now, Options);
        Assert.Null(warning);
        Assert.Empty(state.Due);
        Assert.NotNull(ZoneWatchRules.Enter(state, Ada, [At(Guid.NewGuid(), 0)], Now.AddMinutes(4), Options).Warning);
    }

    [Fact]
    public void The_same_report_again_changes_nothing()
    {
        var state = Watching();
        Assert.True(Adopt(state, Report([Entry(1), Entry(60)], warned: 1, texted: true)));
        Assert.False(Adopt(state, Report([Entry(1), Entry(60)], warned: 1, texted: true)));
        Assert.Equal(2, state.Weeks.Sum(week => week.ByRisk.Sum()));
    }

    [Fact]
    public void What_both_have_seen_is_counted_once_whichever_told_first()
    {
        var (phoneFirst, serviceFirst) = (Watching(), Watching());
        Adopt(phoneFirst, Report([Entry(1)], warned: 1));
        ZoneWatchRules.Enter(serviceFirst, Ada, [At(Docks, 1.5)], Now, Options);
        var cooldown = serviceFirst.CooldownUntil;
        Adopt(serviceFirst, Report([Entry(1)], warned: 1));
        Assert.Equal(1, serviceFirst.Weeks.Sum(week => week.ByRisk.Sum()));
        Assert.Equal(cooldown, serviceFirst.CooldownUntil);
        Assert.Equal(1, phoneFirst.Weeks.Sum(week => week.ByRisk.Sum()));
    }

    [Fact]
    public void Whom_the_phone_has_texted_is_not_texted_from_here_and_the_next_contacts_are()
    {
        var state = Watching(contacts: 3);
        ZoneWatchRules.Enter(state, Ada, [At(Docks, 1)], Now, Options);
        Assert.Equal([0, 1, 2], state.Due.Select(text => text.Place));
        Assert.True(Adopt(state, Report([Entry(1)], warned: 1, texted: true)));
        Assert.Equal([1, 2], state.Due.Select(text => text.Place));

        var alone = Watching();
        Adopt(alone, Report([Entry(1)], warned: 1, texted: true));
        Assert.Empty(alone.Due);
        Assert.False(ZoneWatchRules.TryNotify(alone, Now, Options));
    }

    [Fact]
    public void An_old_warning_begins_no_cooldown_and_none_is_ever_shortened()
    {
        var state = Watching();
        Assert.False(Adopt(state, Report([], warned: 6)));
        Assert.Equal(default, state.CooldownUntil);
        ZoneWatchRules.Enter(state, Ada, [At(Docks, 0)], Now, Options);
        Adopt(state, Report([], warned: 4));
        Assert.Equal(Now.AddMinutes(5), state.CooldownUntil);
    }

    [Fact]
    public void Entries_are_counted_in_the_week_in_which_they_were_and_none_while_she_does_not_watch()
    {
        var state = Watching();
        ZoneWatchRules.Enter(state, Ada, [At(Docks, 0)], Now, Options);
        Adopt(state, Report([Entry(6 * 24 * 60), Entry(14 * 24 * 60)]));
        Assert.Equal(["2026-11-16", "2026-11-09", "2026-11-02"], state.Weeks.Select(week => week.Monday.ToString("O", CultureInfo.InvariantCulture)));
        Assert.All(state.Weeks, week => Assert.Equal([0, 0, 0, 1, 0], week.ByRisk));

        var off = new ZoneWatchState();
        Assert.False(Adopt(off, Report([Entry(1)], warned: 1, texted: true)));
        Assert.Empty(off.Weeks);
    }

    private static bool Adopt(ZoneWatchState state, OfflineReport report) => ZoneWatchRules.Adopt(state, report, Now, Options);

    private static OfflineReport Report(ImmutableArray<OfflineEntry> entries, double? warned = null, bool texted = false) =>
        new(entries, warned is { } minutes ? Now.AddMinutes(-minutes) : null, texted);

    private static OfflineEntry Entry(double minutesAgo) => new(Docks, 4, Now.AddMinutes(-minutesAgo));

    private static ZoneEntry At(Guid zone, double minutesAgo) => new(zone, "Docks", "crime", 4, Now.AddMinutes(-minutesAgo), new GeoPoint(48.2, 16.37), false);

    private static ZoneWatchState Watching(int contacts = 1) => new() { Watching = true, Mode = ZoneMode.NotifyContact, Contacts = contacts };
}
