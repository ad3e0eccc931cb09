using System.Buffers.Binary;
using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;

namespace Sos.Grains.Relatives;

/// <summary>
/// Positions of an hour in a record, 30 bytes each, little-endian: milliseconds of the hour (4), latitude and longitude in ten millionths of a degree (4 each, a
/// centimetre), accuracy in metres and one (2; 0: not known), and the middle of the square as it was shown (8 each).
/// </summary>
internal static class PackedTrail
{
    private const int Size = 30;
    private const double Fine = 1e7;

    /// <summary>Packs positions.</summary>
    public static byte[] Pack(IReadOnlyList<TrailPoint> points, long hour)
    {
        var (packed, start) = (new byte[points.Count * Size], TrailRules.StartOf(hour));
        for (var i = 0; i < points.Count; i++)
        {
            var (fix, square) = (points[i].Fix, points[i].Square);
            var into = packed.AsSpan(i * Size, Size);
            BinaryPrimitives.WriteInt32LittleEndian(into, (int)((fix.At - start).Ticks / TimeSpan.TicksPerMillisecond));
            BinaryPrimitives.WriteInt32LittleEndian(into[4..], (int)Math.Round(fix.Point.Latitude * Fine));
            BinaryPrimitives.WriteInt32LittleEndian(into[8..], (int)Math.Round(fix.Point.Longitude * Fine));
            BinaryPrimitives.WriteUInt16LittleEndian(into[12..], fix.Accuracy is { } accuracy ? (ushort)Math.Min(ushort.MaxValue, Math.Ceiling(accuracy.Metres) + 1) : (ushort)0);
            BinaryPrimitives.WriteDoubleLittleEndian(into[14..], square.Latitude);
            BinaryPrimitives.WriteDoubleLittleEndian(into[22..], square.Longitude);
        }

        return packed;
    }

    /// <summary>The positions of a packed hour.</summary>
    public static ImmutableArray<TrailPoint> Unpack(byte[] packed, long hour)
    {
        var (points, start) = (ImmutableArray.CreateBuilder<TrailPoint>(packed.Length / Size), TrailRules.StartOf(hour));
        for (var i = 0; i + Size <= packed.Length; i += Size)
        {
            var from = packed.AsSpan(i, Size);
            var point = new GeoPoint(BinaryPrimitives.ReadInt32LittleEndian(from[4..]) / Fine, BinaryPrimitives.ReadInt32LittleEndian(from[8..]) / Fine);
            var accuracy = BinaryPrimitives.ReadUInt16LittleEndian(from[12..]) is var known and > 0 ? Distance.FromMetres(known - 1) : (Distance?)null;
            var square = new GeoPoint(BinaryPrimitives.ReadDoubleLittleEndian(from[14..]), BinaryPrimitives.ReadDoubleLittleEndian(from[22..]));
            points.Add(new TrailPoint(new PositionFix(point, accuracy, start.AddMilliseconds(BinaryPrimitives.ReadInt32LittleEndian(from))), square));
        }

        return points.ToImmutable();
    }
}
