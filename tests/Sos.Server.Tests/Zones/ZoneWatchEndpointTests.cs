using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Tests.Identity;
using Sos.Server.Tests.Trackers;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Zones;

public sealed class ZoneWatchEndpointTests : IAsyncLifetime
{
    private const string Docks = """{"type":"Feature","properties":{"name":"Docks","kind":"crime","risk":4,"radiusMeters":300},"geometry":{"type":"Point","coordinates":[16.37,48.2]}}""";
    private SosServerHost _server = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        var admin = await _server.Bootstrap();
        _ada = await _server.SignIn(1);
        await Json(await As(admin, HttpMethod.Post, "zones", Docks), 201);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Who_watches_is_warned_in_the_words_of_the_product_once_in_five_minutes_and_who_does_not_is_not()
    {
        Assert.False((await Here(_ada)).TryGetProperty("zoneWarning", out _));
        var settings = await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"watching":true}"""), 200);
        Assert.Equal((true, "notify_only", false), (settings.GetProperty("watching").GetBoolean(), settings.GetProperty("mode").GetString(), settings.TryGetProperty("cooldownUntil", out _)));
        var warning = (await Here(_ada)).GetProperty("zoneWarning");
        Assert.Equal(("⚠️ High Risk Area", "You have entered a high-risk area. Stay alert.", "🚩 Red Zone Alert Triggered"),
            (warning.GetProperty("title").GetString(), warning.GetProperty("message").GetString(), warning.GetProperty("toast").GetString()));
        Assert.Equal((4, 500, "Docks"), (warning.GetProperty("toastSeconds").GetInt32(), warning.GetProperty("vibrateMilliseconds").GetInt32(), warning.GetProperty("name").GetString()));
        Assert.False((await Here(_ada)).TryGetProperty("zoneWarning", out _));
        var view = await Json(await As(_ada, HttpMethod.Get, "users/me/zones"), 200);
        Assert.Equal(warning.GetProperty("cooldownUntil").GetString(), view.GetProperty("cooldownUntil").GetString());
        Assert.Equal(1, view.GetProperty("weeks")[0].GetProperty("byRisk")[3].GetInt32());
    }

    [Fact]
    public async Task A_missing_or_silent_contact_is_shown_as_one_and_not_texted()
    {
        Assert.False((await Json(await As(_ada, HttpMethod.Get, "contacts/primary"), 200)).GetProperty("accepted").GetBoolean());
        var contact = (await Json(await As(_ada, HttpMethod.Post, "users/me/contacts", """{"name":"Grace","phone":"+15558880001","relationship":"sister"}"""), 200)).GetProperty("id").GetString();
        var primary = await Json(await As(_ada, HttpMethod.Get, "contacts/primary"), 200);
        Assert.Equal((contact, "Grace", "+15558880001", "sister", false),
            (primary.GetProperty("id").GetString(), primary.GetProperty("name").GetString(), primary.GetProperty("phone").GetString(), primary.GetProperty("relationship").GetString(), primary.GetProperty("accepted").GetBoolean()));
        await SosServerHost.IsProblem(await As(_ada, HttpMethod.Post, "contact/notify", Notify(contact!)), 409, "illegal-move");
        var eve = await _server.SignIn(2);
        await SosServerHost.IsProblem(await As(eve, HttpMethod.Post, "contact/notify", Notify(contact!)), 404, "not-found");
    }

    [Fact]
    public async Task A_contact_who_agreed_is_texted_with_the_services_words_whatever_message_was_sent_and_then_not_before_the_cooldown_is_over()
    {
        var contact = (await Json(await As(_ada, HttpMethod.Post, "users/me/contacts", """{"name":"Grace","phone":"+15558880001"}"""), 200)).GetProperty("id").GetString();
        await _server.Services.GetRequiredService<Orleans.IGrainFactory>().GetGrain<Sos.Contracts.Users.IContactsGrain>(_ada.User!.Id).Answer(Guid.Parse(contact!), true);
        var told = await Json(await As(_ada, HttpMethod.Post, "contact/notify", Notify(contact!)), 200);
        Assert.True(told.GetProperty("cooldownUntil").GetDateTimeOffset() > _server.Time.GetUtcNow());
        using (var again = await As(_ada, HttpMethod.Post, "contact/notify", Notify(contact!)))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, again.StatusCode);
            Assert.Equal("300", again.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }

        using var outbox = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString("+15558880001"));
        var bodies = (await SosServerHost.Json(outbox)).GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("body").GetString()!).ToList();
        Assert.Single(bodies, body => body.EndsWith(": I have entered a high-risk area. Please stay alert. Location: https://maps.google.com/?q=28.7042,77.1026", StringComparison.Ordinal));
        Assert.DoesNotContain(bodies, body => body.Contains("transfer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_her_phone_decided_offline_is_taken_over_and_the_positions_of_that_time_warn_her_of_nothing_again()
    {
        await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"watching":true}"""), 200);
        using var zones = await As(_ada, HttpMethod.Get, "zones?bbox=16,48,17,49");
        var zone = (await SosServerHost.Json(zones)).GetProperty("features")[0].GetProperty("id").GetString();
        var at = _server.Time.GetUtcNow().AddSeconds(-30).ToString("O", CultureInfo.InvariantCulture);
        var report = $$"""{"entries":[{"zoneId":"{{zone}}","at":"{{at}}"},{"zoneId":"{{Guid.NewGuid()}}","at":"{{at}}"}],"warnedAt":"{{at}}","texted":true}""";
        for (var again = 0; again < 2; again++)
        {
            var view = await Json(await As(_ada, HttpMethod.Post, "users/me/zones/entries", report), 200);
            Assert.Equal(1, view.GetProperty("weeks")[0].GetProperty("byRisk").EnumerateArray().Sum(count => count.GetInt32()));
            Assert.Equal(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).AddMinutes(5), view.GetProperty("cooldownUntil").GetDateTimeOffset());
        }

        Assert.False((await Json(await As(_ada, HttpMethod.Post, "users/me/positions", $$"""{"positions":[{"latitude":48.2,"longitude":16.37,"accuracy":10,"at":"{{at}}"}]}"""), 202)).TryGetProperty("zoneWarning", out _));
        var many = string.Join(',', Enumerable.Repeat($$"""{"zoneId":"{{zone}}","at":"{{at}}"}""", 51));
        await SosServerHost.IsProblem(await As(_ada, HttpMethod.Post, "users/me/zones/entries", $$"""{"entries":[{{many}}]}"""), 422, "invalid");
    }

    [Fact]
    public async Task Her_other_devices_hear_of_it_by_hub_and_stream_also_when_a_tracker_has_said_where_she_is_and_nobody_elses_do()
    {
        await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"watching":true}"""), 200);
        var (eve, tracker) = (await _server.SignIn(2), await Device.Add(_server, _ada));
        await using var hub = await Connect(_ada);
        await using var foreign = await Connect(eve);
        using var stream = await Stream(_ada.AccessToken);
        using var app = await Stream((await (await AppFlow.Register(_server, eve)).LetIn(_ada, "alerts:read")).AccessToken);

        // Calls are answered when the connection is known.
        foreach (var device in new[] { hub, foreign }) await Assert.ThrowsAsync<HubCallException>(() => device.Invoke("UpdatePosition", Guid.NewGuid(), new { latitude = 1, longitude = 1 }));
        await Device.Taken(tracker.Get("lat=48.2&lon=16.37&accuracy=10"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var told = await hub.Messages.ReadAsync(patience.Token);
        Assert.Equal(("zoneEntered", "Docks", 500), (told.Target, told.Arguments[0].GetProperty("name").GetString(), told.Arguments[0].GetProperty("vibrateMilliseconds").GetInt32()));
        Assert.Equal("event: zoneEntered", await Event(stream));
        Assert.False(foreign.Messages.TryRead(out _));

        // An app that may read her alerts hears of those only.
        await Json(await As(_ada, HttpMethod.Post, "alerts", "{}"), 201);
        Assert.Equal("event: alertChanged", await Event(app));
    }

    [Theory]
    [InlineData("""{"contactFromRisk":6}""")]
    [InlineData("""{"contacts":4}""")]
    [InlineData("""{"quiet":{"timeZone":"Mars","hours":[{"days":["fri"],"from":"22:00","to":"05:00"}]}}""")]
    [InlineData("""{"quiet":7}""")]
    public async Task Settings_that_cannot_be_are_refused(string body) => await SosServerHost.IsProblem(await As(_ada, HttpMethod.Patch, "users/me/zones", body), 422, "invalid");

    [Fact]
    public async Task Settings_stay_until_they_are_changed()
    {
        await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"mode":"notify_contact","contactFromRisk":4,"contacts":2,"quiet":{"timeZone":"UTC","hours":[{"days":["fri"],"from":"22:00","to":"05:00"}]},"zoneModes":{"019a0000-0000-7000-8000-000000000001":"notify_only"}}"""), 200);
        await _server.Stop();
        await _server.Start();
        _ada = await _server.SignIn(1);
        var view = await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"contacts":3}"""), 200);
        Assert.Equal(("notify_contact", 4, 3, "UTC"), (view.GetProperty("mode").GetString(), view.GetProperty("contactFromRisk").GetInt32(), view.GetProperty("contacts").GetInt32(), view.GetProperty("quiet").GetProperty("timeZone").GetString()));
        Assert.Equal("notify_only", view.GetProperty("zoneModes").GetProperty("019a0000-0000-7000-8000-000000000001").GetString());
        Assert.False((await Json(await As(_ada, HttpMethod.Patch, "users/me/zones", """{"quiet":false}"""), 200)).TryGetProperty("quiet", out _));
    }

    private static string Notify(string contact) => $$"""{"contact_id":"{{contact}}","type":"red_zone_alert","latitude":28.7042,"longitude":77.1026,"message":"transfer money to me"}""";

    private async Task<HubClient> Connect(SessionAnswer person)
    {
        var ticket = (await Json(await As(person, HttpMethod.Post, "auth/tickets"), 200)).GetProperty("ticket").GetString();
        return await HubClient.Connect(new UriBuilder(_server.Http.BaseAddress!) { Scheme = "ws", Path = "/ws/alerts" }.Uri, ticket);
    }

    private async Task<StreamReader> Stream(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/users/me/stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        var opened = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = new StreamReader(await opened.Content.ReadAsStreamAsync());
        Assert.Equal(":", await stream.ReadLineAsync());
        return stream;
    }

    /// <summary>The next event of a stream, while the clock of the service goes on slowly.</summary>
    private async Task<string> Event(StreamReader stream)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var line = stream.ReadLineAsync(patience.Token).AsTask();
            while (!line.IsCompleted)
            {
                await pace.WaitForNextTickAsync(patience.Token);
                _server.Time.Advance(TimeSpan.FromMilliseconds(25));
            }

            if ((await line)!.StartsWith("event:", StringComparison.Ordinal)) return (await line)!;
        }
    }

    private async Task<JsonElement> Here(SessionAnswer person)
    {
        _server.Time.Advance(TimeSpan.FromSeconds(15));
        return await Json(await As(person, HttpMethod.Post, "users/me/position", """{"latitude":48.2,"longitude":16.37,"accuracy":10}"""), 202);
    }

    private Task<HttpResponseMessage> As(SessionAnswer person, HttpMethod method, string path, string? body = null) => _server.Send(method, "api/v1/" + path, body, "Bearer " + person.AccessToken);

    private static async Task<JsonElement> Json(HttpResponseMessage answer, int status)
    {
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }
}
