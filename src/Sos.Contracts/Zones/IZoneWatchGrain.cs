using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Zones;

/// <summary>
/// How one person watches out for zones: her settings, the one cooldown over all zones, and the contacts that are still to be texted. It makes no
/// call, no report and no alert, ever. Key: user id.
/// </summary>
[Alias("sos.zones.IZoneWatchGrain")]
public interface IZoneWatchGrain : IGrainWithGuidKey
{
    /// <summary>Settings, cooldown and counts.</summary>
    [Alias("View")] Task<ZoneWatchView> View();

    /// <summary>Changes the settings.</summary>
    [Alias("Set")] Task<ZoneWatchView> Set(ZoneWatchSettings settings);

    /// <summary>She has come into zones: the warning for her, durable before it is answered; null when the cooldown holds it back. The same entry again: the same answer.</summary>
    [Alias("Enter")] Task<ZoneWarning?> Enter(ImmutableArray<ZoneEntry> entries);

    /// <summary>Takes over what her phone decided while it had no connection: the entries count, the cooldown goes on, and what it has sent is not sent again.</summary>
    [Alias("Adopt")] Task<ZoneWatchView> Adopt(OfflineReport report);

    /// <summary>She wants a contact of hers texted now; once a cooldown.</summary>
    [Alias("NotifyContact")] Task<ContactNotice> NotifyContact(Guid contact, GeoPoint point);

    /// <summary>Her account is deleted: so is this.</summary>
    [Alias("Erase")] Task Erase();
}
