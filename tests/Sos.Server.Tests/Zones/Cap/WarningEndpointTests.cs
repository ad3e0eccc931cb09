using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sos.TestKit;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Zones.Cap;

public sealed class WarningEndpointTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;
    private SessionAnswer _ada = null!;

    private DateTimeOffset Now => _server.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _admin = await _server.Bootstrap();
        _ada = await _server.SignIn(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_uploaded_warning_is_on_everybodys_map_until_it_is_cancelled()
    {
        var sent = Now;
        var taken = await Json(await Upload(SampleWarnings.Text(sent)), 200);
        Assert.Equal(("taken", 1, 0), (taken.GetProperty("outcome").GetString(), taken.GetProperty("zones").GetInt32(), taken.GetProperty("ends").GetInt32()));
        Assert.Equal("known", (await Json(await Upload(SampleWarnings.Text(sent), "text/xml"), 200)).GetProperty("outcome").GetString());
        var zone = Assert.Single((await Map()).EnumerateArray());
        Assert.Equal(("cap", "Flood: The docks", 4), (zone.GetProperty("properties").GetProperty("source").GetString(), zone.GetProperty("properties").GetProperty("name").GetString(), zone.GetProperty("properties").GetProperty("risk").GetInt32()));

        _server.Time.Advance(TimeSpan.FromMinutes(1));
        var cancelled = await Json(await Upload(SampleWarnings.Text(Now, "A2", "Cancel", SampleWarnings.Reference(sent, "A1"), area: null)), 200);
        Assert.Equal(1, cancelled.GetProperty("ends").GetInt32());
        Assert.Equal(0, (await Map()).GetArrayLength());
        var list = (await Json(await As(_admin, HttpMethod.Get, "admin/cap"), 200)).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["A2", "A1"], list.Select(item => item.GetProperty("identifier").GetString()));
        Assert.Equal(("cancelled", "upload"), (list[1].GetProperty("ended").GetString(), list[1].GetProperty("origin").GetString()));
        var audit = (await Json(await As(_admin, HttpMethod.Get, "admin/audit?act=took_warning"), 200)).GetProperty("items");
        Assert.Equal(["Cancel, 0 zones, ends 1", "Alert, 1 zones, ends 0", "Alert, 1 zones, ends 0"], audit.EnumerateArray().Select(entry => entry.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Staff_takes_a_warning_away_and_the_same_message_does_not_bring_it_back()
    {
        var text = SampleWarnings.Text(Now);
        var id = (await Json(await Upload(text), 200)).GetProperty("id").GetString();
        using (var removed = await As(_admin, HttpMethod.Delete, $"admin/cap/{id}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Upload(text);
        Assert.Equal(0, (await Map()).GetArrayLength());
        await SosServerHost.IsProblem(await As(_admin, HttpMethod.Delete, $"admin/cap/{Guid.CreateVersion7()}"), 404, "not-found");
    }

    [Theory]
    [InlineData("Exercise", "Public", "exercise")]
    [InlineData("Test", "Public", "test")]
    [InlineData("Actual", "Private", "private")]
    public async Task S10_what_is_not_for_everybody_is_on_no_map_and_in_no_list(string status, string scope, string reason)
    {
        var receipt = await Json(await Upload(SampleWarnings.Text(Now, status: status, scope: scope)), 200);
        Assert.Equal(("ignored", reason), (receipt.GetProperty("outcome").GetString(), receipt.GetProperty("reason").GetString()));
        Assert.Equal(0, (await Map()).GetArrayLength());
        Assert.Equal(0, (await Json(await As(_admin, HttpMethod.Get, "admin/cap"), 200)).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task S10_what_is_no_warning_is_refused_by_name_and_answers_nothing_of_any_file()
    {
        var evil = SampleWarnings.Text(Now).Replace("?>", "?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", StringComparison.Ordinal).Replace("Flood", "&x;", StringComparison.Ordinal);
        using (var answer = await Upload(evil))
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("document-type at alert", text, StringComparison.Ordinal);
            Assert.DoesNotContain("root:", text, StringComparison.Ordinal);
            await SosServerHost.IsProblem(answer, 422, "invalid");
        }

        await SosServerHost.IsProblem(await Upload("<alert/>"), 422, "invalid");
        await SosServerHost.IsProblem(await Upload("{}", "application/json"), 415, "media-refused");
        await SosServerHost.IsProblem(await UploadWhenAsked(new string(' ', 2 << 20)), 413, "too-large");
        await SosServerHost.IsProblem(await As(_admin, HttpMethod.Get, "admin/cap?limit=0"), 422, "invalid");
        await SosServerHost.IsProblem(await As(_admin, HttpMethod.Get, "admin/cap?cursor=x"), 422, "invalid");
    }

    [Fact]
    public async Task An_operator_of_some_areas_takes_and_sees_none()
    {
        var someone = await _server.SignIn(2);
        using (var granted = await As(_admin, HttpMethod.Patch, $"admin/users/{someone.User!.Id}", """{"roles":["user","operator"],"areas":["u2ed"]}""")) Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        someone = await _server.SignIn(2);
        using var refused = await _server.Send(HttpMethod.Post, "api/v1/admin/cap", Content(SampleWarnings.Text(Now)), "Bearer " + someone.AccessToken);
        await SosServerHost.IsProblem(refused, 403, "forbidden");
        await SosServerHost.IsProblem(await As(someone, HttpMethod.Get, "admin/cap"), 403, "forbidden");
    }

    private async Task<JsonElement> Map() => (await Json(await As(_ada, HttpMethod.Get, "zones?bbox=16,48,17,49"), 200)).GetProperty("features");

    private Task<HttpResponseMessage> Upload(string text, string type = "application/cap+xml") => _server.Send(HttpMethod.Post, "api/v1/admin/cap", Content(text, type), "Bearer " + _admin.AccessToken);

    // A refusal may cut the sending off before the answer is read: what is too large asks first whether to send.
    private async Task<HttpResponseMessage> UploadWhenAsked(string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/admin/cap") { Content = Content(text), Headers = { ExpectContinue = true } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _admin.AccessToken);
        request.Headers.Add("Sos-Reason", "a test");
        return await _server.Http.SendAsync(request);
    }

    private static StringContent Content(string text, string type = "application/cap+xml") => new(text, Encoding.UTF8, new MediaTypeHeaderValue(type));

    private Task<HttpResponseMessage> As(SessionAnswer person, HttpMethod method, string path, string? body = null) => _server.Send(method, "api/v1/" + path, body, "Bearer " + person.AccessToken);

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
