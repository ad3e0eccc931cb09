using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Sos.Server.Http;

namespace Sos.Server.Realtime;

/// <summary>Writes server-sent events (WHATWG HTML, "Server-sent events"): name, id and JSON data of each message, and comments to keep the line open.</summary>
internal sealed class EventStream(PipeWriter output, StreamCursor start)
{
    private StreamCursor _cursor = start;

    /// <summary>How far the reader has come.</summary>
    public StreamCursor Cursor => _cursor;

    /// <summary>Writes a message unless the reader has it already.</summary>
    public async ValueTask Write(DeviceMessage message, CancellationToken cancellationToken)
    {
        if (_cursor.After(message) is not { } after) return;
        _cursor = after;
        var (name, data) = message switch
        {
            { Alert: { } change } => (DeviceEvents.AlertChanged, JsonSerializer.SerializeToUtf8Bytes(change, SosJson.Options)),
            { Inbox: { } item } => (DeviceEvents.InboxChanged, JsonSerializer.SerializeToUtf8Bytes(item, SosJson.Options)),
            { Zone: { } warning } => (DeviceEvents.ZoneEntered, JsonSerializer.SerializeToUtf8Bytes(warning, SosJson.Options)),
            { Crowd: { } crowd } => (DeviceEvents.ZoneCrowded, JsonSerializer.SerializeToUtf8Bytes(crowd, SosJson.Options)),
            { Sharing: { } sharing } => (DeviceEvents.LocationSharingDisabled, JsonSerializer.SerializeToUtf8Bytes(sharing, SosJson.Options)),
            { Board: { } entry } => (DeviceEvents.BoardChanged, JsonSerializer.SerializeToUtf8Bytes(entry, SosJson.Options)),
            { Relative: { } relative } => (DeviceEvents.ProximityAlert, JsonSerializer.SerializeToUtf8Bytes(relative, SosJson.Options)),
            _ => (DeviceEvents.Resync, "{}"u8.ToArray()),
        };
        output.Write(Encoding.ASCII.GetBytes($"event: {name}\nid: {after}\ndata: "));
        output.Write(data);
        output.Write("\n\n"u8);
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes a comment, which readers ignore and proxies do not.</summary>
    public async ValueTask WriteComment(CancellationToken cancellationToken)
    {
        output.Write(":\n\n"u8);
        await output.FlushAsync(cancellationToken);
    }
}
