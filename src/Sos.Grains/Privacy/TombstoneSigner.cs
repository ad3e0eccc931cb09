using System.Security.Cryptography;
using Sos.Contracts.Privacy;

namespace Sos.Grains.Privacy;

/// <summary>Signs tombstones with an ECDSA key on P-256.</summary>
/// <param name="key">The key pair.</param>
public sealed class TombstoneSigner(ECDsa key) : ITombstoneSigner, IDisposable
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        // Key objects of the platform are not for several threads at once; a tombstone is rare.
        lock (_gate) return key.SignData(content, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        lock (_gate) return key.VerifyData(content, signature, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
