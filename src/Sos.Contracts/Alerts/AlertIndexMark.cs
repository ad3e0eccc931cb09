using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Orleans;

namespace Sos.Contracts.Alerts;

/// <summary>A place in a listing of alerts, which is ordered by (raised, id); also the cursor of its pages.</summary>
/// <param name="RaisedAt">When the alert was taken.</param>
/// <param name="AlertId">The alert.</param>
[GenerateSerializer, Immutable, Alias("sos.alerts.index-mark")]
public readonly record struct AlertIndexMark([property: Id(0)] DateTimeOffset RaisedAt, [property: Id(1)] Guid AlertId) : IComparable<AlertIndexMark>
{
    private const int Bytes = 24;
    private const int CursorLength = 32;

    /// <summary>The place of an entry.</summary>
    public static AlertIndexMark Of(AlertIndexEntry entry) => new(entry.RaisedAt, entry.AlertId);

    /// <summary>Reads a cursor; false for anything that <see cref="ToCursor"/> did not write.</summary>
    public static bool TryParse(string? cursor, out AlertIndexMark mark)
    {
        mark = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (cursor?.Length != CursorLength || Base64Url.DecodeFromChars(cursor, bytes, out _, out var written) != OperationStatus.Done || written != Bytes) return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return false;
        mark = new AlertIndexMark(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[8..], bigEndian: true));
        return true;
    }

    /// <summary>The place as an opaque word for an address.</summary>
    public string ToCursor()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, RaisedAt.UtcTicks);
        AlertId.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <inheritdoc/>
    public int CompareTo(AlertIndexMark other)
    {
        var byTime = RaisedAt.CompareTo(other.RaisedAt);
        return byTime != 0 ? byTime : AlertId.CompareTo(other.AlertId);
    }

    /// <summary>Listed before, that is, older.</summary>
    public static bool operator <(AlertIndexMark left, AlertIndexMark right) => left.CompareTo(right) < 0;

    /// <summary>Newer.</summary>
    public static bool operator >(AlertIndexMark left, AlertIndexMark right) => left.CompareTo(right) > 0;

    /// <summary>Older or the same.</summary>
    public static bool operator <=(AlertIndexMark left, AlertIndexMark right) => left.CompareTo(right) <= 0;

    /// <summary>Newer or the same.</summary>
    public static bool operator >=(AlertIndexMark left, AlertIndexMark right) => left.CompareTo(right) >= 0;
}
