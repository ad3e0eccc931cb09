using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Trackers;

/// <summary>A tracker of somebody, as its app or firmware sends.</summary>
internal sealed record Device(SosServerHost Server, Guid Id, string Token, string Setup)
{
    public static async Task<Device> Add(SosServerHost server, SessionAnswer person, string kind = "traccar", string name = "Watch")
    {
        using var answer = await server.Send(HttpMethod.Post, "api/v1/users/me/trackers", $$"""{"name":"{{name}}","kind":"{{kind}}"}""", "Bearer " + person.AccessToken);
        Assert.True((int)answer.StatusCode == 201, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var added = await SosServerHost.Json(answer);
        return new Device(server, added.GetProperty("tracker").GetProperty("id").GetGuid(), added.GetProperty("token").GetString()!, added.GetProperty("setup").GetString()!);
    }

    public Task<HttpResponseMessage> Get(string query) => Server.Http.GetAsync($"ingest/osmand/{Token}?{query}");

    public async Task<HttpResponseMessage> Post(string body, string mediaType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return await Server.Http.PostAsync($"ingest/osmand/{Token}", content);
    }

    public async Task<HttpResponseMessage> OwnTracks(string body, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "ingest/owntracks?u=sos&d=phone") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"sos:{token ?? Token}")));
        request.Headers.Add("X-Limit-U", "sos");
        request.Headers.Add("X-Limit-D", "phone");
        return await Server.Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> Overland(string body) => Server.Send(HttpMethod.Post, "ingest/overland", body, "Bearer " + Token);

    public static async Task<JsonElement> Taken(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        Assert.True((int)answer.StatusCode == 200, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}

/// <summary>Requests of real clients, with times and places to be filled in.</summary>
internal static class RealMessages
{
    /// <summary>Traccar Client 9 on Android, as in Traccar's own test.</summary>
    public static string Traccar(DateTimeOffset at, double latitude = 48.2082, double longitude = 16.3738, string more = "", string extras = "") => FormattableString.Invariant($$$"""
        {"location":{"event":"motionchange","is_moving":false,"uuid":"0e9a2473-a9a7-4c00-997b-fb97d2154e75","timestamp":"{{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}}","odometer":0,"mock":false{{{more}}},
         "coords":{"latitude":{{{latitude}}},"longitude":{{{longitude}}},"accuracy":3.8,"speed":18.67,"speed_accuracy":0.26,"heading":63,"heading_accuracy":0.28,"altitude":35.7,"altitude_accuracy":3.8},
         "activity":{"type":"still","confidence":100},"battery":{"is_charging":false,"level":0.79},"extras":{{{{extras}}}}},"device_id":"8737767034"}
        """);

    /// <summary>OwnTracks on iOS, as in its recorder's demonstration.</summary>
    public static string OwnTracks(DateTimeOffset at, double latitude = 48.2082, double longitude = 16.3738, string more = "") => FormattableString.Invariant(
        $$"""{"tst":{{at.ToUnixTimeSeconds()}},"acc":5,"_type":"location","alt":166,"lon":{{longitude}},"vac":6,"vel":35,"lat":{{latitude}},"cog":118,"tid":"NE","batt":88{{more}}}""");

    /// <summary>One point of Overland.</summary>
    public static string OverlandPoint(DateTimeOffset at, double latitude = 48.2082, double longitude = 16.3738) => FormattableString.Invariant($$$"""
        {"type":"Feature","geometry":{"type":"Point","coordinates":[{{{longitude}}},{{{latitude}}}]},"properties":{"timestamp":"{{{at:yyyy-MM-ddTHH:mm:ssZ}}}","altitude":80,"speed":4,"horizontal_accuracy":30,
         "vertical_accuracy":-1,"motion":["driving","stationary"],"pauses":false,"activity":"other_navigation","desired_accuracy":100,"deferred":1000,"significant_change":"disabled","locations_in_payload":1,
         "device_id":"","wifi":"launchpad","battery_state":"charging","battery_level":0.80}}
        """);

    public static string Overland(params string[] points) => $$$"""{"locations":[{{{string.Join(',', points)}}}],"current":{},"trip":{}}""";
}
