using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Alerts;
using Sos.Contracts.Privacy;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Alerts;
using Sos.Grains.Privacy;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Privacy;

/// <summary>An alert's data ends when its time is over, not before, and as the person wants it.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task Seven_days_after_the_close_the_data_is_destroyed_and_a_signed_tombstone_remains()
    {
        await using var retention = await RetentionCity.Start();
        var city = retention.City;
        await city.Until("it is listed", () => retention.IsFiled(retention.ClosedAt + Week));
        Assert.Equal(retention.ClosedAt + Week, (await retention.Seen())!.EraseAt);
        await city.Until("the evidence file is offered", async () => (await retention.Seen())!.EvidenceUntil == retention.ClosedAt + Week);
        Assert.Null((await city.Staff(retention.Alert)).EraseAt);
        Assert.Null((await city.Staff(retention.Alert)).EvidenceUntil);

        await city.Advance(Week - TimeSpan.FromMinutes(1));
        await retention.Pass(1);
        Assert.Equal("left door", (await retention.Seen())!.Note);
        Assert.Equal(1, await retention.Fixes());

        await retention.Erased();
        var seen = (await retention.Seen())!;
        var tombstone = seen.Tombstone!;
        // Not sooner. How much later is the bucket's end and two looks; the clock of the test runs ahead of a busy machine and cannot say it.
        Assert.True(tombstone.ErasedAt - retention.ClosedAt >= Week);
        Assert.Equal((retention.Alert, AlertStatus.Resolved, retention.ClosedAt), (tombstone.AlertId, tombstone.Status, tombstone.ClosedAt));
        Assert.True(city.Services.GetRequiredService<ITombstoneSigner>().Verify(tombstone.Content(), tombstone.Signature.AsSpan()));
        Assert.False(city.Services.GetRequiredService<ITombstoneSigner>().Verify((tombstone with { Events = 99 }).Content(), tombstone.Signature.AsSpan()));
        Assert.Null(seen.Note);
        Assert.Null(seen.Position);
        Assert.Null(seen.EvidenceUntil);
        Assert.Equal(0, seen.Receipts.Asked);
        await city.Until("the rest is deleted", async () => await retention.Fixes() == 0 && await retention.Candidates() is null);
        await city.Until("the bucket is gone", async () => !await retention.IsFiled(retention.ClosedAt + Week));
        Assert.True((await city.Alert(retention.Alert).Events(new AlertReader(retention.Victim, false, []), 0, 200))!.Erased);
        Assert.Null(await city.Alert(retention.Alert).View(new AlertReader(Guid.NewGuid(), false, [])));
    }

    [Fact]
    public async Task A_hold_keeps_it_as_long_as_the_person_says_and_no_longer()
    {
        await using var retention = await RetentionCity.Start();
        var city = retention.City;
        Assert.Equal(AlertRefusal.NotFound, (await city.Alert(retention.Alert).Hold(new HoldCommand(Guid.NewGuid(), 30))).Refusal);
        var held = await city.Alert(retention.Alert).Hold(new HoldCommand(retention.Victim, 30));
        Assert.Equal(retention.ClosedAt.AddDays(30), held.View!.EraseAt);
        await city.Until("it is listed anew", () => retention.IsFiled(retention.ClosedAt.AddDays(30)));
        await city.Until("the evidence file is offered as long", async () => (await retention.Seen())!.EvidenceUntil == retention.ClosedAt.AddDays(30));

        await city.Advance(TimeSpan.FromDays(8));
        await retention.Pass(60);
        Assert.Equal("left door", (await retention.Seen())!.Note);
        await city.Advance(TimeSpan.FromDays(22));
        await retention.Erased();
    }

    [Fact]
    public async Task A_hold_that_is_ended_ends_the_data_at_once_when_its_week_is_over()
    {
        await using var retention = await RetentionCity.Start();
        var city = retention.City;
        await city.Alert(retention.Alert).Hold(new HoldCommand(retention.Victim, HoldCommand.MostDays));
        await city.Until("it is listed anew", () => retention.IsFiled(retention.ClosedAt.AddDays(HoldCommand.MostDays)));
        await city.Advance(TimeSpan.FromDays(20));
        Assert.Equal(retention.ClosedAt + Week, (await city.Alert(retention.Alert).Hold(new HoldCommand(retention.Victim, null))).View!.EraseAt);
        await retention.Erased();
        Assert.InRange((await retention.Seen())!.Tombstone!.ErasedAt - retention.ClosedAt, TimeSpan.FromDays(20), TimeSpan.FromDays(HoldCommand.MostDays));
        Assert.Equal(AlertRefusal.Erased, (await city.Alert(retention.Alert).Hold(new HoldCommand(retention.Victim, 30))).Refusal);
    }

    [Fact]
    public async Task Who_wants_nothing_kept_has_it_destroyed_as_soon_as_everybody_is_told()
    {
        await using var retention = await RetentionCity.Start(choices: new PrivacyChange(HideRoute: true, EraseAtClose: true));
        var city = retention.City;
        await city.Within(TimeSpan.FromMinutes(2), "the data is destroyed", async () =>
        {
            var seen = (await retention.Seen())!;
            Assert.Null(seen.EvidenceUntil);
            return seen.Tombstone is not null;
        });
        Assert.Equal(0, await retention.Fixes());
        await city.Until("she has been told that it is over", async () => await city.Grains.GetGrain<IUserGrain>(retention.Victim).OpenAlert() is null);
        await city.Until("nothing of it stays with who was asked", async () => (await city.Inbox(retention.Anna, retention.Alert)).All(item => item.Delivery.Briefing is null));
    }

    [Fact]
    public async Task Open_alerts_take_no_hold()
    {
        await using var city = await CityHost.Start();
        var (alert, victim) = await city.Press();
        Assert.Equal(AlertRefusal.IllegalMove, (await city.Alert(alert).Hold(new HoldCommand(victim, 30))).Refusal);
    }

    [Fact]
    public void A_clock_that_jumps_forward_and_back_confirms_nothing()
    {
        var time = new TwoClocks();
        var due = time.Wall.AddDays(7);
        var confirmation = new DueConfirmation(time, TimeSpan.FromMinutes(10));
        time.Wall = due.AddMinutes(5);
        Assert.False(confirmation.Look(due));
        // Put right within ten minutes: it was no time that passed.
        time.Wall = due.AddDays(-7);
        time.Elapsed += TimeSpan.FromMinutes(6);
        Assert.False(confirmation.Look(due));
        time.Elapsed += TimeSpan.FromMinutes(6);
        time.Wall = due.AddMinutes(1);
        Assert.False(confirmation.Look(due));
        time.Elapsed += TimeSpan.FromMinutes(9);
        Assert.False(confirmation.Look(due));
        time.Elapsed += TimeSpan.FromMinutes(1);
        Assert.True(confirmation.Look(due));
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "202603011200")]
    [InlineData("2026-03-01T12:00:01Z", "202603011215")]
    [InlineData("2026-12-31T23:59:00Z", "202701010000")]
    public void A_bucket_ends_when_all_in_it_is_due(string due, string end)
    {
        var at = DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture);
        var key = RetentionBuckets.KeyOf(at, Guid.NewGuid(), 3);
        Assert.StartsWith(end + "/", key, StringComparison.Ordinal);
        Assert.Contains("/3/", key, StringComparison.Ordinal);
        Assert.InRange(RetentionBuckets.EndOf(key) - at, TimeSpan.Zero, RetentionBuckets.Span);
    }

    [Fact]
    public async Task A_full_bucket_sends_on_to_the_next()
    {
        await using var city = await CityHost.Start();
        var bucket = city.Grains.GetGrain<IRetentionBucketGrain>(RetentionBuckets.KeyOf(city.Now + Week, Guid.Empty, 0));
        var first = Guid.NewGuid();
        Assert.True(await bucket.Add(first));
        for (var i = 1; i < 64; i++) Assert.True(await bucket.Add(Guid.NewGuid()));
        Assert.False(await bucket.Add(Guid.NewGuid()));
        Assert.True(await bucket.Add(first));
        await bucket.Remove(first);
        Assert.True(await bucket.Add(Guid.NewGuid()));
    }

    [Fact]
    public void What_is_buried_holds_nothing_of_the_emergency()
    {
        var state = new AlertState { Victim = Guid.NewGuid(), Note = "secret", Status = AlertStatus.Resolved, ClosedAt = DateTimeOffset.UnixEpoch, Kind = AlertKind.Safety };
        state.Add(DateTimeOffset.UnixEpoch, AlertEventKind.Raised, Actor.Victim, text: "secret");
        state.Offers.Add(new Offer { Responder = Guid.NewGuid(), Name = "secret" });
        state.Deliver(Guid.NewGuid(), Guid.NewGuid(), InboxKind.StandDown, 1, null, "secret");
        state.Release(Guid.NewGuid(), 3, ReleaseReason.StoodDown);
        var buried = AlertRetention.Bury(state, AlertRetention.Tombstone(state, Guid.NewGuid(), DateTimeOffset.UnixEpoch));
        var json = new Sos.Grains.State.SosStateSerializer().Serialize(buried).ToString();
        Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
        Assert.DoesNotContain("safety", json, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(buried.Outbox, item => item.Kind == OutboxKind.Release);
        Assert.Equal(1, buried.KeyGeneration);
    }

    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
