using System.Text.Json.Nodes;
using Sos.Contracts.Trackers;
using Sos.Server.Hosting;

namespace Sos.Server.Trackers;

/// <summary>
/// Addresses that devices send to, and links that set an app up with one tap: parameters of Traccar Client's <c>ConfigurationService</c>, an OwnTracks configuration
/// (booklet, tech/configuration), Overland's setup address. Each carries the token, so they are shown once, with it.
/// </summary>
internal sealed class TrackerLinks(PublicAddress address)
{
    /// <summary>OwnTracks' number for its HTTP mode.</summary>
    private const int HttpMode = 3;

    /// <summary>Where a tracker of that kind sends to.</summary>
    public Uri Address(TrackerKind kind, string token) => kind switch
    {
        TrackerKind.Owntracks => address.Of("ingest/owntracks"),
        TrackerKind.Overland => address.Of("ingest/overland"),
        _ => address.Of($"ingest/osmand/{token}"),
    };

    /// <summary>A link to tap, or for OsmAnd the template to copy into its settings.</summary>
    public string Setup(TrackerKind kind, string token, Guid id)
    {
        var (to, device) = (Uri.EscapeDataString(Address(kind, token).AbsoluteUri), Uri.EscapeDataString(id.ToString()));
        return kind switch
        {
            TrackerKind.Traccar => $"org.traccar.client://config?url={to}&id={device}&interval=60&distance=50&accuracy=high&buffer=true&stop_detection=true&heartbeat=300",
            TrackerKind.Owntracks => $"owntracks:///config?inline={Uri.EscapeDataString(Convert.ToBase64String(Configuration(token, id)))}",
            TrackerKind.Overland => $"overland://setup?url={to}&token={Uri.EscapeDataString(token)}&device_id={device}",
            _ => $"{Address(kind, token).AbsoluteUri}?lat={{0}}&lon={{1}}&timestamp={{2}}&hdop={{3}}&altitude={{4}}&speed={{5}}&bearing={{6}}",
        };
    }

    // Commands are let in: that is how zones come onto the phone.
    private byte[] Configuration(string token, Guid id) => System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["_type"] = "configuration",
        ["mode"] = HttpMode,
        ["url"] = Address(TrackerKind.Owntracks, token).AbsoluteUri,
        ["auth"] = true,
        ["username"] = "sos",
        ["password"] = token,
        ["deviceId"] = id.ToString("N")[^8..],
        ["tid"] = "me",
        ["cmd"] = true,
    }.ToJsonString());
}
