using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;

namespace Sos.Grains.Tests.Responders;

public class ResponderInboxTests
{
    private static readonly Guid Alert = Guid.Parse("019a0000-0000-7000-8000-0000000000aa");

    [Fact]
    public async Task An_item_is_durable_before_a_device_hears_of_it_and_repeated_to_devices_but_not_to_the_inbox()
    {
        await using var bench = await ResponderBench.Start();
        var (id, grain) = await bench.OnDuty();
        Assert.Equal(new InboxReceipt(1, 0), await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1)));

        var device = new Device();
        await grain.Follow(bench.Host.Grains.CreateObjectReference<IDeviceObserver>(device));
        Assert.Equal(new InboxReceipt(1, 1), await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1)));
        Assert.Equal((id, 1L), await device.Next());
        Assert.Equal(new InboxReceipt(2, 1), await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Assigned, 2, 1)));
        Assert.Equal((id, 2L), await device.Next());
        Assert.Equal([1, 2], (await grain.Inbox(0)).Select(i => i.Seq));
        Assert.Equal([2], (await grain.Inbox(1)).Select(i => i.Seq));

        await bench.Host.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(new InboxReceipt(3, 0), await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Update, 3, 1)));
    }

    [Fact]
    public async Task The_dispatch_stream_is_a_second_way_to_the_same_item()
    {
        await using var bench = await ResponderBench.Start(TimeProvider.System);
        var (id, grain) = await bench.OnDuty();
        var device = new Device();
        await grain.Follow(bench.Host.Grains.CreateObjectReference<IDeviceObserver>(device));
        var stream = bench.Host.Client.GetStreamProvider(StreamNames.Provider).GetStream<InboxDelivery>(StreamId.Create(StreamNames.Dispatch, id));
        await stream.OnNextAsync(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1));
        Assert.Equal((id, 1L), await device.Next());

        Assert.Equal(1, (await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1))).Seq);
        Assert.Equal((id, 1L), await device.Next());
        await stream.OnNextAsync(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1));
        await stream.OnNextAsync(InboxRulesTests.Delivery(InboxKind.Assigned, 2, 1));
        Assert.Equal((id, 2L), await device.Next());
        Assert.Equal([1, 2], (await grain.Inbox(0)).Select(i => i.Seq));
    }

    [Fact]
    public async Task After_she_has_helped_nothing_of_the_alert_is_left_and_nothing_comes_back()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Assigned, 2, 1, Alert));
        await grain.TryReserve(Alert, 2);
        await grain.Confirm(Alert, 2);
        await grain.Release(Alert, 2, ReleaseReason.Completed);
        Assert.Empty(await grain.Inbox(0));
        await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Assigned, 2, 1, Alert));
        await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Update, 9, 4, Alert));
        Assert.Empty(await grain.Inbox(0));
    }

    [Fact]
    public async Task Nothing_is_kept_for_people_who_are_no_responders()
    {
        await using var bench = await ResponderBench.Start();
        var grain = bench.Responder(Guid.CreateVersion7());
        Assert.Equal(new InboxReceipt(0, 0), await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1)));
        Assert.Empty(await grain.Inbox(0));
    }

    private sealed class Device : IDeviceObserver
    {
        private readonly System.Threading.Channels.Channel<(Guid, long)> _items = System.Threading.Channels.Channel.CreateUnbounded<(Guid, long)>();

        public async Task<(Guid Person, long Seq)> Next() => await _items.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        public Task AlertChanged(Guid person, AlertEvent change) => Task.CompletedTask;

        public Task ZoneEntered(Guid person, ZoneWarning warning) => Task.CompletedTask;

        public Task CrowdSeen(Guid person, ZoneCrowd crowd) => Task.CompletedTask;

        public Task SharingEnded(Guid person, SharingEnd end) => Task.CompletedTask;

        public Task InboxChanged(Guid person, InboxItem item)
        {
            _items.Writer.TryWrite((person, item.Seq));
            return Task.CompletedTask;
        }

        public Task BoardChanged(Guid person, BoardEntry entry) => Task.CompletedTask;

        public Task RelativeNear(Guid person, ProximityAlert alert) => Task.CompletedTask;
    }
}
