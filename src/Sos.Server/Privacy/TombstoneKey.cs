using System.Security.Cryptography;
using System.Text;
using Sos.Grains.Privacy;
using Sos.Server.Hosting;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>The key that signs tombstones and evidence files, <c>keys/tombstone.pem</c> in the data folder: ECDSA on P-256, made at the first start, never replaced.</summary>
internal sealed class TombstoneKey : IDisposable
{
    private const string Name = "tombstone.pem";

    /// <summary>Reads the key, or makes it.</summary>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public TombstoneKey(KeyFolder keys)
    {
        var pem = Encoding.ASCII.GetString(keys.ReadOrMake(Name, MakePem));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            throw new StartupException($"The key '{Name}' in the data folder cannot be read; restore it from a backup.");
        }

        (Signer, PublicPem) = (new TombstoneSigner(key), key.ExportSubjectPublicKeyInfoPem());
        PublicSha256 = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Signs.</summary>
    public TombstoneSigner Signer { get; }

    /// <summary>The public half, SubjectPublicKeyInfo.</summary>
    public string PublicPem { get; }

    /// <summary>SHA-256 of the public half (SubjectPublicKeyInfo, DER), lower-case hex.</summary>
    public string PublicSha256 { get; }

    /// <inheritdoc/>
    public void Dispose() => Signer.Dispose();

    private static byte[] MakePem()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
    }
}
