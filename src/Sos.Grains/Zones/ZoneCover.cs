using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

/// <summary>Which cells hold a box.</summary>
internal static class ZoneCover
{
    /// <summary>Most cells that one zone is listed in.</summary>
    public const int MostCells = 9;

    /// <summary>The finest cells, at most nine, that hold a box; the root where nine of one letter do not.</summary>
    public static ImmutableArray<string> Finest(ZoneBox box)
    {
        for (var length = ZoneCells.Finest; length >= 1; length--)
        {
            if (Of(box, length, MostCells) is { IsDefault: false } cells) return cells;
        }

        return [ZoneCells.Root];
    }

    /// <summary>The cells of a length that touch a box; default when there are more than <paramref name="most"/>.</summary>
    public static ImmutableArray<string> Of(ZoneBox box, int length, int most)
    {
        var (height, width) = (180.0 / (1L << (length * 5 / 2)), 360.0 / (1L << ((length * 5 + 1) / 2)));
        var (south, north) = ((long)Math.Floor((box.South + 90) / height), (long)Math.Floor((Math.Min(box.North, 90) + 90) / height));
        var (west, east) = ((long)Math.Floor((box.West + 180) / width), (long)Math.Floor((box.East + 180) / width));
        if ((north - south + 1) * (east - west + 1) > most) return default;
        var cells = ImmutableArray.CreateBuilder<string>();
        for (var row = south; row <= north; row++)
        {
            for (var column = west; column <= east; column++)
            {
                var middle = new GeoPoint(Math.Clamp(-90 + (row + 0.5) * height, -90, 90), ZoneBox.Turn(-180 + (column + 0.5) * width));
                var cell = GeocellId.Of(middle, length).ToString();
                if (!cells.Contains(cell)) cells.Add(cell);
            }
        }

        return cells.ToImmutable();
    }
}
