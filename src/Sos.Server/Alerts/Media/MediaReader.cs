using System.Buffers;
using Sos.Server.Http;

namespace Sos.Server.Alerts.Media;

/// <summary>Reads a file that somebody sends, once and forwards, with a small window to look into; never more than it may have.</summary>
internal sealed class MediaReader(Stream input, long most, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Most that can be looked at in one piece.</summary>
    public const int WindowBytes = 128 * 1024;

    private static readonly byte[] Zeros = new byte[16 * 1024];
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private int _start;
    private int _end;
    private long _read;

    /// <summary>Bytes that were passed.</summary>
    public long Position => _read - (_end - _start);

    /// <summary>What lies in the window, as many as asked for where the file has them; good until the next call.</summary>
    /// <param name="count">At most <see cref="WindowBytes"/>.</param>
    public async ValueTask<ReadOnlyMemory<byte>> Look(int count)
    {
        if (_end - _start < count && _start > 0)
        {
            _window.AsSpan(_start, _end - _start).CopyTo(_window);
            (_start, _end) = (0, _end - _start);
        }

        while (_end - _start < count)
        {
            var got = await input.ReadAsync(_window.AsMemory(_end, WindowBytes - _end), cancellationToken);
            if (got == 0) break;
            (_end, _read) = (_end + got, _read + got);
            if (_read > most) throw new UnusableMediaException(ProblemKind.TooLarge, $"An attachment has at most {most} bytes.");
        }

        return _window.AsMemory(_start, _end - _start);
    }

    /// <summary>The next bytes, and passes them; good until the next call.</summary>
    /// <exception cref="UnusableMediaException">The file ends before.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> Take(int count)
    {
        if ((await Look(count)).Length < count) throw Cut();
        _start += count;
        return _window.AsMemory(_start - count, count);
    }

    /// <summary>Passes what was looked at.</summary>
    public void Pass(int count) => _start += count;

    /// <summary>True when nothing is left.</summary>
    public async ValueTask<bool> AtEnd() => (await Look(1)).Length == 0;

    /// <summary>Copies bytes as they are.</summary>
    public async Task Copy(long count, Stream output)
    {
        while (count > 0)
        {
            var part = await Look(1);
            if (part.Length == 0) throw Cut();
            if (part.Length > count) part = part[..(int)count];
            await output.WriteAsync(part, CancellationToken.None);
            Pass(part.Length);
            count -= part.Length;
        }
    }

    /// <summary>Passes bytes without copying them.</summary>
    public async Task Skip(long count)
    {
        while (count > 0)
        {
            var part = (int)Math.Min((await Look(1)).Length, count);
            if (part == 0) throw Cut();
            Pass(part);
            count -= part;
        }
    }

    /// <summary>Passes bytes and writes as many zeros: what points behind them stays right.</summary>
    public async Task Blank(long count, Stream output)
    {
        await Skip(count);
        for (; count > 0; count -= Zeros.Length) await output.WriteAsync(Zeros.AsMemory(0, (int)Math.Min(count, Zeros.Length)), CancellationToken.None);
    }

    /// <summary>Reads what is left and drops it, so that a body which is shorter than its length says is found out.</summary>
    public async Task Drain()
    {
        while (!await AtEnd()) _start = _end;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_window, clearArray: true);

    private static UnusableMediaException Cut() => UnusableMediaException.Damaged("The file ends before it is complete.");
}
