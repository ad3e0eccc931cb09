using System.Net;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Users;

public sealed class ContactTests : IAsyncLifetime
{
    private const string Phone = "+15558880001";
    private SosServerHost _server = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:PublicAddress=https://sos.example.org/");
        _ada = await _server.SignIn(1);
        await As(_ada, HttpMethod.Patch, "users/me", """{"fullName":"Ada"}""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task From_invitation_to_the_end_of_an_alert()
    {
        var contact = await Json(await Add("""{"name":"Grace","phone":"+1 (555) 888-0001","relationship":"sister"}"""), 200);
        Assert.Equal(("pending", Phone), (contact.GetProperty("answer").GetString(), contact.GetProperty("phone").GetString()));
        var invitation = await Link("contact#");
        Assert.Equal("Ada", (await Json(await Post("invitation", invitation), 200)).GetProperty("asker").GetString());
        Assert.Equal("accepted", (await Json(await Post("answer", invitation, ",\"accepts\":true"), 200)).GetProperty("answer").GetString());
        Assert.Equal("accepted", (await Json(await As(_ada, HttpMethod.Get, "users/me/contacts"), 200)).GetProperty("items")[0].GetProperty("answer").GetString());

        var id = Guid.CreateVersion7();
        using (var pressed = await As(_ada, HttpMethod.Post, "alerts", $$"""{"id":"{{id}}","kind":"fire","position":{"latitude":48.2,"longitude":16.37},"holdSeconds":0}""")) Assert.Equal(HttpStatusCode.Created, pressed.StatusCode);
        var link = await Link("follow#");
        var followed = await Json(await Post("alert", link), 200);
        Assert.Equal(("fire", 48.2), (followed.GetProperty("kind").GetString(), followed.GetProperty("position").GetProperty("latitude").GetDouble()));

        using (var cancelled = await As(_ada, HttpMethod.Post, $"alerts/{id}/cancel", "{}")) Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        followed = await Json(await Post("alert", link), 200);
        Assert.Equal("cancelled", followed.GetProperty("status").GetString());
        Assert.False(followed.TryGetProperty("position", out _));
        _server.Time.Advance(TimeSpan.FromHours(1));
        await SosServerHost.IsProblem(await Post("alert", link), 404, "not-found");
    }

    [Fact]
    public async Task A_removed_contact_sees_nothing_and_a_made_up_or_foreign_token_neither()
    {
        var contact = await Json(await Add($$"""{"name":"Grace","phone":"{{Phone}}"}"""), 200);
        var invitation = await Link("contact#");
        await Post("answer", invitation, ",\"accepts\":true");
        var id = Guid.CreateVersion7();
        await As(_ada, HttpMethod.Post, "alerts", $$"""{"id":"{{id}}","kind":"fire","holdSeconds":0}""");
        var link = await Link("follow#");
        foreach (var token in new[] { "", "x", "####", invitation[..^1] + (invitation[^1] == 'A' ? 'Q' : 'A'), link[..^4], link + "AAAA", new string('A', 86), new string('A', 100_000) })
        {
            await SosServerHost.IsProblem(await Post("invitation", token), 404, "not-found");
            await SosServerHost.IsProblem(await Post("alert", token), 404, "not-found");
        }

        await SosServerHost.IsProblem(await Post("alert", invitation), 404, "not-found");
        await SosServerHost.IsProblem(await Post("invitation", link), 404, "not-found");
        using (var removed = await As(_ada, HttpMethod.Delete, $"users/me/contacts/{contact.GetProperty("id").GetString()}")) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await SosServerHost.IsProblem(await Post("alert", link), 404, "not-found");
        await SosServerHost.IsProblem(await Post("invitation", invitation), 404, "not-found");
        await SosServerHost.IsProblem(await Post("answer", invitation, ",\"accepts\":true"), 404, "not-found");
    }

    [Fact]
    public async Task Somebody_elses_contact_is_as_one_that_is_missing()
    {
        var contact = (await Json(await Add($$"""{"name":"Grace","phone":"{{Phone}}"}"""), 200)).GetProperty("id").GetString();
        var eve = await _server.SignIn(2);
        foreach (var (method, path, body) in new[] { (HttpMethod.Patch, "", "{}"), (HttpMethod.Post, "/invite", "{}") })
        {
            var (foreign, missing) = (await As(eve, method, $"users/me/contacts/{contact}{path}", body), await As(eve, method, $"users/me/contacts/{Guid.NewGuid()}{path}", body));
            await SosServerHost.IsProblem(foreign, 404, "not-found");
            Assert.Equal(await missing.Content.ReadAsStringAsync(), await foreign.Content.ReadAsStringAsync());
        }

        await As(eve, HttpMethod.Delete, $"users/me/contacts/{contact}");
        Assert.Equal(1, (await Json(await As(_ada, HttpMethod.Get, "users/me/contacts"), 200)).GetProperty("items").GetArrayLength());
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/users/me/contacts"), 401, "unauthorized");
    }

    [Theory]
    [InlineData("""{"name":"","phone":"+15558880001"}""")]
    [InlineData("""{"name":"   ","phone":"+15558880001"}""")]
    [InlineData("""{"name":"a\u0000b","phone":"+15558880001"}""")]
    [InlineData("""{"name":"Grace","phone":"12"}""")]
    [InlineData("""{"name":"Grace","phone":"+15558880001 ext 5"}""")]
    [InlineData("""{"name":"Grace","phone":"+15558880001","relationship":"\n"}""")]
    public async Task What_is_no_contact_is_refused(string body) => await SosServerHost.IsProblem(await Add(body), 422, "invalid");

    [Fact]
    public async Task Ones_own_number_is_refused_and_asking_again_has_to_wait()
    {
        await SosServerHost.IsProblem(await Add($$"""{"name":"Me","phone":"{{TestNumbers.Number(9, 1)}}"}"""), 422, "invalid");
        var contact = (await Json(await Add($$"""{"name":"Grace","phone":"{{Phone}}"}"""), 200)).GetProperty("id").GetString();
        await SosServerHost.IsProblem(await As(_ada, HttpMethod.Post, $"users/me/contacts/{contact}/invite", "{}"), 429, "too-many-requests");
        _server.Time.Advance(TimeSpan.FromHours(1));
        _ada = await _server.SignIn(1);
        using var again = await As(_ada, HttpMethod.Post, $"users/me/contacts/{contact}/invite", "{}");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task The_pages_take_no_script_but_their_own_and_are_kept_nowhere()
    {
        foreach (var page in new[] { "contact", "follow", "guardian", "relative" })
        {
            using var answer = await _server.Http.GetAsync(page);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }
    }

    private Task<HttpResponseMessage> Add(string body) => As(_ada, HttpMethod.Post, "users/me/contacts", body);

    private Task<HttpResponseMessage> As(SessionAnswer person, HttpMethod method, string path, string? body = null) =>
        _server.Send(method, "api/v1/" + path, body, "Bearer " + person.AccessToken);

    private Task<HttpResponseMessage> Post(string path, string token, string more = "") =>
        _server.Send(HttpMethod.Post, "api/v1/contact-links/" + path, $$"""{"token":{{JsonSerializer.Serialize(token)}}{{more}}}""");

    // The link in the newest message to the contact that has one; the alert tells it after its answer.
    private async Task<string> Link(string page)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(Phone), patience.Token);
            foreach (var message in (await SosServerHost.Json(answer)).GetProperty("messages").EnumerateArray())
            {
                var body = message.GetProperty("body").GetString()!;
                var at = body.IndexOf("https://sos.example.org/" + page, StringComparison.Ordinal);
                if (at >= 0) return body[(body.IndexOf('#', at) + 1)..];
            }

            _server.Time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }
    }

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
