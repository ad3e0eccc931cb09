using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Orleans;
using Sos.Contracts.Alerts;

namespace Sos.Contracts.Privacy;

/// <summary>What remains of an alert whose data was destroyed: that there was one, and that it is gone. Signed by the service.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Status">How it ended.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="ClosedAt">When it closed.</param>
/// <param name="ErasedAt">When its key was destroyed.</param>
/// <param name="Events">How many events it had.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over <see cref="Content"/>, IEEE P1363 format (64 bytes).</param>
[GenerateSerializer, Immutable, Alias("sos.privacy.tombstone")]
public sealed record AlertTombstone(
    [property: Id(0)] Guid AlertId,
    [property: Id(1)] AlertStatus Status,
    [property: Id(2)] DateTimeOffset RaisedAt,
    [property: Id(3)] DateTimeOffset ClosedAt,
    [property: Id(4)] DateTimeOffset ErasedAt,
    [property: Id(5)] long Events,
    [property: Id(6)] ImmutableArray<byte> Signature)
{
    /// <summary>What is signed: a line each of "sos-tombstone-1", id, status, the three times in Unix milliseconds, and the number of events, UTF-8, ended by LF.</summary>
    public byte[] Content() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"sos-tombstone-1\n{AlertId:D}\n{Status}\n{RaisedAt.ToUnixTimeMilliseconds()}\n{ClosedAt.ToUnixTimeMilliseconds()}\n{ErasedAt.ToUnixTimeMilliseconds()}\n{Events}\n"));
}

/// <summary>Signs tombstones with a key that outlives every alert.</summary>
public interface ITombstoneSigner
{
    /// <summary>The signature of <see cref="AlertTombstone.Content"/>.</summary>
    /// <param name="content">What is signed.</param>
    byte[] Sign(ReadOnlySpan<byte> content);

    /// <summary>Whether this service signed that.</summary>
    /// <param name="content">What was signed.</param>
    /// <param name="signature">64 bytes.</param>
    bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature);
}
