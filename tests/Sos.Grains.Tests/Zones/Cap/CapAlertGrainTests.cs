using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Tests.City;
using Sos.Grains.Zones;
using Sos.Grains.Zones.Cap;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapAlertGrainTests
{
    private static readonly string Elsewhere = SampleWarnings.Square.Replace("48.", "47.", StringComparison.Ordinal);

    [Fact]
    public async Task A_warning_becomes_zones_once_and_they_go_when_it_is_over()
    {
        await using var city = await CityHost.Start();
        var text = SampleWarnings.Text(city.Now);
        Assert.Equal(CapTaken.Taken, await Take(city, text));
        Assert.Equal(CapTaken.Known, await Take(city, text));
        Assert.Equal(["Flood: The docks"], await Names(city));
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(CapTaken.Known, await Take(city, text));
        var view = Assert.Single((await Listing(city).Page(null, 10)).Warnings);
        Assert.Equal((true, 1, "a test"), (view.IsComplete, view.Zones.Length, view.Warning.Origin));
        await city.Advance(TimeSpan.FromHours(7));
        await city.Until("the zone is gone", TimeSpan.FromSeconds(10), async () => (await Names(city)).Count == 0);
    }

    [Fact]
    public async Task Messages_in_any_order_and_twice_come_to_the_same_end()
    {
        var (first, second, third) = (TimeSpan.FromMinutes(-30), TimeSpan.FromMinutes(-20), TimeSpan.FromMinutes(-10));
        foreach (var order in new[] { "012", "021", "102", "120", "201", "210", "0120", "2012", "010212", "221100" })
        {
            await using var city = await CityHost.Start();
            var begin = city.Now;
            string[] messages =
            [
                SampleWarnings.Text(begin + first, "A1"),
                SampleWarnings.Text(begin + second, "A2", "Update", SampleWarnings.Reference(begin + first, "A1"), Elsewhere),
                SampleWarnings.Text(begin + third, "A3", "Update", SampleWarnings.Reference(begin + second, "A2"), happening: "Flood, the third"),
            ];
            foreach (var number in order) await Take(city, messages[number - '0']);
            Assert.True(await Names(city) is ["Flood, the third: The docks"], order);

            var cancel = SampleWarnings.Text(begin, "A4", "Cancel", SampleWarnings.Reference(begin + third, "A3"), area: null);
            await Take(city, cancel);
            foreach (var number in order) await Take(city, messages[number - '0']);
            Assert.Empty(await Names(city));
            var ends = (await Listing(city).Page(null, 10)).Warnings.Select(warning => warning.End?.Kind).ToList();
            Assert.Equal([null, CapEndKind.Cancelled, CapEndKind.Replaced, CapEndKind.Replaced], ends);
        }
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_leaves_nothing_to_warn_of()
    {
        await using var city = await CityHost.Start();
        var sent = city.Now.AddHours(-1);
        await Take(city, SampleWarnings.Text(city.Now, "A2", "Cancel", SampleWarnings.Reference(sent, "A1"), area: null));
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(CapTaken.Superseded, await Take(city, SampleWarnings.Text(sent)));
        Assert.Empty(await Names(city));
    }

    [Fact]
    public async Task Another_sender_ends_nothing()
    {
        await using var city = await CityHost.Start();
        await Take(city, SampleWarnings.Text(city.Now));
        await Take(city, SampleWarnings.Text(city.Now, "B1", "Cancel", SampleWarnings.Reference(city.Now, "A1"), area: null, sender: "eve@example.org"));
        Assert.Single(await Names(city));
    }

    [Fact]
    public async Task What_staff_has_taken_away_does_not_come_back()
    {
        await using var city = await CityHost.Start();
        var text = SampleWarnings.Text(city.Now);
        await Take(city, text);
        var id = (await Listing(city).Page(null, 10)).Warnings[0].Id;
        Assert.True(await city.Grains.GetGrain<ICapAlertGrain>(id).Remove());
        Assert.Empty(await Names(city));
        Assert.Equal(CapTaken.Known, await Take(city, text));
        Assert.Empty(await Names(city));
        Assert.False(await city.Grains.GetGrain<ICapAlertGrain>(Guid.CreateVersion7()).Remove());
    }

    [Fact]
    public async Task Killed_at_any_of_its_writes_the_same_message_again_comes_to_the_same_end()
    {
        foreach (var after in new[] { false, true })
        {
            for (var n = 1; ; n++)
            {
                var guillotine = new Guillotine();
                await using var city = await CityHost.Start(guillotine.Guard);
                var sent = city.Now.AddMinutes(-10);
                await Take(city, SampleWarnings.Text(sent));
                guillotine.KillAt(n, after);
                var update = SampleWarnings.Text(city.Now, "A2", "Update", SampleWarnings.Reference(sent, "A1"), SampleWarnings.Square + Elsewhere, happening: "Flood, again");
                var killed = false;
                try
                {
                    await Take(city, update);
                }
                catch (Exception)
                {
                    // Whatever the grains make of a disk that is gone.
                    killed = true;
                }

                killed |= guillotine.HasFallen;
                guillotine.Lift();
                if (killed) await city.CrashAndRestart(TimeSpan.FromSeconds(1));
                await Take(city, update);
                Assert.Equal(["Flood, again: The docks", "Flood, again: The docks"], await Names(city));
                Assert.All((await Listing(city).Page(null, 10)).Warnings.Where(warning => warning.End is null), warning => Assert.True(warning.IsComplete));
                if (!killed) break;
                Assert.True(n < 60, "It writes more often than it should.");
            }
        }
    }

    [Fact]
    public async Task Killed_between_the_warning_and_what_it_ends_the_reminder_ends_it()
    {
        await using var city = await CityHost.Start();
        var sent = city.Now.AddMinutes(-10);
        await Take(city, SampleWarnings.Text(sent));
        var cancel = Intake(city).Read(SampleWarnings.Bytes(SampleWarnings.Text(city.Now, "A2", "Cancel", SampleWarnings.Reference(sent, "A1"), area: null)), "a test").Warning!;
        await city.Grains.GetGrain<ICapAlertGrain>(CapKeys.Of(cancel.Name)).Take(cancel);
        await city.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Single(await Names(city));
        await city.Until("it has ended", TimeSpan.FromSeconds(20), async () => (await Names(city)).Count == 0);
    }

    [Fact]
    public async Task Nothing_is_known_of_a_warning_when_its_time_and_that_of_its_record_are_over()
    {
        await using var city = await CityHost.Start();
        await Take(city, SampleWarnings.Text(city.Now));
        var id = (await Listing(city).Page(null, 10)).Warnings[0].Id;
        await city.Advance(TimeSpan.FromDays(40));
        await city.Until("it is forgotten", TimeSpan.FromSeconds(10), async () => await city.Grains.GetGrain<ICapAlertGrain>(id).Read() is null);
        Assert.Empty((await Listing(city).Page(null, 10)).Warnings);
        Assert.Empty(await city.Grains.GetGrain<ICapIndexGrain>(CapKeys.ShardOf(id)).List());
    }

    [Fact]
    public async Task Pages_follow_each_other_newest_first()
    {
        await using var city = await CityHost.Start();
        for (var i = 0; i < 5; i++) await Take(city, SampleWarnings.Text(city.Now.AddMinutes(-i), $"A{i}", area: null));
        var names = new List<string>();
        for (Guid? before = null; ;)
        {
            var page = await Listing(city).Page(before, 2);
            names.AddRange(page.Warnings.Select(warning => warning.Warning.Name.Identifier));
            if ((before = page.Next) is null) break;
        }

        Assert.Equal(["A0", "A1", "A2", "A3", "A4"], names);
    }

    private static CapListing Listing(CityHost city) => city.Services.GetRequiredService<CapListing>();

    private static CapIntake Intake(CityHost city) => city.Services.GetRequiredService<CapIntake>();

    private static Task<CapTaken> Take(CityHost city, string text) => Intake(city).Take(Intake(city).Read(SampleWarnings.Bytes(text), "a test").Warning!);

    private static async Task<List<string>> Names(CityHost city) =>
        [.. (await city.Services.GetRequiredService<ZoneListing>().Page(new GeoBounds(47, 16, 49, 17), null, 100))!.Zones.Select(zone => zone.Draft.Name)];
}
