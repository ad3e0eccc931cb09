using System.Buffers;

namespace Sos.Server.Privacy;

/// <summary>
/// Collects what is written until it is sent on. For writers that end with a synchronous write, like <see cref="System.IO.Compression.ZipArchive"/>, which a
/// response does not take.
/// </summary>
internal sealed class DrainedStream(Stream target) : Stream
{
    private readonly ArrayBufferWriter<byte> _collected = new(16 * 1024);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Sends on what was collected.</summary>
    public async Task Drain(CancellationToken cancellationToken)
    {
        await target.WriteAsync(_collected.WrittenMemory, cancellationToken);
        _collected.Clear();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _collected.Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _collected.Write(buffer);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Sent on by Drain.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
