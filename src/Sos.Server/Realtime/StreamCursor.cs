using System.Globalization;

namespace Sos.Server.Realtime;

/// <summary>How far a reader of an event stream has come; sent as the id of every event, so that a reader that comes back goes on from there.</summary>
/// <param name="Inbox">Newest inbox item.</param>
/// <param name="Alert">The alert whose event was the newest.</param>
/// <param name="Seq">That event.</param>
internal readonly record struct StreamCursor(long Inbox, Guid Alert, long Seq)
{
    /// <summary>Reads an id; null for anything that <see cref="ToString"/> did not write.</summary>
    public static StreamCursor? Parse(string? id)
    {
        if (id?.Split('.') is not [var inbox, var alert, var seq]) return null;
        return long.TryParse(inbox, NumberStyles.None, CultureInfo.InvariantCulture, out var item)
            && Guid.TryParseExact(alert, "N", out var alertId) && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new StreamCursor(item, alertId, number)
            : null;
    }

    /// <summary>The cursor after a message; null when the reader already has that message.</summary>
    public StreamCursor? After(in DeviceMessage message) => message switch
    {
        { Inbox: { } item } => item.Seq > Inbox ? this with { Inbox = item.Seq } : null,
        { Alert: { } change } => change.AlertId != Alert || change.Seq > Seq ? this with { Alert = change.AlertId, Seq = change.Seq } : null,
        _ => this,
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Inbox}.{Alert:N}.{Seq}");
}
