using System.Security.Cryptography;

namespace Sos.Grains.Privacy;

/// <summary>A file of an alert that is being read; its first chunk has been opened, so it is what was stored there.</summary>
public sealed class SealedDownload : IAsyncDisposable
{
    private readonly Stream _stored;
    private readonly FileSeal _seal;
    private readonly byte[] _plain = new byte[FileSeal.ChunkBytes];

    // One byte more than a chunk: if it is there, something follows.
    private readonly byte[] _ahead = new byte[FileSeal.ChunkBytes + FileSeal.TagBytes + 1];
    private int _filled;
    private int _first;
    private bool _ended;

    internal SealedDownload(Stream stored, FileSeal seal) => (_stored, _seal) = (stored, seal);

    /// <summary>Writes the content to somebody.</summary>
    /// <param name="output">Takes it.</param>
    /// <param name="cancellationToken">The reader has gone.</param>
    /// <exception cref="InvalidDataException">The file was changed or cut behind its first chunk; what was written up to there is genuine.</exception>
    public async Task CopyTo(Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        await output.WriteAsync(_plain.AsMemory(0, _first), cancellationToken);
        while (!_ended)
        {
            if (await Next(cancellationToken) is not { } count) throw new InvalidDataException("The file of an attachment is not as it was stored.");
            await output.WriteAsync(_plain.AsMemory(0, count), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        CryptographicOperations.ZeroMemory(_plain);
        _seal.Dispose();
        await _stored.DisposeAsync();
    }

    /// <summary>Opens the first chunk; false when this is not the file.</summary>
    internal async Task<bool> Begin()
    {
        if (await Next(CancellationToken.None) is not { } count) return false;
        _first = count;
        return true;
    }

    private async Task<int?> Next(CancellationToken cancellationToken)
    {
        _filled += await _stored.ReadAtLeastAsync(_ahead.AsMemory(_filled), _ahead.Length - _filled, throwOnEndOfStream: false, cancellationToken);
        _ended = _filled < _ahead.Length;
        var chunk = _ended ? _filled : _ahead.Length - 1;
        if (!_seal.TryOpen(_ahead.AsSpan(0, chunk), _ended, _plain)) return null;
        _ahead.AsSpan(chunk, _filled - chunk).CopyTo(_ahead);
        _filled -= chunk;
        return chunk - FileSeal.TagBytes;
    }
}
