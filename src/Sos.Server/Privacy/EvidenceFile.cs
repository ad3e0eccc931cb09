using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Sos.Contracts.Alerts;
using Sos.Grains.Identity;

namespace Sos.Server.Privacy;

/// <summary>
/// A closed alert for a court or an insurer: what its victim may see of it, with a manifest that the service has signed. Whoever has the service's public key can
/// check with <c>openssl</c> and <c>sha256sum</c> alone that nothing was changed, added or taken out, also after the data has been destroyed here.
/// </summary>
internal sealed class EvidenceFile(AlertCopies alerts, TombstoneKey key, IOptions<IdentityOptions> identity, TimeProvider time)
{
    private const string HowToCheck = """
        This is what the service kept of one alert, as the person who raised it may see it.

        1. manifest.json is signed (ECDSA on P-256 with SHA-256). Check it with:
           openssl dgst -sha256 -verify public-key.pem -signature manifest.sig manifest.json
        2. manifest.json names every other file with its length in bytes and its SHA-256. Compare them with:
           sha256sum alert.json events.json track.json how-to-check.txt attachments/*
        3. public-key.pem proves nothing by itself: compare it with the key that the operator of the service named in manifest.json gives you.

        Times are in UTC, positions in degrees (WGS 84), accuracies in metres. "missing" in manifest.json names what was in the record and could not be read.

        """;

    /// <summary>Writes the zip of a closed alert.</summary>
    /// <param name="alert">The alert as its victim sees it, its data not yet destroyed.</param>
    /// <param name="reader">The victim.</param>
    /// <param name="target">Where; only written to asynchronously, file by file.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    /// <exception cref="InvalidDataException">A file is not as it was stored, or the data was destroyed meanwhile: what was written is cut and unsigned.</exception>
    public async Task Write(AlertView alert, AlertReader reader, Stream target, CancellationToken cancellationToken)
    {
        var (madeAt, files, missing) = (time.GetUtcNow(), new List<ZippedFile>(), new List<string>());
        await using var zip = await StreamedZip.Begin(target, time, cancellationToken);
        files.Add(await zip.Add("alert.json", alert, cancellationToken));
        files.Add(await zip.Add("events.json", await alerts.Events(alert.Id, reader), cancellationToken));
        files.Add(await zip.Add("track.json", await alerts.Track(alert.Id), cancellationToken));
        await foreach (var (name, file) in alerts.Attachments(alert))
        {
            if (file is null) missing.Add("attachments/" + name);
            else files.Add(await zip.Add("attachments/" + name, file, cancellationToken));
        }

        files.Add(await zip.Add("how-to-check.txt", Encoding.UTF8.GetBytes(HowToCheck), cancellationToken));
        // Nothing is signed that was read while it was being destroyed.
        if (await alerts.View(alert.Id, reader) is not { Tombstone: null }) throw new InvalidDataException("The data of the alert was destroyed while its evidence file was written.");
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new EvidenceManifest(
                EvidenceManifest.Version, identity.Value.Issuer, alert.Id, alert.Status, alert.RaisedAt, alert.ClosedAt!.Value, madeAt, alert.Seq, key.PublicSha256, files, missing),
            StreamedZip.Json);
        await zip.Add("manifest.json", manifest, cancellationToken);
        await zip.Add("manifest.sig", Der(key.Signer.Sign(manifest)), cancellationToken);
        await zip.Add("public-key.pem", Encoding.ASCII.GetBytes(key.PublicPem + "\n"), cancellationToken);
        await zip.Complete(cancellationToken);
    }

    // What openssl reads: RFC 3279 §2.2.3, the two halves as integers.
    private static byte[] Der(byte[] signature)
    {
        var (half, der) = (signature.Length / 2, new AsnWriter(AsnEncodingRules.DER));
        using (der.PushSequence())
        {
            der.WriteInteger(new BigInteger(signature.AsSpan(0, half), isUnsigned: true, isBigEndian: true));
            der.WriteInteger(new BigInteger(signature.AsSpan(half), isUnsigned: true, isBigEndian: true));
        }

        return der.Encode();
    }
}

/// <summary>What an evidence file holds; its bytes are what is signed. A tombstone's text begins otherwise, so neither can be taken for the other.</summary>
/// <param name="Format">"sos-evidence-1".</param>
/// <param name="Issuer">The service.</param>
/// <param name="AlertId">The alert.</param>
/// <param name="Status">How it ended.</param>
/// <param name="RaisedAt">When it was taken.</param>
/// <param name="ClosedAt">When it closed.</param>
/// <param name="MadeAt">When the file was made.</param>
/// <param name="LastSeq">The newest event of the alert then.</param>
/// <param name="KeySha256">Of the public key (SubjectPublicKeyInfo, DER), lower-case hex.</param>
/// <param name="Files">Every other file but the signature and the public key.</param>
/// <param name="Missing">Attachments of the record that could not be read.</param>
internal sealed record EvidenceManifest(
    string Format,
    string Issuer,
    Guid AlertId,
    AlertStatus Status,
    DateTimeOffset RaisedAt,
    DateTimeOffset ClosedAt,
    DateTimeOffset MadeAt,
    long LastSeq,
    string KeySha256,
    IReadOnlyList<ZippedFile> Files,
    IReadOnlyList<string> Missing)
{
    /// <summary>The format that is written.</summary>
    public const string Version = "sos-evidence-1";
}
