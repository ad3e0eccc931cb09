using System.Collections.Immutable;

namespace Sos.Contracts.Geo;

/// <summary>
/// The geohash grid as rows and columns. Columns go round the Earth, so that the antimeridian is no edge; rows end at the poles,
/// beyond which the opposite meridian goes on.
/// </summary>
public static class GeocellGrid
{
    /// <summary>Added to a radius before cells are chosen, so that rounding never loses a cell; far below any position's accuracy.</summary>
    private const double SlackMetres = 0.01;

    /// <summary>Below a quarter of the circumference a circle holds at most one pole, which keeps its outline simple.</summary>
    private const double LongestRadiusMetres = 10_000_000;

    /// <summary>The box of a cell.</summary>
    public static GeoBounds Bounds(this GeocellId cell)
    {
        var (row, column) = cell.RowAndColumn();
        var height = 180.0 / GeocellId.Rows(cell.Length);
        var width = 360.0 / GeocellId.Columns(cell.Length);
        return new GeoBounds(-90 + row * height, -180 + column * width, -90 + (row + 1) * height, -180 + (column + 1) * width);
    }

    /// <summary>
    /// The eight cells around a cell, north-west first, row by row. Beyond a pole the three cells of the opposite meridian take the row's
    /// place; in grids too small for eight the same cell may stand twice.
    /// </summary>
    public static ImmutableArray<GeocellId> Neighbours(this GeocellId cell)
    {
        var (row, column) = cell.RowAndColumn();
        var builder = ImmutableArray.CreateBuilder<GeocellId>(8);
        for (var up = 1; up >= -1; up--)
        {
            for (var right = -1; right <= 1; right++)
            {
                if (up != 0 || right != 0) builder.Add(Wrapped(row + up, column + right, cell.Length));
            }
        }

        return builder.MoveToImmutable();
    }

    /// <summary>
    /// The cells of a length that a circle touches, row by row from the south, each once. Circles over a pole or the antimeridian are circles like any other.
    /// </summary>
    /// <param name="centre">Middle of the circle.</param>
    /// <param name="radius">Radius, 0 to 10,000 km (not beyond a quarter of the Earth's circumference).</param>
    /// <param name="length">Length of the cells' geohashes, 1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative, not a number or longer than 10,000 km.</exception>
    public static ImmutableArray<GeocellId> Cover(GeoPoint centre, Distance radius, int length = GeocellId.CellLength)
    {
        if (radius.Metres is not (>= 0 and <= LongestRadiusMetres)) throw new ArgumentOutOfRangeException(nameof(radius));
        var angle = (radius.Metres + SlackMetres) / GeoPoint.EarthRadiusMetres;
        var spread = double.RadiansToDegrees(angle);
        var (rows, columns) = ((long)GeocellId.Rows(length), (long)GeocellId.Columns(length));
        var first = Math.Max(0, (long)Math.Floor((centre.Latitude - spread + 90) / 180 * rows));
        var last = Math.Min(rows - 1, (long)Math.Floor((centre.Latitude + spread + 90) / 180 * rows));
        var widest = WidestLatitude(centre, angle);
        var builder = ImmutableArray.CreateBuilder<GeocellId>();
        for (var row = first; row <= last; row++)
        {
            var latitude = Math.Clamp(widest, -90 + row * 180.0 / rows, -90 + (row + 1) * 180.0 / rows);
            var half = HalfWidth(centre, angle, latitude);
            var west = (long)Math.Floor((centre.Longitude - half + 180) / 360 * columns);
            var east = (long)Math.Floor((centre.Longitude + half + 180) / 360 * columns);
            var count = half >= 180 ? columns : Math.Min(columns, east - west + 1);
            for (var i = 0L; i < count; i++) builder.Add(Wrapped(row, west + i, length));
        }

        return builder.ToImmutable();
    }

    /// <summary>Where a circle is widest in longitude: its tangent meridians touch it at asin(sin φ₁ / cos δ); around a pole it is the pole.</summary>
    private static double WidestLatitude(GeoPoint centre, double angle)
    {
        var sine = Math.Sin(double.DegreesToRadians(centre.Latitude)) / Math.Cos(angle);
        return Math.Abs(sine) >= 1 ? Math.CopySign(90, centre.Latitude) : double.RadiansToDegrees(Math.Asin(sine));
    }

    /// <summary>Half the circle's width on a parallel, degrees of longitude, 180 where it goes all the way round; by the haversine formula.</summary>
    private static double HalfWidth(GeoPoint centre, double angle, double latitude)
    {
        var (phi1, phi) = (double.DegreesToRadians(centre.Latitude), double.DegreesToRadians(latitude));
        var (reach, climb) = (Math.Sin(angle / 2), Math.Sin((phi - phi1) / 2));
        var square = (reach * reach - climb * climb) / (Math.Cos(phi1) * Math.Cos(phi));
        return square < 1 ? double.RadiansToDegrees(2 * Math.Asin(Math.Sqrt(Math.Max(0, square)))) : 180;
    }

    private static GeocellId Wrapped(long row, long column, int length)
    {
        var (rows, columns) = ((long)GeocellId.Rows(length), (long)GeocellId.Columns(length));
        if (row < 0 || row >= rows)
        {
            row = row < 0 ? -1 - row : 2 * rows - 1 - row;
            column += columns / 2;
        }

        return GeocellId.At((ulong)row, (ulong)(((column % columns) + columns) % columns), length);
    }
}
