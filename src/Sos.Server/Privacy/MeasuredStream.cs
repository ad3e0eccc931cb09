using System.Security.Cryptography;

namespace Sos.Server.Privacy;

/// <summary>Passes on what is written, counts it and takes its SHA-256. The target stays open.</summary>
internal sealed class MeasuredStream(Stream target) : WriteOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes so far.</summary>
    public long Written { get; private set; }

    /// <summary>The hash of what was written, 32 bytes; the next one begins anew.</summary>
    public byte[] TakeHash() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Measure(buffer);
        target.Write(buffer);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Measure(buffer.Span);
        return target.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private void Measure(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        Written += buffer.Length;
    }
}
