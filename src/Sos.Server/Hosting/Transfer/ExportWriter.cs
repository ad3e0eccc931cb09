using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Sos.Server.Hosting.Transfer;

/// <summary>Writes an export, item by item; holds one item in memory.</summary>
internal sealed class ExportWriter(Stream output) : IDisposable
{
    private readonly IncrementalHash _whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _item = new(64 * 1024);
    private ExportCounts _counts;

    /// <summary>Writes everything; answers how much.</summary>
    public static async Task<ExportCounts> Write(Stream output, ExportHeader header, IAsyncEnumerable<TransferItem> items)
    {
        using var writer = new ExportWriter(output);
        await writer.Begin(header);
        await foreach (var item in items) await writer.Add(item);
        return await writer.End();
    }

    public void Dispose() => _whole.Dispose();

    private ValueTask Begin(ExportHeader header)
    {
        _item.Write(JsonSerializer.SerializeToUtf8Bytes(header, JsonSerializerOptions.Web));
        _item.Write("\n"u8);
        return Flush();
    }

    private ValueTask Add(TransferItem item)
    {
        var body = Head(item switch
        {
            TransferState => ExportFormat.State,
            TransferSealed => ExportFormat.Sealed,
            _ => ExportFormat.Reminder,
        });
        Text(item.Grain.Type.ToString()!);
        Text(item.Grain.Key.ToString()!);
        Text(item.Name);
        if (item is TransferState state)
        {
            _item.Write(state.Bytes.Span);
        }
        else if (item is TransferSealed covered)
        {
            _item.Write(covered.Bytes.Span);
        }
        else if (item is TransferReminder reminder)
        {
            Number((reminder.StartAt - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            Number((long)reminder.Period.TotalMilliseconds);
        }

        _counts = _counts.With(item);
        return Close(body);
    }

    private async ValueTask<ExportCounts> End()
    {
        var body = Head(ExportFormat.End);
        Number(_counts.States);
        Number(_counts.Reminders);
        _item.Write(_whole.GetCurrentHash());
        await Close(body);
        await output.FlushAsync();
        return _counts;
    }

    private int Head(byte tag)
    {
        var head = _item.GetSpan(ExportFormat.HeadBytes)[..ExportFormat.HeadBytes];
        head.Clear();
        head[0] = tag;
        _item.Advance(ExportFormat.HeadBytes);
        return _item.WrittenCount;
    }

    private ValueTask Close(int body)
    {
        var written = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_item.WrittenMemory);
        BinaryPrimitives.WriteInt32LittleEndian(written.Span[1..], written.Length - body);
        _item.Write(SHA256.HashData(written.Span).AsSpan(0, ExportFormat.ChecksumBytes));
        return Flush();
    }

    private async ValueTask Flush()
    {
        _whole.AppendData(_item.WrittenSpan);
        await output.WriteAsync(_item.WrittenMemory);
        _item.ResetWrittenCount();
    }

    private void Text(string text)
    {
        var bytes = ExportFormat.Text.GetBytes(text);
        BinaryPrimitives.WriteUInt16LittleEndian(_item.GetSpan(2), checked((ushort)bytes.Length));
        _item.Advance(2);
        _item.Write(bytes);
    }

    private void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_item.GetSpan(8), value);
        _item.Advance(8);
    }
}
