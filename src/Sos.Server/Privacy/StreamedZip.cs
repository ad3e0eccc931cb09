using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sos.Grains.Privacy;
using Sos.Server.Http;

namespace Sos.Server.Privacy;

/// <summary>What was put into a zip.</summary>
/// <param name="Name">Path in the zip.</param>
/// <param name="Length">Bytes, unpacked.</param>
/// <param name="Sha256">Of these bytes, lower-case hex.</param>
internal sealed record ZippedFile(string Name, long Length, string Sha256);

/// <summary>A zip that is written while it is read: never more than one file of it is in memory. Without <see cref="Complete"/> the reader sees that it is cut.</summary>
internal sealed class StreamedZip : IAsyncDisposable
{
    private readonly DrainedStream _drained;
    private readonly ZipArchive _archive;
    private readonly TimeProvider _time;

    private StreamedZip(DrainedStream drained, ZipArchive archive, TimeProvider time) => (_drained, _archive, _time) = (drained, archive, time);

    /// <summary>For people to read, and in a file: letters of every script stay letters.</summary>
    public static JsonSerializerOptions Json { get; } = new(SosJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Begins a zip.</summary>
    /// <param name="target">Where; only written to asynchronously, file by file.</param>
    /// <param name="time">Times of the files.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    public static async Task<StreamedZip> Begin(Stream target, TimeProvider time, CancellationToken cancellationToken)
    {
        var drained = new DrainedStream(target);
        return new StreamedZip(drained, await ZipArchive.CreateAsync(drained, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken), time);
    }

    /// <summary>Adds a file.</summary>
    /// <param name="name">Path in the zip.</param>
    /// <param name="content">Bytes, a file of an alert (which is disposed of), or what becomes JSON.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    /// <exception cref="InvalidDataException">The file of an alert is not as it was stored.</exception>
    public async Task<ZippedFile> Add(string name, object content, CancellationToken cancellationToken)
    {
        var entry = _archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = _time.GetUtcNow();
        ZippedFile added;
        await using (var body = await entry.OpenAsync(cancellationToken))
        {
            await using var measured = new MeasuredStream(body);
            await Write(content, measured, cancellationToken);
            added = new ZippedFile(name, measured.Written, Convert.ToHexStringLower(measured.TakeHash()));
        }

        await _drained.Drain(cancellationToken);
        return added;
    }

    /// <summary>Ends the zip.</summary>
    public async Task Complete(CancellationToken cancellationToken)
    {
        await _archive.DisposeAsync();
        await _drained.Drain(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        await _drained.DisposeAsync();
    }

    private static async Task Write(object content, Stream body, CancellationToken cancellationToken)
    {
        switch (content)
        {
            case byte[] bytes:
                await body.WriteAsync(bytes, cancellationToken);
                break;
            case SealedDownload file:
                await using (file) await file.CopyTo(body, cancellationToken);
                break;
            default:
                await JsonSerializer.SerializeAsync(body, content, Json, cancellationToken);
                break;
        }
    }
}
