using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Trackers;

/// <summary>Tokens of trackers, and where the positions go that come with them.</summary>
public sealed class TrackerTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:PublicAddress=https://sos.example.org", "--Sos:Limits:PerTracker=30", "--Sos:Limits:ForgedPerBlock=15");
        _ada = await _server.SignIn(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_token_is_shown_once_and_each_kind_has_its_link_to_the_configured_address_whatever_the_Host_header_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/users/me/trackers") { Content = new StringContent("""{"name":" Watch ","kind":"traccar"}""", Encoding.UTF8, "application/json") };
        request.Headers.Host = "evil.example.com";
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example.com");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _ada.AccessToken);
        using var answer = await _server.Http.SendAsync(request);
        Assert.Equal(201, (int)answer.StatusCode);
        var traccar = await SosServerHost.Json(answer);
        var (token, id) = (traccar.GetProperty("token").GetString()!, traccar.GetProperty("tracker").GetProperty("id").GetString());
        Assert.Equal(
            $"org.traccar.client://config?url=https%3A%2F%2Fsos.example.org%2Fingest%2Fosmand%2F{token}&id={id}&interval=60&distance=50&accuracy=high&buffer=true&stop_detection=true&heartbeat=300",
            traccar.GetProperty("setup").GetString());
        Assert.Equal("Watch", traccar.GetProperty("tracker").GetProperty("name").GetString());

        var overland = await Device.Add(_server, _ada, "overland");
        Assert.Equal($"overland://setup?url=https%3A%2F%2Fsos.example.org%2Fingest%2Foverland&token={overland.Token}&device_id={overland.Id}", overland.Setup);
        var owntracks = await Device.Add(_server, _ada, "owntracks");
        const string Inline = "owntracks:///config?inline=";
        Assert.StartsWith(Inline, owntracks.Setup, StringComparison.Ordinal);
        using var settings = JsonDocument.Parse(Convert.FromBase64String(Uri.UnescapeDataString(owntracks.Setup[Inline.Length..])));
        Assert.Equal(("configuration", 3, "https://sos.example.org/ingest/owntracks", owntracks.Token), (settings.RootElement.GetProperty("_type").GetString(),
            settings.RootElement.GetProperty("mode").GetInt32(), settings.RootElement.GetProperty("url").GetString(), settings.RootElement.GetProperty("password").GetString()));
        Assert.Equal($"https://sos.example.org/ingest/osmand/{token}", traccar.GetProperty("address").GetString());

        // 256 bits of chance, its owner's id and a seal; in no list and in no copy of her data.
        Assert.Equal(4, new[] { token, overland.Token, owntracks.Token, (await Device.Add(_server, _ada, "osmand")).Token }.Distinct().Count());
        Assert.True(token.Length > 100);
        var listed = await _server.Send(HttpMethod.Get, "api/v1/users/me/trackers", authorization: "Bearer " + _ada.AccessToken);
        var list = await listed.Content.ReadAsStringAsync();
        Assert.Equal(4, JsonDocument.Parse(list).RootElement.GetProperty("items").GetArrayLength());
        Assert.DoesNotContain(token[6..40], list, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", list, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_protocol_says_where_she_is_and_the_newest_counts()
    {
        var (traccar, owntracks, overland) = (await Device.Add(_server, _ada), await Device.Add(_server, _ada, "owntracks"), await Device.Add(_server, _ada, "overland"));
        var now = _server.Time.GetUtcNow();
        await Device.Taken(traccar.Get($"id=1&lat=48.2001&lon=16.3701&timestamp={now.AddSeconds(-60).ToUnixTimeMilliseconds()}&accuracy=5&speed=1"));
        await Sees(48.2001);
        await Device.Taken(traccar.Post(RealMessages.Traccar(now.AddSeconds(-50), 48.2002)));
        await Sees(48.2002);
        await Device.Taken(traccar.Post(string.Create(CultureInfo.InvariantCulture, $"id=1&lat=48.2003&lon=16.3703&timestamp={now.AddSeconds(-40).ToUnixTimeSeconds() + 1}"), "application/x-www-form-urlencoded"));
        await Sees(48.2003);
        Assert.Equal(0, (await Device.Taken(owntracks.OwnTracks(RealMessages.OwnTracks(now.AddSeconds(-30), 48.2004)))).GetArrayLength());
        await Sees(48.2004);
        Assert.Equal("ok", (await Device.Taken(overland.Overland(RealMessages.Overland(RealMessages.OverlandPoint(now.AddSeconds(-5), 48.2006), RealMessages.OverlandPoint(now.AddSeconds(-20), 48.2005))))).GetProperty("result").GetString());
        await Sees(48.2006);
        using (var byAddress = await _server.Send(HttpMethod.Post, $"ingest/overland/{overland.Token}", RealMessages.Overland(RealMessages.OverlandPoint(now.AddSeconds(-3), 48.2007)))) Assert.Equal(200, (int)byAddress.StatusCode);
        await Sees(48.2007);

        // Told again, made up, nowhere, of an hour ago, of tomorrow: none is believed but the last, which is now.
        await Device.Taken(traccar.Post(RealMessages.Traccar(now.AddSeconds(-50), 48.2002)));
        await Device.Taken(traccar.Post("""{"location":{"mock":true,"coords":{"latitude":48.3,"longitude":16.37}}}"""));
        await Device.Taken(traccar.Get("lat=0&lon=0"));
        await Device.Taken(traccar.Get($"lat=48.4&lon=16.37&timestamp={now.AddHours(-1).ToUnixTimeSeconds()}"));
        await Device.Taken(traccar.Get("id=1"));
        await Sees(48.2007);
        await Device.Taken(traccar.Get($"lat=48.2008&lon=16.37&timestamp={now.AddDays(1).ToUnixTimeSeconds()}"));
        await Sees(48.2008);
        Assert.True((await LastKnown())!.At <= _server.Time.GetUtcNow());
    }

    [Fact]
    public async Task What_cannot_be_used_is_taken_and_its_owner_sees_why_since_a_phone_would_send_it_for_ever()
    {
        var device = await Device.Add(_server, _ada);
        Assert.Contains("swapped", (await Device.Taken(device.Get("lat=-122.08&lon=37.42&batt=41"))).GetProperty("ignored").GetString());
        Assert.Null(await LastKnown());
        var entry = await Entry(device);
        Assert.Contains("swapped", entry.GetProperty("problem").GetString());
        Assert.Equal(41, entry.GetProperty("battery").GetDouble());
        await Device.Taken(device.Get("lat=48.2&lon=16.37&speed=10"));
        entry = await Entry(device);
        Assert.False(entry.TryGetProperty("problem", out _));
        Assert.Equal(5.144, entry.GetProperty("metresPerSecond").GetDouble(), 3);
        Assert.Equal(_server.Time.GetUtcNow(), entry.GetProperty("lastSeenAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Her_phone_is_texted_of_a_tracker_and_of_relatives_on_its_map_once_a_day()
    {
        Assert.Equal(0, await Texts());
        var first = await Device.Add(_server, _ada, "owntracks");
        Assert.Equal(1, await Texts());
        await Device.Add(_server, _ada);
        await Shows(true);
        Assert.Equal(1, await Texts());
        await Shows(false);
        _server.Time.Advance(TimeSpan.FromHours(24));
        _ada = await _server.SignIn(1);
        await Shows(false);
        Assert.Equal(1, await Texts());
        await Shows(true);
        Assert.Equal(2, await Texts());

        async Task Shows(bool shows)
        {
            using var answer = await _server.Send(HttpMethod.Patch, $"api/v1/users/me/trackers/{first.Id}", $$"""{"showsRelatives":{{(shows ? "true" : "false")}}}""", "Bearer " + _ada.AccessToken);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        async Task<int> Texts()
        {
            using var sent = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(TestNumbers.Number(9, 1)));
            return (await SosServerHost.Json(sent)).GetProperty("messages").EnumerateArray().Count(text => text.GetProperty("body").GetString()!.StartsWith("A tracking app", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_as_a_problem()
    {
        var device = await Device.Add(_server, _ada);
        await SosServerHost.IsProblem(await device.Post("{"), 400, "bad-json");
        await SosServerHost.IsProblem(await device.Post("\u0089PNG", "image/png"), 415, "unsupported-media-type");
        await SosServerHost.IsProblem(await device.Post(""), 422, "invalid");
        await SosServerHost.IsProblem(await device.OwnTracks("[1]"), 400, "bad-json");
        await SosServerHost.IsProblem(await device.Overland("""{"locations":7}"""), 400, "bad-json");
        await SosServerHost.IsProblem(await device.Overland($$"""{"locations":[],"x":"{{new string('y', 300_000)}}"}"""), 413, "too-large");
        Assert.Equal(0, (await Device.Taken(device.OwnTracks(""))).GetArrayLength());
    }

    [Fact]
    public async Task Ten_are_the_most_and_nobody_sees_or_revokes_anothers()
    {
        var first = await Device.Add(_server, _ada);
        for (var i = 1; i < 10; i++) await Device.Add(_server, _ada);
        using (var eleventh = await _server.Send(HttpMethod.Post, "api/v1/users/me/trackers", """{"name":"11","kind":"osmand"}""", "Bearer " + _ada.AccessToken)) await SosServerHost.IsProblem(eleventh, 422, "invalid");
        var eve = await _server.SignIn(2);
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Delete, $"api/v1/users/me/trackers/{first.Id}", authorization: "Bearer " + eve.AccessToken), 404, "not-found");
        foreach (var bad in new[] { """{"name":"","kind":"osmand"}""", """{"name":"a\nb","kind":"osmand"}""", $$"""{"name":"{{new string('a', 41)}}","kind":"osmand"}""" })
            await SosServerHost.IsProblem(await _server.Send(HttpMethod.Post, "api/v1/users/me/trackers", bad, "Bearer " + eve.AccessToken), 422, "invalid");
        await Device.Taken(first.Get("lat=48.2&lon=16.37"));
    }

    [Fact]
    public async Task A_revoked_token_is_dead_at_once_and_after_a_restart_and_looks_like_one_that_never_was()
    {
        var device = await Device.Add(_server, _ada);
        await Device.Taken(device.Get("lat=48.2&lon=16.37"));
        using (var revoked = await _server.Send(HttpMethod.Delete, $"api/v1/users/me/trackers/{device.Id}", authorization: "Bearer " + _ada.AccessToken)) Assert.Equal(204, (int)revoked.StatusCode);
        var made = new HashSet<string>();
        foreach (var restart in new[] { false, true })
        {
            if (restart)
            {
                await _server.Stop();
                await _server.Start();
            }

            foreach (var token in new[] { device.Token, device.Token[..^4] + "AAAA", "AAAA", "sosT1_", new string('a', 5_000) })
            {
                var other = device with { Token = token };
                foreach (var sent in new Func<Task<HttpResponseMessage>>[] { () => other.Get("lat=48.3&lon=16.37"), () => other.Get("alarm=sos"), () => other.Post("{}"), () => other.OwnTracks("{}"), () => other.Overland("{}") })
                {
                    using var answer = await sent();
                    var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
                    made.Add($"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}");
                }
            }
        }

        // 404 for all of them, byte for byte; and 429 when there were too many that were made up.
        Assert.Equal(2, made.Count);
        Assert.Contains(made, answer => answer.StartsWith("404", StringComparison.Ordinal));
        Assert.Contains(made, answer => answer.StartsWith("429", StringComparison.Ordinal));
        Assert.Empty((await SosServerHost.Json(await _server.Send(HttpMethod.Get, "api/v1/alerts", authorization: "Bearer " + (await _server.SignIn(1)).AccessToken))).GetProperty("alerts").EnumerateArray());
    }

    [Fact]
    public async Task A_tracker_that_sends_too_often_waits_and_its_neighbour_does_not()
    {
        var (device, neighbour) = (await Device.Add(_server, _ada), await Device.Add(_server, await _server.SignIn(2)));
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => device.Get("lat=48.2&lon=16.37")));
        Assert.Equal((30, 70), (answers.Count(a => (int)a.StatusCode == 200), answers.Count(a => (int)a.StatusCode == 429)));
        Assert.All(answers.Where(a => (int)a.StatusCode == 429), a => Assert.InRange(a.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
        await Device.Taken(neighbour.Get("lat=48.2&lon=16.37"));
    }

    [Fact]
    public async Task A_disabled_account_is_heard_no_more()
    {
        var device = await Device.Add(_server, _ada);
        var admin = await _server.Bootstrap();
        using (var disabled = await _server.Send(HttpMethod.Patch, $"api/v1/admin/users/{_ada.User!.Id}", """{"active":false}""", "Bearer " + admin.AccessToken)) Assert.Equal(200, (int)disabled.StatusCode);
        await SosServerHost.IsProblem(await device.Get("lat=48.2&lon=16.37"), 404, "not-found");
        await SosServerHost.IsProblem(await device.Get("alarm=sos"), 404, "not-found");
    }

    private async Task Sees(double latitude) => Assert.Equal(latitude, (await LastKnown())!.Point.Latitude);

    private Task<PositionFix?> LastKnown() => _server.Services.GetRequiredService<IGrainFactory>().GetGrain<IUserGrain>(_ada.User!.Id).LastKnown();

    private async Task<JsonElement> Entry(Device device)
    {
        using var answer = await _server.Send(HttpMethod.Get, "api/v1/users/me/trackers", authorization: "Bearer " + _ada.AccessToken);
        return (await SosServerHost.Json(answer)).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == device.Id);
    }
}
