using Sos.Contracts.Responders;

namespace Sos.Grains.Tests.Responders;

public class ResponderReservationTests
{
    [Fact]
    public async Task Fifty_alerts_that_want_one_responder_at_once_get_exactly_her_capacity_in_1_000_rounds()
    {
        const int seed = 14;
        var random = new Random(seed);
        await using var bench = await ResponderBench.Start();
        for (var round = 0; round < 1_000; round++)
        {
            var capacity = 1 + random.Next(3);
            var (_, grain) = await bench.OnDuty(capacity);
            var alerts = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray();

            var answers = await Task.WhenAll(alerts.Select(alert => Task.Run(() => grain.TryReserve(alert, 1))));

            Assert.Equal(capacity, answers.Count(a => a.Outcome == ReservationOutcome.Reserved));
            Assert.All(answers, a => Assert.True(a.Outcome is ReservationOutcome.Reserved or ReservationOutcome.AtCapacity));
            Assert.Equal(capacity, (await grain.View())!.Engaged);
        }
    }

    [Fact]
    public async Task Capacity_that_is_taken_and_given_back_shows_in_the_cell_at_once()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        await bench.Report(grain, ResponderBench.Here);
        var alert = Guid.CreateVersion7();
        Assert.Equal(new Reservation(ReservationOutcome.Reserved, "Ada"), await grain.TryReserve(alert, 3));
        Assert.Empty((await bench.Find(ResponderBench.Here, freeOnly: true)).Hits);
        Assert.Equal(0, Assert.Single((await bench.Find(ResponderBench.Here)).Hits).Entry.Traits!.FreeCapacity);

        await grain.Confirm(alert, 3);
        await grain.Release(alert, 4, ReleaseReason.Completed);
        var traits = Assert.Single((await bench.Find(ResponderBench.Here, freeOnly: true)).Hits).Entry.Traits!;
        Assert.Equal(1, traits.FreeCapacity);
        Assert.InRange(traits.Reliability, 0.51, 0.99);
    }

    [Fact]
    public async Task A_reservation_nobody_confirms_lapses_after_ten_minutes_and_the_cell_hears_of_it()
    {
        await using var bench = await ResponderBench.Start();
        var (_, grain) = await bench.OnDuty();
        await bench.Report(grain, ResponderBench.Here);
        await grain.TryReserve(Guid.CreateVersion7(), 1);
        await bench.Host.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(ReservationOutcome.AtCapacity, (await grain.TryReserve(Guid.CreateVersion7(), 1)).Outcome);

        var told = bench.Watch.Next("IGeocellGrain.Report");
        await bench.Host.Advance(TimeSpan.FromMinutes(1));
        await told;
        Assert.Equal(1, Assert.Single((await bench.Find(ResponderBench.Here, freeOnly: true)).Hits).Entry.Traits!.FreeCapacity);
        Assert.Equal(ReservationOutcome.Reserved, (await grain.TryReserve(Guid.CreateVersion7(), 1)).Outcome);
    }

    [Fact]
    public async Task A_crash_keeps_duty_inbox_reservations_and_history()
    {
        await using var bench = await ResponderBench.Start();
        var (id, grain) = await bench.OnDuty(capacity: 2);
        var (held, over, asked) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await grain.TryReserve(held, 2);
        await grain.Confirm(held, 2);
        await grain.TryReserve(over, 2);
        await grain.Release(over, 2, ReleaseReason.Declined);
        var receipt = await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1, asked));
        var before = await grain.View();

        await bench.Restart();

        grain = bench.Responder(id);
        Assert.Equal(before, await grain.View());
        Assert.Equal((true, 1, 1L), (before!.OnDuty, before.Engaged, before.InboxSeq));
        Assert.Equal(asked, Assert.Single(await grain.Inbox(0)).Delivery.AlertId);
        Assert.Equal(receipt.Seq, (await grain.Deliver(InboxRulesTests.Delivery(InboxKind.Offer, 1, 1, asked))).Seq);
        Assert.Equal(ReservationOutcome.Superseded, (await grain.TryReserve(over, 2)).Outcome);
        Assert.Equal(ReservationOutcome.Reserved, (await grain.TryReserve(held, 2)).Outcome);
        Assert.Equal(ReservationOutcome.Reserved, (await grain.TryReserve(Guid.CreateVersion7(), 1)).Outcome);
        Assert.Equal(ReservationOutcome.AtCapacity, (await grain.TryReserve(Guid.CreateVersion7(), 1)).Outcome);
    }
}
