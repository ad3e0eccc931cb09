using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Http;

/// <summary>S-07: limits of requests cannot be got round, and an SOS has none.</summary>
public sealed class RequestLimitTests
{
    private const int Limit = 20;

    [Fact]
    public async Task A_user_has_her_requests_of_a_minute_whatever_she_writes_into_them_and_her_SOS_is_taken_all_the_same()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:PerUser={Limit}");
        var person = await server.SignIn(1);
        var other = await server.SignIn(2);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Send(server, Spelled("api/v1/users/me", i), "Bearer " + person.AccessToken, Disguises[i % Disguises.Length])));
        Assert.Equal(Limit, answers.Count(status => status == HttpStatusCode.OK));
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests or HttpStatusCode.NotFound, status.ToString()));

        using var refused = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + person.AccessToken);
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal($"\"user\";q={Limit};w=60", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Contains(";r=0;", refused.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);

        for (var i = 0; i < 2 * Limit; i++)
        {
            using var pressed = await server.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical"}""", "Bearer " + person.AccessToken);
            Assert.Equal(i == 0 ? 201 : 200, (int)pressed.StatusCode);
        }

        using var hers = await server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + other.AccessToken);
        Assert.Equal(200, (int)hers.StatusCode);
    }

    [Fact]
    public async Task Who_brings_no_token_is_counted_by_network_block_whatever_is_said_about_it()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:AnonymousPerBlock={Limit}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Send(server, ".well-known/jwks.json", null, Disguises[i % Disguises.Length])));
        Assert.Equal(Limit, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(200 - Limit, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_flood_of_made_up_credentials_is_stopped_and_keeps_none_of_its_neighbours_out()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:ForgedPerBlock={Limit}", $"--Sos:Limits:AnonymousPerBlock={Limit}");
        var neighbour = await server.SignIn(1);
        var routes = (string[])["api/v1/users/me", "api/v1/alerts/0192f0c0-0000-7000-8000-000000000001"];
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Send(server, routes[i % 2], i % 3 == 0 ? $"Sos made-up-{i}" : $"Bearer {neighbour.AccessToken[..^3]}{i:D3}", [])));
        Assert.Equal(Limit, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal(100 - Limit, answers.Count(status => status == HttpStatusCode.TooManyRequests));

        Assert.Equal(HttpStatusCode.OK, await Send(server, "api/v1/users/me", "Bearer " + neighbour.AccessToken, []));
        server.Time.Advance(TimeSpan.FromHours(1));
        // Hers, though it has expired: her app has to hear that it is time for a new one.
        Assert.Equal(HttpStatusCode.Unauthorized, await Send(server, "api/v1/users/me", "Bearer " + neighbour.AccessToken, []));
        var fresh = (await SosServerHost.Json(await server.Send(HttpMethod.Post, "api/v1/auth/refresh", $$"""{"refreshToken":"{{neighbour.RefreshToken}}"}"""))).GetProperty("accessToken").GetString();
        Assert.Equal(HttpStatusCode.OK, await Send(server, "api/v1/users/me", "Bearer " + fresh, []));
    }

    [Fact]
    public async Task A_made_up_token_does_not_make_a_route_for_everybody_free()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:AnonymousPerBlock={Limit}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Send(server, ".well-known/jwks.json", $"Bearer made-up-{i}", [])));
        Assert.Equal(Limit, answers.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(100 - Limit, answers.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Behind_a_proxy_that_is_trusted_each_network_block_has_its_own_count()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:AnonymousPerBlock={Limit}", "--Sos:Server:Proxies:0=127.0.0.1");
        var counts = new List<int>();
        foreach (var block in (string[])["203.0.113.{0}", "198.51.100.{0}", "2001:db8:1:2::{0}"])
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 60).Select(i =>
                Send(server, ".well-known/jwks.json", null, [("X-Forwarded-For", "9.9.9.9, " + string.Format(CultureInfo.InvariantCulture, block, i))])));
            counts.Add(answers.Count(status => status == HttpStatusCode.OK));
        }

        Assert.Equal([Limit, Limit, Limit], counts);
    }

    [Fact]
    public async Task Calls_over_a_hub_count_as_requests()
    {
        await using var server = await SosServerHost.Start($"--Sos:Limits:PerUser={Limit}");
        var person = await server.SignIn(1);
        using var ticket = await server.Send(HttpMethod.Post, "api/v1/auth/tickets", "{}", "Bearer " + person.AccessToken);
        var hub = new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = "/ws/alerts" }.Uri;
        await using var device = await HubClient.Connect(hub, (await SosServerHost.Json(ticket)).GetProperty("ticket").GetString());
        var refused = 0;
        for (var i = 0; i < 2 * Limit; i++)
        {
            try
            {
                await device.Invoke("UpdatePosition", Guid.NewGuid(), new { latitude = 46, longitude = -28, accuracy = 10, at = server.Time.GetUtcNow() });
            }
            catch (HubCallException refusal)
            {
                // Nobody has that alert; what counts is that the call was made.
                if (refusal.Message.Contains("too-many-requests", StringComparison.Ordinal)) refused++;
            }
        }

        Assert.Equal(Limit + 2, refused);
    }

    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: a\r\nX: ")]
    [InlineData("GET /health/l")]
    public async Task A_client_that_does_not_finish_its_headers_is_cut_off(string sent)
    {
        await using var server = await SosServerHost.Start("--Sos:Server:HeaderTimeout=00:00:01");
        using var client = new TcpClient();
        await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync(patience.Token);
        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    private static readonly (string Name, string Value)[][] Disguises =
    [
        [],
        [("X-Forwarded-For", "203.0.113.7")],
        [("X-Forwarded-For", string.Join(", ", Enumerable.Range(1, 50).Select(i => $"203.0.{i}.7")))],
        [("Forwarded", "for=203.0.113.7;proto=https")],
        [("X-Real-IP", "203.0.113.8")],
        [("True-Client-IP", "203.0.113.9")],
        [("CF-Connecting-IP", "203.0.113.10")],
        [("X-Original-Forwarded-For", "203.0.113.11"), ("X-Client-IP", "203.0.113.12")],
        [("X-HTTP-Method-Override", "HEAD")],
        [("X-Rewrite-URL", "/health/live"), ("X-Original-URL", "/health/live")],
    ];

    /// <summary>The same route in other spellings; those that are another route find nothing.</summary>
    private static string Spelled(string path, int number) => (number % 5) switch
    {
        1 => path + "?n=" + number.ToString(CultureInfo.InvariantCulture),
        2 => path.ToUpperInvariant(),
        3 => path + "/",
        4 => path.Replace("me", "%6de", StringComparison.Ordinal),
        _ => path,
    };

    private static async Task<HttpStatusCode> Send(SosServerHost server, string path, string? authorization, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
