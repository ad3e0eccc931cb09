using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Sos.Grains.Zones.Cap;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Zones.Cap;

public sealed class PublicationEndpointTests : IAsyncLifetime
{
    private const string Docks = """{"type":"Feature","properties":{"name":"Docks","kind":"crime","risk":5,"radiusMeters":200},"geometry":{"type":"Point","coordinates":[16.37,48.2]}}""";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:Cap:Sender=warn@city.example");
        _admin = await _server.Bootstrap();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_marked_zone_is_in_everybodys_feed_follows_its_zone_and_ends()
    {
        var id = (await As(HttpMethod.Post, "zones", Docks)).GetProperty("id").GetString();
        Assert.Empty((await Feed()).Elements(Atom + "entry"));
        var published = await As(HttpMethod.Put, $"zones/{id}/publication", """{"category":"security","instruction":"Stay away."}""");
        Assert.Equal($"/api/v1/cap/{id}", published.GetProperty("url").GetString());
        var entry = Assert.Single((await Feed()).Elements(Atom + "entry"));
        var message = Read(await _server.Http.GetByteArrayAsync(new Uri(entry.Element(Atom + "link")!.Attribute("href")!.Value, UriKind.Relative)));
        Assert.Equal(("Docks", "crime", 200.0), (message.Infos[0].Event, message.Infos[0].Kind, message.Infos[0].Areas[0].Shapes[0].Radius.Metres));

        await As(HttpMethod.Put, $"zones/{id}", Docks.Replace("200", "400", StringComparison.Ordinal));
        var update = Read(await _server.Http.GetByteArrayAsync($"api/v1/cap/{id}"));
        Assert.Equal((Sos.Contracts.Zones.Cap.CapMessageType.Update, 400.0), (update.Type, update.Infos[0].Areas[0].Shapes[0].Radius.Metres));
        Assert.Equal([message.Name], update.References);

        await As(HttpMethod.Delete, $"zones/{id}");
        var end = Read(await _server.Http.GetByteArrayAsync($"api/v1/cap/{id}"));
        Assert.Equal(Sos.Contracts.Zones.Cap.CapMessageType.Cancel, end.Type);
        Assert.Equal([message.Name, update.Name], end.References);
    }

    [Fact]
    public async Task The_feed_is_sent_once_to_who_has_it()
    {
        using var first = await _server.Http.GetAsync("api/v1/cap/feed");
        Assert.Equal(("application/atom+xml", true), (first.Content.Headers.ContentType!.MediaType, first.Headers.CacheControl!.Public));
        using var again = new HttpRequestMessage(HttpMethod.Get, "api/v1/cap/feed");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await _server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task What_is_withdrawn_or_no_zone_of_ours_is_not_published()
    {
        var id = (await As(HttpMethod.Post, "zones", Docks)).GetProperty("id").GetString();
        await SosServerHost.IsProblem(await _server.Http.GetAsync($"api/v1/cap/{id}"), 404, "not-found");
        await As(HttpMethod.Put, $"zones/{id}/publication", """{"exercise":true}""");
        await SosServerHost.IsProblem(await Send(HttpMethod.Put, $"zones/{id}/publication", "{}"), 409, "illegal-move");
        await As(HttpMethod.Delete, $"zones/{id}/publication");
        Assert.EndsWith(": over", Assert.Single((await Feed()).Elements(Atom + "entry")).Element(Atom + "title")!.Value, StringComparison.Ordinal);

        const string Hours = """
            "schedule":{"timeZone":"Europe/Vienna","hours":[{"days":["fri"],"from":"22:00","to":"04:00"}]},"risk":
            """;
        var nights = Docks.Replace("\"risk\":", Hours, StringComparison.Ordinal);
        var other = (await As(HttpMethod.Post, "zones", nights)).GetProperty("id").GetString();
        await SosServerHost.IsProblem(await Send(HttpMethod.Put, $"zones/{other}/publication", "{}"), 422, "invalid");
        await SosServerHost.IsProblem(await Send(HttpMethod.Put, $"zones/{id}/publication", """{"instruction":""}"""), 422, "invalid");
        await SosServerHost.IsProblem(await Send(HttpMethod.Put, $"zones/{Guid.CreateVersion7()}/publication", "{}"), 404, "not-found");
    }

    private async Task<XElement> Feed() => XElement.Parse(await _server.Http.GetStringAsync("api/v1/cap/feed"));

    private static CapMessage Read(byte[] bytes) => CapReader.Read(bytes, new CapLimits()).Message!;

    private Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null) => _server.Send(method, "api/v1/" + path, body, "Bearer " + _admin.AccessToken);

    private async Task<JsonElement> As(HttpMethod method, string path, string? body = null)
    {
        using var answer = await Send(method, path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode == HttpStatusCode.NoContent ? default : await SosServerHost.Json(answer);
    }
}
