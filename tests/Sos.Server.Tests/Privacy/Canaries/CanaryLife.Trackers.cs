using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sos.Server.Tests.Trackers;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>
/// Trackers beside the alert: a watch of the victim; of the brother a phone with OwnTracks that may show his relatives, and one that may not. What is answered to a tracker is written down under its
/// own name: whoever has its token reads it. And a zone that staff has published, for everybody to read.
/// </summary>
internal sealed partial class CanaryLife
{
    private readonly Dictionary<string, string> _maps = [];
    private string _zone = "";

    private async Task AddTrackers()
    {
        await Of("victim").Send("GET", $"ingest/osmand/{(await AddTracker("victim", "traccar", "victim.tracker")).Token}?id=1&batt=80", null);
        foreach (var name in new[] { "brother-map", "brother-blind" })
        {
            var (id, token) = await AddTracker("brother", "owntracks", name.Replace('-', '.'));
            _maps[name] = token;
            if (name == "brother-map") await Of("brother").Done("PATCH", $"users/me/trackers/{id}", """{"showsRelatives":true}""");
        }
    }

    private async Task<(Guid Id, string Token)> AddTracker(string owner, string kind, string canary)
    {
        var added = JsonDocument.Parse(await Of(owner).Done("POST", "users/me/trackers", $$"""{"name":"Tracker","kind":"{{kind}}"}""")).RootElement;
        var token = added.GetProperty("token").GetString()!;
        Canaries.Add(Canary.Text(canary, token));
        return (added.GetProperty("tracker").GetProperty("id").GetGuid(), token);
    }

    private async Task ReportTrackers()
    {
        foreach (var (name, token) in _maps)
        {
            var (latitude, longitude) = Places["brother.place"];
            using var request = new HttpRequestMessage(HttpMethod.Post, "ingest/owntracks") { Content = new StringContent(RealMessages.OwnTracks(server.Time.GetUtcNow(), latitude, longitude), Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sos:" + token)));
            using var answer = await server.Http.SendAsync(request);
            Assert.Equal(200, (int)answer.StatusCode);
            var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
            Recorder.Add(name, "http", "POST ingest/owntracks", [.. Encoding.UTF8.GetBytes(headers + "\n\n"), .. await answer.Content.ReadAsByteArrayAsync()]);
        }
    }

    private async Task PublishZone()
    {
        const string Zone = """{"type":"Feature","properties":{"name":"Docks","risk":4,"radiusMeters":200},"geometry":{"type":"Point","coordinates":[-75.1,64.3]}}""";
        _zone = JsonDocument.Parse(await Of("admin").Done("POST", "zones", Zone)).RootElement.GetProperty("id").GetString()!;
        await Of("admin").Done("PUT", $"zones/{_zone}/publication", "{}");
    }
}
