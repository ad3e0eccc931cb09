using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>One bounded record an hour; encrypted under the person's key.</summary>
[GrainType("sos.trail-hour")]
internal sealed class TrailHourGrain([PersistentState("trail-hour", StorageNames.Records)] IPersistentState<TrailHourState> record) : Grain, ITrailHourGrain
{
    private long Hour => ITrailHourGrain.HourOf(this.GetPrimaryKeyString());

    public async Task Append(ImmutableArray<TrailPoint> points)
    {
        var present = PackedTrail.Unpack(record.State.Points, Hour);
        var known = present.Select(Moment).ToHashSet();
        var added = points.Where(point => known.Add(Moment(point))).Take(TrailRules.MostOfAnHour - present.Length).ToList();
        if (added.Count > 0) await Write([.. present.Concat(added).OrderBy(point => point.Fix.At)]);
    }

    public Task<ImmutableArray<TrailPoint>> Read()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(PackedTrail.Unpack(record.State.Points, Hour));
    }

    public async Task<bool> Forget(DateTimeOffset before)
    {
        var present = PackedTrail.Unpack(record.State.Points, Hour);
        var left = present.RemoveAll(point => point.Fix.At < before);
        if (left.IsEmpty)
        {
            if (record.RecordExists) await this.ClearOrLeave(record);
            DeactivateOnIdle();
        }
        else if (left.Length < present.Length) await Write(left);

        return left.IsEmpty;
    }

    // As finely as it is written.
    private static long Moment(TrailPoint point) => point.Fix.At.ToUnixTimeMilliseconds();

    private async Task Write(ImmutableArray<TrailPoint> points)
    {
        record.State.Points = PackedTrail.Pack(points, Hour);
        await this.WriteOrLeave(record);
    }
}
