using System.Collections.Concurrent;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;

namespace Sos.Grains.Tests.Relatives;

/// <summary>That nobody is shown where she is any more: told to her own devices, by what she has said herself, and by nothing that another has done in secret.</summary>
public sealed class SharingEndTests
{
    [Fact]
    public async Task When_the_last_one_has_run_out_her_devices_hear_it_at_that_time_also_after_a_kill()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        var end = all.City.Now.AddSeconds(50);
        await all.Show(ann, ben, until: end);
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        var (hers, his) = (await Device.Of(all, ann), await Device.Of(all, ben));
        await all.City.Until("she hears it", TimeSpan.FromSeconds(2), async () =>
        {
            foreach (var device in new[] { hers, his }) await device.Follow(all);
            return !hers.Ends.IsEmpty;
        });
        var told = Assert.Single(hers.Ends);
        Assert.True(told.Sharing && told.At >= end);
        Assert.False((await all.With(ann, ben))!.Sharing.Enabled);
        Assert.Empty(his.Ends);
    }

    [Fact]
    public async Task It_is_told_once_for_her_switch_and_for_the_last_of_several_and_never_for_what_others_do_in_secret()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben) = await Related(all);
        var (eve, eves) = await all.Person("Eve");
        await all.Relate(ann, eve, eves);
        await all.Show(ann, ben);
        await all.Show(ann, eve);
        var (hers, his) = (await Device.Of(all, ann), await Device.Of(all, ben));

        // Both block her, and one pauses: she is shown to nobody, and hears of nothing.
        await all.Of(eve).Change((await all.With(eve, ann))!.Id, new RelativeChange(null, null, true));
        foreach (var other in new[] { ben, eve }) await all.City.Grains.GetGrain<IBlocksGrain>(other).Add(new BlockDraft(ann));
        await all.City.Until("nobody is shown", async () => (await all.Of(ann).Policy()).Shares.IsEmpty);

        await all.Hide(ann, ben);
        await all.Hide(ann, eve);
        await all.City.Until("the last one is told", () => Task.FromResult(!hers.Ends.IsEmpty));
        await all.Of(ann).Toggle(false);
        await all.Of(ann).Toggle(false);
        await all.City.Until("the switch is told", () => Task.FromResult(hers.Ends.Count == 2));
        await all.Of(ann).Toggle(true);
        await all.Of(ann).Toggle(false);
        await all.City.Until("again", () => Task.FromResult(hers.Ends.Count >= 3));
        Assert.Equal([true, false, false], hers.Ends.Select(end => end.Sharing));
        Assert.Empty(his.Ends);
    }

    private static async Task<(Guid Ann, Guid Ben)> Related(RelativesCity all)
    {
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        return (ann, ben);
    }

    /// <summary>A device of somebody.</summary>
    private sealed class Device : IDeviceObserver
    {
        private readonly Guid _person;
        private readonly IDeviceObserver _reference;

        private Device(RelativesCity all, Guid person) => (_person, _reference) = (person, all.City.Grains.CreateObjectReference<IDeviceObserver>(this));

        public ConcurrentQueue<SharingEnd> Ends { get; } = [];

        public static async Task<Device> Of(RelativesCity all, Guid person)
        {
            var device = new Device(all, person);
            await device.Follow(all);
            return device;
        }

        /// <summary>As devices do twice a minute: whoever does not is forgotten, however long the clock takes for it.</summary>
        public Task Follow(RelativesCity all) => all.User(_person).Follow(_reference);

        public Task SharingEnded(Guid person, SharingEnd end)
        {
            Ends.Enqueue(end);
            return Task.CompletedTask;
        }

        public Task AlertChanged(Guid person, AlertEvent change) => Task.CompletedTask;

        public Task InboxChanged(Guid person, InboxItem item) => Task.CompletedTask;

        public Task ZoneEntered(Guid person, ZoneWarning warning) => Task.CompletedTask;

        public Task BoardChanged(Guid person, BoardEntry entry) => Task.CompletedTask;

        public Task RelativeNear(Guid person, ProximityAlert alert) => Task.CompletedTask;

        public Task CrowdSeen(Guid person, ZoneCrowd crowd) => Task.CompletedTask;
    }
}
