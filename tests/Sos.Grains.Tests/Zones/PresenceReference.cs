using Sos.Contracts.Geo;
using Sos.Grains.Zones;

namespace Sos.Grains.Tests.Zones;

/// <summary>
/// The same rules told once more the long way: one zone, all fixes, every edge of every ring; no index, no state kept from zone to zone, distances in metres on a
/// plane laid at each fix.
/// </summary>
internal static class PresenceReference
{
    private const double Earth = GeoPoint.EarthRadiusMetres;

    public static IEnumerable<(string Name, ZoneMove Move, DateTimeOffset At)> Of(MapZone zone, IReadOnlyList<PositionFix> fixes)
    {
        var rings = zone.Zone.Shape.Polygons.SelectMany(p => p.Rings).Select(r => r.ToArray()).ToArray();
        var (south, north) = (rings.Min(r => r.Min(p => p.Latitude)), rings.Max(r => r.Max(p => p.Latitude)));
        var (west, east) = (rings.Min(r => r.Min(p => p.Longitude)), rings.Max(r => r.Max(p => p.Longitude)));
        bool inside = false, maybe = false;
        DateTimeOffset? outsideSince = null, first = null;
        var metres = 0.0;
        for (var i = 0; i < fixes.Count; i++)
        {
            var fix = fixes[i];
            var before = i == 0 ? null : fixes[i - 1];
            if (before is not null && fix.At - before.At > TimeSpan.FromMinutes(30))
            {
                if (inside) yield return (zone.Zone.Name, ZoneMove.Lapsed, before.At);
                (inside, maybe, outsideSince, first, metres, before) = (false, false, null, null, 0, null);
            }

            if (before is not null && !(fix.At - before.At <= TimeSpan.FromMinutes(10) && before.Point.DistanceTo(fix.Point).Metres <= 70 * (fix.At - before.At).TotalSeconds)) before = null;
            if (!inside && !maybe && IsOff(fix) && (before is null || Math.Max(before.Point.Latitude, fix.Point.Latitude) < south || Math.Min(before.Point.Latitude, fix.Point.Latitude) > north
                || Math.Max(before.Point.Longitude, fix.Point.Longitude) < west || Math.Min(before.Point.Longitude, fix.Point.Longitude) > east)) continue;

            var distance = Distance(rings, fix.Point);
            if (inside)
            {
                if (distance <= 40) outsideSince = null;
                else if (outsideSince is null) outsideSince = fix.At;
                else
                {
                    yield return (zone.Zone.Name, ZoneMove.Left, outsideSince.Value);
                    (inside, maybe, outsideSince, first, metres) = (false, false, null, null, 0);
                }

                continue;
            }

            if (before is not null)
            {
                var (enters, share) = Way(rings, before.Point, fix.Point);
                if (share > 0) first ??= before.At + enters * (fix.At - before.At);
                metres += share * before.Point.DistanceTo(fix.Point).Metres;
            }

            if (distance <= 0)
            {
                first ??= fix.At;
                if (maybe || distance <= -10)
                {
                    inside = true;
                    yield return (zone.Zone.Name, ZoneMove.Entered, first.Value);
                }

                maybe = true;
            }
            else
            {
                if (metres >= 40) yield return (zone.Zone.Name, ZoneMove.Crossed, first!.Value);
                (maybe, first, metres) = (false, null, 0);
            }
        }

        bool IsOff(PositionFix fix) => fix.Point.Latitude < south || fix.Point.Latitude > north || fix.Point.Longitude < west || fix.Point.Longitude > east;
    }

    private static double Distance(GeoPoint[][] rings, GeoPoint point)
    {
        var least = double.MaxValue;
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var (ax, ay) = Metres(ring[i], point);
                var (bx, by) = Metres(ring[(i + 1) % ring.Length], point);
                var (ex, ey) = (bx - ax, by - ay);
                var t = Math.Clamp(-(ax * ex + ay * ey) / (ex * ex + ey * ey), 0, 1);
                least = Math.Min(least, Math.Sqrt((ax + t * ex) * (ax + t * ex) + (ay + t * ey) * (ay + t * ey)));
            }
        }

        return Inside(rings, point.Longitude, point.Latitude) ? -least : least;
    }

    // A ray to the north: meridians cut edges where the outline of the product cuts them by parallels.
    private static bool Inside(GeoPoint[][] rings, double x, double y)
    {
        var inside = false;
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                if (a.Longitude <= x == b.Longitude <= x) continue;
                if (a.Latitude + (x - a.Longitude) / (b.Longitude - a.Longitude) * (b.Latitude - a.Latitude) > y) inside = !inside;
            }
        }

        return inside;
    }

    private static (double Enters, double Share) Way(GeoPoint[][] rings, GeoPoint from, GeoPoint to)
    {
        var cuts = new List<double> { 0, 1 };
        var (dx, dy) = (to.Longitude - from.Longitude, to.Latitude - from.Latitude);
        foreach (var ring in rings)
        {
            for (var i = 0; i < ring.Length; i++)
            {
                // On which side of the line through the way each end lies, and where the edge meets it.
                var (a, b) = (ring[i], ring[(i + 1) % ring.Length]);
                var sideA = dx * (a.Latitude - from.Latitude) - dy * (a.Longitude - from.Longitude);
                var sideB = dx * (b.Latitude - from.Latitude) - dy * (b.Longitude - from.Longitude);
                if (sideA > 0 == sideB > 0) continue;
                var u = sideA / (sideA - sideB);
                var (x, y) = (a.Longitude + u * (b.Longitude - a.Longitude), a.Latitude + u * (b.Latitude - a.Latitude));
                var t = Math.Abs(dx) > Math.Abs(dy) ? (x - from.Longitude) / dx : (y - from.Latitude) / dy;
                if (t is > 0 and < 1) cuts.Add(t);
            }
        }

        cuts.Sort();
        var (enters, share) = (double.NaN, 0.0);
        for (var i = 1; i < cuts.Count; i++)
        {
            var middle = (cuts[i - 1] + cuts[i]) / 2;
            if (!Inside(rings, from.Longitude + middle * dx, from.Latitude + middle * dy)) continue;
            if (double.IsNaN(enters)) enters = cuts[i - 1];
            share += cuts[i] - cuts[i - 1];
        }

        return (enters, share);
    }

    private static (double X, double Y) Metres(GeoPoint point, GeoPoint middle) => (
        double.DegreesToRadians(point.Longitude - middle.Longitude) * Math.Cos(double.DegreesToRadians(middle.Latitude)) * Earth,
        double.DegreesToRadians(point.Latitude - middle.Latitude) * Earth);
}
