using Sos.Contracts.Geo;

namespace Sos.Grains.Relatives;

/// <summary>
/// Which cells people who share are kept in: geohash-5, and around the poles, where those are slivers, geohash-2. A circle of a few kilometres touches a handful of
/// them, wherever it is.
/// </summary>
internal static class SharingCells
{
    /// <summary>Length of the geohash of a cell around a pole.</summary>
    private const int PolarLength = 2;

    /// <summary>Where polar cells begin, degrees: an edge of both grids.</summary>
    private const double PolarFrom = 78.75;

    /// <summary>Metres in a degree of latitude, a little too few.</summary>
    private const double DegreeMetres = 111_000;

    /// <summary>The cell of a point.</summary>
    public static GeocellId Of(GeoPoint point)
    {
        var cell = GeocellId.Of(point);
        var bounds = cell.Bounds();
        return IsPolar(bounds) ? GeocellId.Of(bounds.Centre, PolarLength) : cell;
    }

    /// <summary>Adds the cells that a circle touches to a list, those of them that are not there yet.</summary>
    public static void Around(GeoPoint centre, Distance radius, List<GeocellId> cells)
    {
        var (away, spread) = (Math.Abs(centre.Latitude), radius.Metres / DegreeMetres);
        if (away - spread < PolarFrom) Add(GeocellId.CellLength, polar: false);
        if (away + spread > PolarFrom) Add(PolarLength, polar: true);

        void Add(int length, bool polar)
        {
            foreach (var cell in GeocellGrid.Cover(centre, radius, length))
            {
                if (IsPolar(cell.Bounds()) == polar && !cells.Contains(cell)) cells.Add(cell);
            }
        }
    }

    private static bool IsPolar(GeoBounds bounds) => bounds.South >= PolarFrom || bounds.North <= -PolarFrom;
}
