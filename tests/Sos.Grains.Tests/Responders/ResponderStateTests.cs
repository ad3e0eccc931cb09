using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Responders;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Responders;

/// <summary>Nothing grows without bound: a record over 64 KB is a defect.</summary>
public class ResponderStateTests
{
    private const int LargestRecord = 64 * 1024;
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    [Fact]
    public void A_full_inbox_of_the_longest_items_fits_into_a_record_and_reads_back()
    {
        var state = new InboxState { Seq = 1_000_000 };
        for (var i = 0; i < 300; i++) InboxRules.Insert(state, Longest(i), Now, new ResponderOptions());

        var bytes = new SosStateSerializer().Serialize(state);

        Assert.InRange(bytes.ToMemory().Length, 40_000, LargestRecord);
        var read = new SosStateSerializer().Deserialize<InboxState>(bytes);
        Assert.Equal(state.Seq, read.Seq);
        Assert.Equal(state.Items.Select(i => i.ToItem()), read.Items.Select(i => i.ToItem()));
    }

    [Fact]
    public void A_full_roster_bucket_fits_into_a_record_and_reads_back()
    {
        var ids = Enumerable.Range(0, RosterState.Most).Select(_ => Guid.NewGuid()).ToHashSet();
        var state = new RosterState();
        state.Pack(ids);

        var bytes = new SosStateSerializer().Serialize(state);

        Assert.InRange(bytes.ToMemory().Length, 1, LargestRecord);
        Assert.Equal(ids, new SosStateSerializer().Deserialize<RosterState>(bytes).Unpack());
    }

    [Fact]
    public void A_responder_with_a_long_history_is_a_small_record_and_reads_back()
    {
        var state = ReservationRulesTests.OnDuty(ResponderRules.MostCapacity);
        var options = new ResponderOptions();
        for (var i = 0; i < 100; i++)
        {
            ReservationRules.Confirm(state, Guid.NewGuid(), long.MaxValue - i);
            ReservationRules.Release(state, Guid.NewGuid(), long.MaxValue - i, ReleaseReason.Completed, DateTimeOffset.UnixEpoch, options);
        }

        ResponderRules.Clear(state, new ResponderClearance(true, Capabilities.Medical | Capabilities.Aed, new string('ö', 500)));
        var bytes = new SosStateSerializer().Serialize(state);

        Assert.InRange(bytes.ToMemory().Length, 1, 10 * 1024);
        var read = new SosStateSerializer().Deserialize<ResponderState>(bytes);
        Assert.Equivalent(state, read, strict: true);
    }

    private static InboxDelivery Longest(int i) => new(
        Guid.NewGuid(), 1_000_000, InboxKind.Assigned, 1_000_000,
        new Briefing(
            AlertKind.Medical, "u281z", new PositionFix(new GeoPoint(-48.13712345678, -171.575456789), Distance.FromMetres(1_212.123456), Now.AddTicks(-i), true),
            21_234.123456, 12_567.123456, Now.AddSeconds(20), true),
        new string('x', 200));
}
