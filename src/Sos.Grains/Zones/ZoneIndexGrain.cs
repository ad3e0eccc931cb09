using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;
using Sos.Grains.State;

namespace Sos.Grains.Zones;

[GrainType("sos.zone-index")]
internal sealed class ZoneIndexGrain([PersistentState("cell", StorageNames.Records)] IPersistentState<ZoneIndexState> record) : Grain, IZoneIndexGrain
{
    // Interleaves with a write that may yet fail, so it is served from what is known to be on disk.
    private ZoneCellList _list = new(0, [], "");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    public async Task<bool> Add(ImmutableArray<ListedZone> zones)
    {
        var listed = record.State.Zones;
        var news = zones.Where(zone => Place(zone.Id) is var place && (place < 0 || listed[place].Version < zone.Version)).ToList();
        if (news.Count == 0) return true;
        if (listed.Count + news.Count(zone => Place(zone.Id) < 0) > ZoneCells.MostZones) return false;
        foreach (var zone in news)
        {
            var place = Place(zone.Id);
            if (place < 0) listed.Insert(~place, zone);
            else listed[place] = zone;
        }

        await Write();
        return true;
    }

    public async Task Remove(Guid zone)
    {
        var place = Place(zone);
        if (place < 0) return;
        record.State.Zones.RemoveAt(place);
        await Write();
    }

    public async Task NoteBelow(string letters)
    {
        var all = string.Concat(record.State.Below.Concat(letters).Distinct().Order());
        if (all == record.State.Below) return;
        record.State.Below = all;
        await Write();
    }

    public Task<ZoneCellList?> Read(long known) => Task.FromResult(known == _list.Stamp ? null : _list);

    private int Place(Guid zone) => record.State.Zones.BinarySearch(new ListedZone(zone, 0), Comparer<ListedZone>.Create(static (one, other) => one.Id.CompareTo(other.Id)));

    private void Remember() => _list = new ZoneCellList(record.State.Stamp, [.. record.State.Zones], record.State.Below);

    private async Task Write()
    {
        record.State.Stamp++;
        await this.WriteOrLeave(record);

        Remember();
    }
}
