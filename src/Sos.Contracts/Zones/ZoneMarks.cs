using System.Buffers.Binary;

namespace Sos.Contracts.Zones;

/// <summary>
/// The number by which a phone knows a zone among its own geofences. OwnTracks uses a second since 1970 for it (<c>tst</c>), so it is one: of the years 2001 to
/// 2033, the same for a zone for ever.
/// </summary>
public static class ZoneMarks
{
    private const long First = 1_000_000_000;
    private const uint Many = 1_000_000_000;

    /// <summary>A zone's mark. Two zones of one neighbourhood share one in a billion; then the nearer is meant.</summary>
    public static long Of(Guid zone)
    {
        // The end of an id is chance, its beginning the time.
        Span<byte> bytes = stackalloc byte[16];
        zone.TryWriteBytes(bytes, bigEndian: true, out _);
        return First + BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]) % Many;
    }
}
