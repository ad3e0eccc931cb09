using Orleans;

namespace Sos.Contracts.Geo;

/// <summary>
/// A geohash cell (G. Niemeyer, 2008) as a 64-bit number: the geohash's bits, left-aligned, and its length in the low four bits.
/// Grains keep cells of length 5 (about 4.9 × 4.9 km at the equator); areas are cells of length 4.
/// </summary>
[GenerateSerializer, Immutable, Alias("sos.geo.cell-id")]
public readonly record struct GeocellId([property: Id(0)] ulong Value)
{
    /// <summary>Length of the geohash of a geocell.</summary>
    public const int CellLength = 5;

    /// <summary>Length of the geohash of an area.</summary>
    public const int AreaLength = 4;

    private const string Alphabet = "0123456789bcdefghjkmnpqrstuvwxyz";

    /// <summary>Length of the geohash, 1 to 12.</summary>
    public int Length => (int)(Value & 0xF);

    /// <summary>The cell of a length that a point lies in; points on an edge belong to the northern or eastern cell.</summary>
    public static GeocellId Of(GeoPoint point, int length = CellLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 12);
        return At(Index((point.Latitude + 90) / 180, Rows(length)), Index((point.Longitude + 180) / 360, Columns(length)), length);
    }

    /// <summary>Rows of the grid of a length, from the south pole to the north pole; a power of two.</summary>
    internal static ulong Rows(int length) => 1UL << (length * 5 / 2);

    /// <summary>Columns of the grid of a length, eastwards from the antimeridian; a power of two.</summary>
    internal static ulong Columns(int length) => 1UL << ((length * 5 + 1) / 2);

    /// <summary>The cell of a row and a column. A geohash interleaves their bits, the column's first.</summary>
    internal static GeocellId At(ulong row, ulong column, int length)
    {
        var bits = length * 5;
        var columnFirst = (bits & 1) == 0;
        var interleaved = columnFirst ? Spread(column) << 1 | Spread(row) : Spread(column) | Spread(row) << 1;
        return new GeocellId(interleaved << (64 - bits) | (uint)length);
    }

    /// <summary>Row from the south and column from the antimeridian.</summary>
    internal (long Row, long Column) RowAndColumn()
    {
        var bits = Length * 5;
        var interleaved = Value >> (64 - bits);
        var (odd, even) = ((long)Gather(interleaved >> 1), (long)Gather(interleaved));
        return (bits & 1) == 0 ? (even, odd) : (odd, even);
    }

    /// <summary>Reads a geohash of 1 to 12 characters; false for anything else.</summary>
    public static bool TryParse(string? text, out GeocellId cell)
    {
        cell = default;
        if (text is not { Length: >= 1 and <= 12 }) return false;
        ulong bits = 0;
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c);
            if (digit < 0) return false;
            bits = bits << 5 | (uint)digit;
        }

        cell = new GeocellId(bits << (64 - text.Length * 5) | (uint)text.Length);
        return true;
    }

    /// <summary>The geohash, which is also the key of the cell's grain.</summary>
    public override string ToString()
    {
        var value = Value;
        return string.Create(Length, value, static (span, bits) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Alphabet[(int)(bits >> (59 - 5 * i) & 0x1F)];
        });
    }

    private static ulong Index(double share, ulong count) => (ulong)Math.Clamp(Math.Floor(share * count), 0, count - 1);

    /// <summary>Puts a zero between the lower 32 bits ("Interleave bits by binary magic numbers", S. E. Anderson, Bit Twiddling Hacks).</summary>
    private static ulong Spread(ulong x)
    {
        x = (x | x << 16) & 0x0000FFFF0000FFFF;
        x = (x | x << 8) & 0x00FF00FF00FF00FF;
        x = (x | x << 4) & 0x0F0F0F0F0F0F0F0F;
        x = (x | x << 2) & 0x3333333333333333;
        return (x | x << 1) & 0x5555555555555555;
    }

    /// <summary>Takes every second bit, from the lowest: the way back from <see cref="Spread"/>.</summary>
    private static ulong Gather(ulong x)
    {
        x &= 0x5555555555555555;
        x = (x | x >> 1) & 0x3333333333333333;
        x = (x | x >> 2) & 0x0F0F0F0F0F0F0F0F;
        x = (x | x >> 4) & 0x00FF00FF00FF00FF;
        x = (x | x >> 8) & 0x0000FFFF0000FFFF;
        return (x | x >> 16) & 0x00000000FFFFFFFF;
    }
}

/// <summary>
/// The area of an alert: the geohash-4 cell of the press (about 39 × 20 km at the equator), or <see cref="None"/> without a position.
/// It never changes for an alert, whatever its victim does; it is the key of boards, indexes and streams.
/// </summary>
[GenerateSerializer, Immutable, Alias("sos.geo.area")]
public readonly record struct AreaId([property: Id(0)] string Value)
{
    /// <summary>The area of alerts whose position is unknown; every operator sees it.</summary>
    public static AreaId None { get; } = new("none");

    /// <summary>The area a point lies in; <see cref="None"/> for no point.</summary>
    public static AreaId Of(GeoPoint? point) => point is { } p ? new AreaId(GeocellId.Of(p, GeocellId.AreaLength).ToString()) : None;

    /// <summary>Reads an area as written by <see cref="ToString"/>.</summary>
    public static bool TryParse(string? text, out AreaId area)
    {
        var valid = text == None.Value || GeocellId.TryParse(text, out var cell) && cell.Length == GeocellId.AreaLength;
        area = valid ? new AreaId(text!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
