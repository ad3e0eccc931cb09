using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones;

[GrainType("sos.zone-crowd")]
internal sealed class ZoneCrowdGrain(IOptions<ZoneOptions> options, TimeProvider time) : Grain, IZoneCrowdGrain
{
    private readonly CrowdCount _count = new();

    public async Task Enter(Guid person, ZoneEntry entry)
    {
        var now = time.GetUtcNow();
        if (_count.Enter(person, entry.At, now, options.Value) is not { } people) return;
        var area = AreaId.Of(entry.Point).Value;
        await GrainFactory.GetGrain<IAlertBoardGrain>(area).Crowd(new ZoneCrowd(this.GetPrimaryKey(), entry.Name, entry.Risk, area, people, now));
    }
}
