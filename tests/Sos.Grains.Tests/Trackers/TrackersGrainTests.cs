using Sos.Contracts.Geo;
using Sos.Contracts.Trackers;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Trackers;

public sealed class TrackersGrainTests
{
    private static readonly Guid Ada = Guid.Parse("019a0000-0000-7000-8000-00000000ada3");

    [Fact]
    public async Task A_tracker_is_found_by_the_hash_of_its_token_until_it_is_revoked_and_a_kill_changes_neither()
    {
        await using var city = await CityHost.Start();
        var (watch, phone) = (Draft("Watch", "0a"), Draft("Phone", "0b"));
        await Hers(city).Add(watch);
        await Hers(city).Add(phone);
        Assert.Equal(watch.Id, (await Hers(city).Find("0a"))!.Id);
        Assert.Null(await Hers(city).Find("0c"));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.True(await Hers(city).Revoke(watch.Id));
        Assert.Null(await Hers(city).Find("0a"));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.Null(await Hers(city).Find("0a"));
        Assert.False(await Hers(city).Revoke(watch.Id));
        Assert.Equal(["Phone"], (await Hers(city).List()).Select(tracker => tracker.Name));
    }

    [Fact]
    public async Task Ten_are_the_most_and_one_that_is_added_again_is_there_once()
    {
        await using var city = await CityHost.Start();
        var drafts = Enumerable.Range(0, 10).Select(i => Draft($"T{i}", $"{i:x2}")).ToList();
        foreach (var draft in drafts) Assert.NotNull(await Hers(city).Add(draft));
        Assert.NotNull(await Hers(city).Add(drafts[3]));
        Assert.Null(await Hers(city).Add(Draft("T10", "ff")));
        Assert.Equal(10, (await Hers(city).List()).Length);
    }

    [Fact]
    public async Task When_it_was_heard_of_is_exact_in_memory_and_to_the_hour_on_disk_and_what_it_said_is_nowhere_on_disk()
    {
        await using var city = await CityHost.Start();
        var draft = Draft("Watch", "0a");
        await Hers(city).Add(draft);
        Assert.Null((await Hers(city).List())[0].LastSeenAt);
        var first = city.Now;
        await Hers(city).Heard(draft.Id, new TrackerSign(city.Now, 80, new Speed(2), null));
        await city.Advance(TimeSpan.FromMinutes(59));
        await Hers(city).Heard(draft.Id, new TrackerSign(city.Now, 79, new Speed(1), "latitude must be −90 to 90."));
        var seen = (await Hers(city).List())[0];
        Assert.Equal((city.Now, 79.0, 1.0, "latitude must be −90 to 90."), (seen.LastSeenAt!.Value, seen.Last!.Battery!.Value, seen.Last.Speed!.Value.MetresPerSecond, seen.Last.Problem));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        seen = (await Hers(city).List())[0];
        Assert.Equal((first, null), (seen.LastSeenAt!.Value, seen.Last));

        // Who is not hers leaves no trace.
        await Hers(city).Heard(Guid.NewGuid(), new TrackerSign(city.Now, null, null, null));
        Assert.Single(await Hers(city).List());
    }

    [Fact]
    public async Task It_shows_relatives_only_where_she_said_so_and_it_can_also_after_a_kill()
    {
        await using var city = await CityHost.Start();
        var (map, watch) = (Draft("Map", "0a", TrackerKind.Owntracks), Draft("Watch", "0b"));
        Assert.False((await Hers(city).Add(map))!.ShowsRelatives);
        await Hers(city).Add(watch);
        Assert.True((await Hers(city).ShowRelatives(map.Id, true))!.ShowsRelatives);
        Assert.False((await Hers(city).ShowRelatives(watch.Id, true))!.ShowsRelatives);
        Assert.Null(await Hers(city).ShowRelatives(Guid.NewGuid(), true));
        await Hers(city).Heard(map.Id, new TrackerSign(city.Now, 80, null, null));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.True((await Hers(city).Find("0a"))!.ShowsRelatives);
        Assert.False((await Hers(city).ShowRelatives(map.Id, false))!.ShowsRelatives);
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.False((await Hers(city).Find("0a"))!.ShowsRelatives);
    }

    [Fact]
    public async Task With_the_account_they_end()
    {
        await using var city = await CityHost.Start();
        await Hers(city).Add(Draft("Watch", "0a"));
        await Hers(city).Erase();
        await Hers(city).Erase();
        Assert.Null(await Hers(city).Find("0a"));
        await city.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.Empty(await Hers(city).List());
    }

    private static ITrackersGrain Hers(CityHost city) => city.Grains.GetGrain<ITrackersGrain>(Ada);

    private static TrackerDraft Draft(string name, string hash, TrackerKind kind = TrackerKind.Traccar) => new(Guid.CreateVersion7(), name, kind, hash);
}
