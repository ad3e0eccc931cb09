using System.Buffers.Text;
using Sos.Contracts.Alerts;
using Sos.Contracts.Privacy;

namespace Sos.Server.Privacy;

/// <summary>How long a closed alert's data is kept.</summary>
/// <param name="Days">1 to 90 days from the close.</param>
public sealed record HoldRequest(int Days);

/// <summary>What a person changes of what is kept and shown; what is left out stays.</summary>
/// <param name="HideRoute">Where I go during an alert is not kept as a track; where I am still reaches who helps.</param>
/// <param name="EraseAtClose">The data of my alerts is destroyed as soon as they are closed.</param>
public sealed record PrivacyRequest(bool? HideRoute = null, bool? EraseAtClose = null);

/// <summary>What remains of an alert whose data was destroyed.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Status">How it ended.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="ClosedAt">When it closed.</param>
/// <param name="ErasedAt">When its key was destroyed.</param>
/// <param name="Events">How many events it had.</param>
/// <param name="Content">The signed text: a line each of "sos-tombstone-1", id, status, the three times in Unix milliseconds, and the number of events.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over that text, IEEE P1363, base64url.</param>
/// <param name="PublicKey">Of the service, PEM.</param>
public sealed record TombstoneView(
    Guid AlertId,
    AlertStatus Status,
    DateTimeOffset RaisedAt,
    DateTimeOffset ClosedAt,
    DateTimeOffset ErasedAt,
    long Events,
    string Content,
    string Signature,
    string PublicKey)
{
    internal static TombstoneView Of(AlertTombstone tombstone, string publicKey) => new(
        tombstone.AlertId,
        tombstone.Status,
        tombstone.RaisedAt,
        tombstone.ClosedAt,
        tombstone.ErasedAt,
        tombstone.Events,
        System.Text.Encoding.UTF8.GetString(tombstone.Content()),
        Base64Url.EncodeToString(tombstone.Signature.AsSpan()),
        publicKey);
}
