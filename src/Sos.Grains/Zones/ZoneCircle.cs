using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>A circle that holds a zone.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Middle">The circle's middle.</param>
/// <param name="Radius">Its radius.</param>
public sealed record ZoneCircle(Guid Zone, string Name, GeoPoint Middle, Distance Radius)
{
    /// <summary>The zone itself where it is a circle, else the circle around its box.</summary>
    internal static ZoneCircle Around(Zone zone, ZoneBox box)
    {
        if (zone.Draft.Shape is { Form: ZoneForm.Circle, Path: [var centre] } shape) return new ZoneCircle(zone.Id, zone.Draft.Name, centre, shape.Radius);
        var middle = new GeoPoint((box.South + box.North) / 2, ZoneBox.Turn((box.West + box.East) / 2));
        var corner = Math.Max(
            middle.DistanceTo(new GeoPoint(box.South, ZoneBox.Turn(box.West))).Metres,
            middle.DistanceTo(new GeoPoint(Math.Min(90, box.North), ZoneBox.Turn(box.West))).Metres);
        return new ZoneCircle(zone.Id, zone.Draft.Name, middle, Distance.FromMetres(corner));
    }
}
