using Sos.Contracts.Relatives;

namespace Sos.Server.Realtime;

/// <summary>A relative has come near, is near, or has gone.</summary>
/// <param name="RelativeId">Id in the person's list.</param>
/// <param name="RelativeName">As the person calls her.</param>
/// <param name="Move">entering, in_range or exiting.</param>
/// <param name="Distance">Kilometres, as exactly as the relative is shown.</param>
/// <param name="Timestamp">When.</param>
/// <param name="Latitude">Where the relative is, as exactly as she is shown; left out when she has gone.</param>
/// <param name="Longitude">Likewise.</param>
public sealed record ProximityMessage(Guid RelativeId, string RelativeName, NearbyMove Move, double Distance, DateTimeOffset Timestamp, double? Latitude, double? Longitude)
{
    internal static ProximityMessage Of(ProximityAlert alert) => new(
        alert.Relation, alert.Name, alert.Move, Math.Round(alert.Distance.Metres) / 1000, alert.At, alert.Point?.Latitude, alert.Point?.Longitude);
}
