using System.Buffers;

namespace Sos.Server.Privacy;

/// <summary>
/// Collects what is written until it is sent on. For writers that end with a synchronous write, like <see cref="System.IO.Compression.ZipArchive"/>, which a
/// response does not take.
/// </summary>
internal sealed class DrainedStream(Stream target) : WriteOnlyStream
{
    private readonly ArrayBufferWriter<byte> _collected = new(16 * 1024);

    /// <summary>Sends on what was collected.</summary>
    public async Task Drain(CancellationToken cancellationToken)
    {
        await target.WriteAsync(_collected.WrittenMemory, cancellationToken);
        _collected.Clear();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _collected.Write(buffer);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }
}
