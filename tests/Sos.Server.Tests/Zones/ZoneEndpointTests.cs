using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Zones;

public sealed class ZoneEndpointTests : IAsyncLifetime
{
    private const string Square = """{"type":"Feature","properties":{"name":"Docks","kind":"crime","risk":5},"geometry":{"type":"Polygon","coordinates":[[[16.3,48.2],[16.4,48.2],[16.4,48.3],[16.3,48.3],[16.3,48.2]]]}}""";
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _admin = await _server.Bootstrap();
        _ada = await _server.SignIn(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_zone_is_drawn_shown_changed_and_taken_away()
    {
        var drawn = await Json(await As(_admin, HttpMethod.Post, "zones", Square), 201);
        var id = drawn.GetProperty("id").GetString();
        Assert.Equal(("drawn", 1), (drawn.GetProperty("properties").GetProperty("source").GetString(), drawn.GetProperty("properties").GetProperty("version").GetInt32()));
        using (var listed = await As(_ada, HttpMethod.Get, "zones?bbox=16,48,17,49"))
        {
            Assert.Equal("application/geo+json", listed.Content.Headers.ContentType!.MediaType);
            Assert.Equal(TimeSpan.FromMinutes(5), listed.Headers.CacheControl!.MaxAge);
            Assert.Equal(id, (await Json(listed, 200)).GetProperty("features")[0].GetProperty("id").GetString());
        }

        Assert.Equal(0, (await Json(await As(_ada, HttpMethod.Get, "zones?bbox=17,48,18,49"), 200)).GetProperty("features").GetArrayLength());
        var changed = await Json(await As(_admin, HttpMethod.Put, $"zones/{id}", Square.Replace("Docks", "Old docks", StringComparison.Ordinal)), 200);
        Assert.Equal(2, changed.GetProperty("properties").GetProperty("version").GetInt32());
        Assert.Equal("Old docks", (await Json(await As(_ada, HttpMethod.Get, $"zones/{id}"), 200)).GetProperty("properties").GetProperty("name").GetString());
        using (var removed = await As(_admin, HttpMethod.Delete, $"zones/{id}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await SosServerHost.IsProblem(await As(_ada, HttpMethod.Get, $"zones/{id}"), 404, "not-found");
        var audit = await Json(await As(_admin, HttpMethod.Get, "admin/audit"), 200);
        Assert.Equal(["removed_zone", "changed_zone", "changed_zone"], audit.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("act").GetString()).Where(act => act!.EndsWith("zone", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_file_is_imported_with_a_fault_for_each_feature_that_is_none_and_comes_out_again()
    {
        var bowTie = """{"type":"Feature","properties":{"name":"Tangle"},"geometry":{"type":"Polygon","coordinates":[[[10,50],[11,51],[11,50],[10,51],[10,50]]]}}""";
        var file = $$"""{"type":"FeatureCollection","features":[{{Square}},{"type":"Feature","geometry":null},{{bowTie}}]}""";
        var report = await Json(await As(_admin, HttpMethod.Post, "zones/import", file), 200);
        Assert.Equal((2, 1, 1), (report.GetProperty("imported").GetInt32(), report.GetProperty("mended").GetInt32(), report.GetProperty("refused").GetInt32()));
        var fault = Assert.Single(report.GetProperty("faults").EnumerateArray());
        Assert.Equal((2, "no-geometry"), (fault.GetProperty("feature").GetInt32(), fault.GetProperty("code").GetString()));

        using var exported = await As(_ada, HttpMethod.Get, "zones/export");
        var text = await exported.Content.ReadAsStringAsync();
        Assert.Equal(2, JsonDocument.Parse(text).RootElement.GetProperty("features").GetArrayLength());
        Assert.Equal(2, (await Json(await As(_admin, HttpMethod.Post, "zones/import", text), 200)).GetProperty("imported").GetInt32());
    }

    [Fact]
    public async Task An_import_under_a_key_tells_how_far_it_is_and_again_makes_only_what_is_missing()
    {
        var features = string.Join(',', Enumerable.Range(0, 300).Select(_ => Square));
        var file = $$"""{"type":"FeatureCollection","features":[{{features}},{"type":"Feature","geometry":null}]}""";
        var key = Guid.CreateVersion7().ToString();
        var first = await Lines(file, key);
        Assert.Equal([0, 256, 300, 300], first.Select(line => line.GetProperty("made").GetInt32()));
        Assert.All(first, line => Assert.Equal(300, line.GetProperty("zones").GetInt32()));
        Assert.Equal((300, 1), (first[^1].GetProperty("report").GetProperty("imported").GetInt32(), first[^1].GetProperty("report").GetProperty("refused").GetInt32()));
        var ids = await Ids();
        Assert.Equal(300, ids.Count);

        // Some went missing, as after a kill.
        foreach (var id in ids.Take(5)) (await As(_admin, HttpMethod.Delete, $"zones/{id}")).Dispose();
        Assert.Equal(300, (await Lines(file, key))[^1].GetProperty("report").GetProperty("imported").GetInt32());
        Assert.Equal(ids, await Ids());
        await Lines(file, Guid.CreateVersion7().ToString());
        Assert.Equal(600, (await Ids()).Count);
        using var bad = new StringContent(file, Encoding.UTF8, "application/geo+json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/zones/import") { Content = bad, Headers = { { "Authorization", "Bearer " + _admin.AccessToken }, { "Idempotency-Key", "x" } } };
        await SosServerHost.IsProblem(await _server.Http.SendAsync(request), 422, "invalid");
    }

    private async Task<List<string?>> Ids()
    {
        var exported = await Json(await As(_ada, HttpMethod.Get, "zones/export"), 200);
        return [.. exported.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetString()).Order()];
    }

    private async Task<List<JsonElement>> Lines(string file, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/zones/import")
        {
            Content = new StringContent(file, Encoding.UTF8, "application/geo+json"),
            Headers = { { "Authorization", "Bearer " + _admin.AccessToken }, { "Idempotency-Key", key }, { "Accept", "application/x-ndjson" } },
        };
        using var answer = await _server.Http.SendAsync(request);
        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        return [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    [Fact]
    public async Task Pages_follow_each_other_and_the_last_has_no_next()
    {
        var features = string.Join(',', Enumerable.Range(0, 5).Select(_ => Square));
        await Json(await As(_admin, HttpMethod.Post, "zones/import", $$"""{"type":"FeatureCollection","features":[{{features}}]}"""), 200);
        var ids = new List<string?>();
        for (var cursor = ""; ;)
        {
            var page = await Json(await As(_ada, HttpMethod.Get, $"zones?bbox=16,48,17,49&limit=2{cursor}"), 200);
            ids.AddRange(page.GetProperty("features").EnumerateArray().Select(feature => feature.GetProperty("id").GetString()));
            if (!page.TryGetProperty("next", out var next)) break;
            cursor = $"&cursor={next.GetString()}";
        }

        Assert.Equal((5, 5), (ids.Count, ids.Distinct().Count()));
    }

    [Fact]
    public async Task An_operator_draws_in_her_areas_only()
    {
        var operatorOf = await _server.SignIn(2);
        using (var granted = await As(_admin, HttpMethod.Patch, $"admin/users/{operatorOf.User!.Id}", """{"roles":["user","operator"],"areas":["u2ed"]}""")) Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        operatorOf = await _server.SignIn(2);
        var point = """{"type":"Feature","properties":{"radiusMeters":100},"geometry":{"type":"Point","coordinates":[LON,48.21]}}""";
        using (var hers = await As(operatorOf, HttpMethod.Post, "zones", point.Replace("LON", "16.37", StringComparison.Ordinal))) Assert.Equal(HttpStatusCode.Created, hers.StatusCode);
        await SosServerHost.IsProblem(await As(operatorOf, HttpMethod.Post, "zones", point.Replace("LON", "2.35", StringComparison.Ordinal)), 403, "forbidden");
        await SosServerHost.IsProblem(await As(operatorOf, HttpMethod.Post, "zones", """{"type":"Feature","properties":{"radiusMeters":400000},"geometry":{"type":"Point","coordinates":[16.37,48.2]}}"""), 403, "forbidden");
        var foreign = (await Json(await As(_admin, HttpMethod.Post, "zones", point.Replace("LON", "2.35", StringComparison.Ordinal)), 201)).GetProperty("id").GetString();
        await SosServerHost.IsProblem(await As(operatorOf, HttpMethod.Delete, $"zones/{foreign}"), 403, "forbidden");
    }

    [Theory]
    [InlineData("zones", 422)]
    [InlineData("zones?bbox=1,2,3", 422)]
    [InlineData("zones?bbox=16,49,17,48", 422)]
    [InlineData("zones?bbox=NaN,48,17,49", 422)]
    [InlineData("zones?bbox=16,48,17,49&limit=201", 422)]
    [InlineData("zones?bbox=16,48,17,49&cursor=x", 422)]
    [InlineData("zones/export?bbox=x", 422)]
    public async Task A_question_that_is_none_is_refused(string path, int status) => await SosServerHost.IsProblem(await As(_ada, HttpMethod.Get, path), status, "invalid");

    [Theory]
    [InlineData("""{"type":"Feature"}""", 422, "invalid")]
    [InlineData("""{"type":"FeatureCollection","features":[]}""", 422, "invalid")]
    [InlineData("""[]""", 422, "invalid")]
    [InlineData("""{"type":"Feature",""", 400, "bad-json")]
    public async Task A_drawing_that_is_none_is_refused(string body, int status, string slug) => await SosServerHost.IsProblem(await As(_admin, HttpMethod.Post, "zones", body), status, slug);

    private Task<HttpResponseMessage> As(SessionAnswer person, HttpMethod method, string path, string? body = null) =>
        _server.Send(method, "api/v1/" + path, body is null ? null : new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(method == HttpMethod.Patch ? "application/json" : "application/geo+json")), "Bearer " + person.AccessToken);

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
