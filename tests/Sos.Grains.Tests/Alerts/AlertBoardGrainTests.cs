using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Alerts;

/// <summary>Boards and operators on a silo.</summary>
public sealed class AlertBoardGrainTests
{
    private static readonly string Here = AreaId.Of(CityHost.Square).Value;
    private const string Elsewhere = "9q8y";

    [Fact]
    public async Task A_press_reaches_the_desk_of_the_operators_of_its_area_and_of_no_other()
    {
        await using var city = await CityHost.Start();
        var (own, other, everywhere) = (await Desk.Open(city, Here), await Desk.Open(city, Elsewhere), await Desk.Open(city, "*"));
        var (alert, _) = await city.Press();

        await Eventually(city, "the operator of the area hears", async () => await own.Heard(alert));
        await Eventually(city, "the operator of every area hears", async () => await everywhere.Heard(alert));
        Assert.Equal(alert, (await own.Board()).Single().AlertId);
        Assert.Equal(alert, (await everywhere.Board()).Single().AlertId);
        Assert.Empty(await other.Board());
        Assert.False(await other.Heard(alert));
    }

    [Fact]
    public async Task An_alert_without_a_position_is_on_every_desk()
    {
        await using var city = await CityHost.Start();
        var desk = await Desk.Open(city, Elsewhere);
        var (alert, _) = await city.Press(located: false);
        await Eventually(city, "the operator hears", async () => await desk.Heard(alert));
        Assert.Equal(AreaId.None.Value, (await desk.Board()).Single().Area);
    }

    [Fact]
    public async Task A_closed_alert_leaves_the_board_and_its_followers_are_told()
    {
        await using var city = await CityHost.Start();
        var desk = await Desk.Open(city, Here);
        var (alert, victim) = await city.Press();
        await Eventually(city, "it is on the board", async () => (await desk.Board()).Length == 1);
        await city.Alert(alert).Cancel(new CancelCommand(victim, null, null));
        await Eventually(city, "it has left", async () => (await desk.Board()).Length == 0);
        await Eventually(city, "the operator hears", () => Task.FromResult(desk.Changes.Any(c => c is { Status: AlertStatus.Cancelled })));
    }

    [Fact]
    public async Task Calling_staff_counts_who_is_connected_and_forgets_who_has_fallen_silent()
    {
        await using var city = await CityHost.Start();
        var board = city.Grains.GetGrain<IAlertBoardGrain>(Here);
        var entry = Entry(Here) with { NeedsStaff = true };
        Assert.Equal(0, await board.CallStaff(entry));

        var desk = await Desk.Open(city, Here);
        Assert.Equal(1, await board.CallStaff(entry with { Seq = 2 }));
        await Eventually(city, "the operator hears", async () => await desk.Heard(entry.AlertId));

        // Her process renews no more: the desk lets the boards know at its next renewal, a minute later at the latest.
        await city.Within(TimeSpan.FromSeconds(130), "nobody is there", async () => await board.CallStaff(entry with { Seq = 2 }) == 0);
    }

    [Fact]
    public async Task An_operator_of_every_area_hears_of_areas_that_never_had_an_alert_before()
    {
        await using var city = await CityHost.Start();
        var desk = await Desk.Open(city, "*");
        var entries = new[] { Entry("u4pr"), Entry("u4ps"), Entry("ezs4") };
        foreach (var entry in entries) await city.Grains.GetGrain<IAlertBoardGrain>(entry.Area).Announce(entry);
        await Eventually(city, "she hears of all", async () => (await Task.WhenAll(entries.Select(e => desk.Heard(e.AlertId)))).All(heard => heard));
        Assert.Equal(entries.Length, (await desk.Board()).Length);
    }

    [Fact]
    public async Task The_area_index_survives_a_crash_and_the_sweeps_pings_fill_the_board_again()
    {
        await using var city = await CityHost.Start();
        var desk = await Desk.Open(city, "*");
        var (alert, _) = await city.Press();
        await Eventually(city, "the area is listed", async () => (await desk.Board()).Length == 1);
        await city.CrashAndRestart(TimeSpan.FromSeconds(3));
        await city.Alert(alert).Ping();
        desk = await Desk.Open(city, "*");
        await Eventually(city, "the board has it again", async () => (await desk.Board()).Any(e => e.AlertId == alert));
    }

    [Fact]
    public async Task An_operator_whose_areas_were_taken_away_hears_nothing_more()
    {
        await using var city = await CityHost.Start();
        var desk = await Desk.Open(city, Here);
        await desk.Follow(Elsewhere);
        var (alert, _) = await city.Press();
        await Eventually(city, "it is on the board", async () => (await city.Grains.GetGrain<IAlertBoardGrain>(Here).Open()).Length == 1);
        Assert.False(await desk.Heard(alert));
    }

    /// <summary>Streams deliver after a moment of the clock's time, which therefore goes on, but slower than the grains.</summary>
    private static async Task Eventually(CityHost city, string what, Func<Task<bool>> condition)
    {
        var checks = 0;
        await city.Until(what, async () =>
        {
            if (await condition()) return true;
            if (++checks % 50 == 0) await city.Advance(TimeSpan.FromMilliseconds(20));
            return false;
        });
    }

    private static BoardEntry Entry(string area) =>
        new(Guid.NewGuid(), area, 1, 1, AlertStatus.Offered, AlertKind.Fire, DateTimeOffset.UnixEpoch, null, null, null, null, false);

    /// <summary>An operator with one device.</summary>
    private sealed class Desk : IDeviceObserver
    {
        private readonly ConcurrentQueue<BoardEntry> _changes = [];
        private readonly IOperatorGrain _grain;
        private readonly IDeviceObserver _reference;
        private ImmutableArray<string> _areas;

        private Desk(CityHost city)
        {
            _grain = city.Grains.GetGrain<IOperatorGrain>(Guid.NewGuid());
            _reference = city.Grains.CreateObjectReference<IDeviceObserver>(this);
        }

        public IReadOnlyCollection<BoardEntry> Changes => _changes;

        public static async Task<Desk> Open(CityHost city, params string[] areas)
        {
            var desk = new Desk(city);
            await desk.Follow(areas);
            return desk;
        }

        public Task Follow(params string[] areas)
        {
            _areas = [.. areas];
            return _grain.Follow(_reference, _areas);
        }

        public Task<ImmutableArray<BoardEntry>> Board() => _grain.Board(_areas);

        /// <summary>Asked after a round trip through the desk, so that what was on its way has arrived.</summary>
        public async Task<bool> Heard(Guid alert)
        {
            await _grain.Board([]);
            return _changes.Any(c => c.AlertId == alert);
        }

        public Task AlertChanged(Guid person, AlertEvent change) => Task.CompletedTask;

        public Task ZoneEntered(Guid person, ZoneWarning warning) => Task.CompletedTask;

        public Task CrowdSeen(Guid person, ZoneCrowd crowd) => Task.CompletedTask;

        public Task SharingEnded(Guid person, SharingEnd end) => Task.CompletedTask;

        public Task InboxChanged(Guid person, InboxItem item) => Task.CompletedTask;

        public Task BoardChanged(Guid person, BoardEntry entry)
        {
            Assert.Equal(_grain.GetPrimaryKey(), person);
            _changes.Enqueue(entry);
            return Task.CompletedTask;
        }

        public Task RelativeNear(Guid person, ProximityAlert alert) => Task.CompletedTask;
    }
}
