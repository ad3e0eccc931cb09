namespace Sos.Server.Hosting.Transfer;

/// <summary>Encrypts what is written, piece by piece. Without <see cref="Finish"/> the file has no end and is refused when it is read.</summary>
internal sealed class BackupWriteStream(Stream output, BackupCipher cipher) : OneWayStream
{
    private readonly byte[] _plain = new byte[BackupCipher.PieceBytes];
    private readonly byte[] _sealed = new byte[BackupCipher.PieceBytes + BackupCipher.TagBytes];
    private int _filled;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            // Full only when more comes: the last piece is written by Finish.
            if (_filled == _plain.Length) await Piece(last: false);
            var taken = Math.Min(buffer.Length, _plain.Length - _filled);
            buffer[..taken].CopyTo(_plain.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the last piece.</summary>
    public Task Finish() => Piece(last: true);

    private async Task Piece(bool last)
    {
        cipher.Seal(_plain.AsSpan(0, _filled), last, _sealed);
        await output.WriteAsync(_sealed.AsMemory(0, _filled + BackupCipher.TagBytes));
        _filled = 0;
    }
}

/// <summary>Decrypts what is read, piece by piece; nothing is given out before its piece was checked.</summary>
internal sealed class BackupReadStream(Stream input, BackupCipher cipher, string file) : OneWayStream
{
    private const int Whole = BackupCipher.PieceBytes + BackupCipher.TagBytes;

    private readonly byte[] _plain = new byte[BackupCipher.PieceBytes];
    private readonly byte[] _ahead = new byte[Whole + 1];
    private int _read;
    private int _at;
    private int _end;
    private int _pieces;
    private bool _over;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == _end && !_over) await Piece(cancellationToken);
        var taken = Math.Min(buffer.Length, _end - _at);
        _plain.AsMemory(_at, taken).CopyTo(buffer);
        _at += taken;
        return taken;
    }

    // One byte more than a piece tells whether it is the last.
    private async Task Piece(CancellationToken cancellationToken)
    {
        _read += await input.ReadAtLeastAsync(_ahead.AsMemory(_read), _ahead.Length - _read, throwOnEndOfStream: false, cancellationToken);
        var last = _read <= Whole;
        var length = Math.Min(_read, Whole);
        if (!cipher.TryOpen(_ahead.AsSpan(0, length), last, _plain.AsSpan(0, Math.Max(0, length - BackupCipher.TagBytes))))
        {
            throw new StartupException(_pieces == 0
                ? $"'{file}' does not open: the passphrase is another one, or the file is damaged. Nothing was restored."
                : $"'{file}' is damaged or cut off after {(long)_pieces * BackupCipher.PieceBytes} bytes; take another copy. Nothing was restored.");
        }

        (_at, _end, _over) = (0, length - BackupCipher.TagBytes, last);
        _pieces++;
        _ahead.AsSpan(length, _read - length).CopyTo(_ahead);
        _read -= length;
    }
}

/// <summary>A stream that is read or written from beginning to end, never synchronously.</summary>
internal abstract class OneWayStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held that a flush could send on.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
