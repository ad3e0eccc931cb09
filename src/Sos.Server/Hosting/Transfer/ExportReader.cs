using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orleans.Runtime;

namespace Sos.Server.Hosting.Transfer;

/// <summary>Reads an export, item by item, and refuses at the first damage, by number, place and, where it can be read, name.</summary>
internal sealed class ExportReader : IDisposable
{
    private readonly Stream _input;
    private readonly string _file;
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[ExportFormat.HeadBytes];
    private readonly byte[] _checksum = new byte[ExportFormat.ChecksumBytes];
    private long _position;
    private string _last = "the header";

    private ExportReader(Stream input, string file) => (_input, _file) = (input, file);

    /// <summary>The first line.</summary>
    public ExportHeader Header { get; private set; } = null!;

    /// <summary>How much was read.</summary>
    public ExportCounts Counts { get; private set; }

    /// <summary>Reads the first line.</summary>
    /// <param name="input">The file, at its beginning.</param>
    /// <param name="file">Its name, for refusals.</param>
    /// <exception cref="StartupException">It is no export, or one of a newer version.</exception>
    public static async Task<ExportReader> Open(Stream input, string file)
    {
        var reader = new ExportReader(input, file);
        await reader.ReadHeader();
        return reader;
    }

    /// <summary>Reads through a file whole; answers how much is in it.</summary>
    /// <exception cref="StartupException">It is damaged.</exception>
    public static async Task<ExportCounts> Verify(Stream input, string file)
    {
        using var reader = await Open(input, file);
        await foreach (var _ in reader.Items())
        {
        }

        return reader.Counts;
    }

    /// <summary>The items; ends only where the file says that it ends.</summary>
    /// <exception cref="StartupException">It is damaged or cut off.</exception>
    public async IAsyncEnumerable<TransferItem> Items()
    {
        while (true)
        {
            var body = await ReadItem();
            if (_head[0] == ExportFormat.End)
            {
                CheckEnd(body);
                if (await _input.ReadAsync(_head) != 0) throw Refuse("goes on after its end");
                yield break;
            }

            var item = Parse(body);
            Take(body);
            Counts = Counts.With(item);
            _last = Describe(item.Grain, item.Name);
            yield return item;
        }
    }

    public void Dispose() => _whole.Dispose();

    private async Task ReadHeader()
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count <= ExportFormat.LongestHeader && await _input.ReadAsync(one) == 1 && one[0] != (byte)'\n') line.Add(one[0]);
        ExportHeader? header;
        try
        {
            header = one[0] == (byte)'\n' ? JsonSerializer.Deserialize<ExportHeader>(line.ToArray(), JsonSerializerOptions.Web) : null;
        }
        catch (JsonException)
        {
            header = null;
        }

        if (header?.Format != ExportFormat.Name) throw new StartupException($"'{_file}' is not an export of this service.");
        if (header.Version > ExportFormat.Version) throw new StartupException($"'{_file}' has format {header.Version}, which a newer version of the service wrote; this one reads up to {ExportFormat.Version}.");
        Header = header;
        line.Add((byte)'\n');
        _whole.AppendData([.. line]);
        _position = line.Count;
    }

    private async Task<byte[]> ReadItem()
    {
        await Fill(_head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_head.AsSpan(1));
        if (_head[0] is not (ExportFormat.State or ExportFormat.Sealed or ExportFormat.Reminder or ExportFormat.End) || length is < 0 or > ExportFormat.LongestBody) throw Damaged(null);
        var body = new byte[length];
        await Fill(body);
        await Fill(_checksum);
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        using var item = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        item.AppendData(_head);
        item.AppendData(body);
        item.GetHashAndReset(expected);
        if (!expected[..ExportFormat.ChecksumBytes].SequenceEqual(_checksum)) throw Damaged(body);
        return body;
    }

    private void Take(byte[] body)
    {
        _whole.AppendData(_head);
        _whole.AppendData(body);
        _whole.AppendData(_checksum);
        _position += _head.Length + body.Length + _checksum.Length;
    }

    private TransferItem Parse(byte[] body)
    {
        try
        {
            var rest = new ReadOnlyMemory<byte>(body);
            var (type, key, name) = (Text(ref rest), Text(ref rest), Text(ref rest));
            var grain = GrainId.Create(type, key);
            if (_head[0] == ExportFormat.State) return new TransferState(grain, name, rest);
            if (_head[0] == ExportFormat.Sealed) return new TransferSealed(grain, name, rest);
            if (rest.Length != 16) throw Damaged(body);
            return new TransferReminder(
                grain,
                name,
                DateTime.UnixEpoch.AddTicks(checked(BinaryPrimitives.ReadInt64LittleEndian(rest.Span) * TimeSpan.TicksPerMicrosecond)),
                TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(rest.Span[8..])));
        }
        catch (Exception wrong) when (wrong is ArgumentException or DecoderFallbackException or OverflowException)
        {
            throw Damaged(body);
        }
    }

    private void CheckEnd(byte[] body)
    {
        if (body.Length != 16 + SHA256.HashSizeInBytes) throw Damaged(null);
        var told = new ExportCounts(BinaryPrimitives.ReadInt64LittleEndian(body), BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8)));
        if (told != Counts) throw Refuse($"holds {Counts} and says that it holds {told}");
        if (!body.AsSpan(16).SequenceEqual(_whole.GetCurrentHash())) throw Refuse("does not fit its checksum");
    }

    private async Task Fill(Memory<byte> buffer)
    {
        if (await _input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length) throw Refuse($"ends in the middle, after item {Total} ({_last})");
    }

    private StartupException Damaged(byte[]? body) =>
        Refuse($"is damaged at item {Total + 1} (byte {_position}{(body is null ? "" : NameIn(body))}), after {_last}");

    private StartupException Refuse(string fault) => new($"'{_file}' {fault}; export again, or copy the file again. Nothing was imported.");

    private long Total => Counts.States + Counts.Reminders;

    /// <summary>The name that a damaged item bears, if it can still be read.</summary>
    private static string NameIn(byte[] body)
    {
        try
        {
            var rest = new ReadOnlyMemory<byte>(body);
            var (type, key, name) = (Text(ref rest), Text(ref rest), Text(ref rest));
            var described = Describe(GrainId.Create(type, key), name);
            return described.Any(char.IsControl) ? "" : ", " + described;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or DecoderFallbackException)
        {
            return "";
        }
    }

    private static string Describe(GrainId grain, string name) => $"{name} of {grain}";

    private static string Text(ref ReadOnlyMemory<byte> from)
    {
        var length = from.Length < 2 ? throw new ArgumentException("The item ends inside a text.", nameof(from)) : BinaryPrimitives.ReadUInt16LittleEndian(from.Span);
        if (length > from.Length - 2) throw new ArgumentException("The item ends inside a text.", nameof(from));
        var text = ExportFormat.Text.GetString(from.Span.Slice(2, length));
        from = from[(2 + length)..];
        return text;
    }
}
