using System.Security.Cryptography;
using Sos.Contracts.Operations;

namespace Sos.Grains.Privacy;

/// <summary>A file of an alert that is being written: what goes in is sealed chunk by chunk. Disposed of before it was completed, it has never been.</summary>
public sealed class SealedUploadStream : Stream
{
    private readonly BlobUpload _upload;
    private readonly FileSeal _seal;
    private readonly byte[] _plain = new byte[FileSeal.ChunkBytes];
    private readonly byte[] _stored = new byte[FileSeal.ChunkBytes + FileSeal.TagBytes];
    private int _filled;
    private long _length;

    internal SealedUploadStream(BlobUpload upload, FileSeal seal) => (_upload, _seal) = (upload, seal);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Bytes so far, before sealing.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            // A full chunk waits for what follows: only then it is known that it is not the last.
            if (_filled == _plain.Length) await Flush(last: false);
            var part = Math.Min(buffer.Length, _plain.Length - _filled);
            buffer[..part].CopyTo(_plain.AsMemory(_filled));
            (_filled, _length, buffer) = (_filled + part, _length + part, buffer[part..]);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Seals the end and makes the file durable.</summary>
    /// <exception cref="IOException">It could not be, or the alert's files were deleted meanwhile.</exception>
    public async Task Complete()
    {
        await Flush(last: true);
        await _upload.Complete();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        CryptographicOperations.ZeroMemory(_plain);
        _seal.Dispose();
        await _upload.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // A chunk is written when it is full.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task Flush(bool last)
    {
        _seal.Seal(_plain.AsSpan(0, _filled), last, _stored);
        await _upload.Content.WriteAsync(_stored.AsMemory(0, _filled + FileSeal.TagBytes));
        _filled = 0;
    }
}
