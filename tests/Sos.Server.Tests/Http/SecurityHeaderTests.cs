using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sos.Server.Http;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Http;

/// <summary>S-17: the headers of every answer, whatever the answer is.</summary>
public sealed class SecurityHeaderTests : IAsyncLifetime
{
    private const string App = "https://app.example.org";
    private SosServerHost _server = null!;
    private SessionAnswer _me = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start("--Sos:Cors:Origins:0=" + App);
        _me = await _server.SignIn(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_route_and_every_kind_of_refusal_carries_them()
    {
        var answers = 0;
        foreach (var route in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = string.Join('/', route.RoutePattern.PathSegments.Select(s => s.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : Guid.Empty.ToString()));
            foreach (var (method, authorization) in new[] { ("GET", null), ("GET", "Bearer " + _me.AccessToken), ("POST", null), ("POST", "Bearer " + _me.AccessToken), ("TRACE", null) })
            {
                if (path.EndsWith("/stream", StringComparison.Ordinal)) continue;
                using var answer = await _server.Send(new HttpMethod(method), path, method == "POST" ? "{}" : null, authorization);
                Carries(answer, $"{method} {path}");
                answers++;
            }
        }

        foreach (var path in new[] { "nothing", "api/v1/nothing", "%2e%2e/x", "api/v1/alerts?limit=x" })
        {
            using var answer = await _server.Http.GetAsync(path);
            Carries(answer, path);
            answers++;
        }

        Assert.True(answers > 150, $"only {answers} answers");
    }

    [Fact]
    public async Task An_event_stream_carries_them_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/users/me/stream");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _me.AccessToken);
        using var answer = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Carries(answer, "stream");
    }

    [Fact]
    public async Task No_route_answers_trace_or_sends_anybody_elsewhere()
    {
        using var trace = await _server.Send(HttpMethod.Trace, "api/v1/users/me");
        await SosServerHost.IsProblem(trace, 405, "method-not-allowed");
        Assert.Null(trace.Headers.Location);
    }

    [Theory]
    [InlineData(App, true)]
    [InlineData("https://app.example.org.evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://app.example.org", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_listed_origins_may_read_answers(string origin, bool allowed)
    {
        foreach (var method in new[] { HttpMethod.Options, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(method, "api/v1/users/me");
            request.Headers.TryAddWithoutValidation("Origin", origin);
            if (method == HttpMethod.Options)
            {
                request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "GET");
                request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", "authorization");
            }

            using var answer = await _server.Http.SendAsync(request);
            Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) && values.Single() == origin);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("https://app.example.org", true)]
    [InlineData("https://app.example.org:8443", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("http://app.example.org", false)]
    [InlineData("https://app.example.org/", false)]
    [InlineData("https://*.example.org", false)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    [InlineData("https://user@app.example.org", false)]
    public void An_origin_is_scheme_host_and_port(string text, bool good) => Assert.Equal(good, SecurityHeaders.IsOrigin(text));

    /// <summary>What is the same for everybody and may be kept: public keys, and warnings that staff has published.</summary>
    private static readonly string[] ForEverybody = ["jwks", "GET api/v1/cap/feed"];

    private static void Carries(HttpResponseMessage answer, string what)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in new[]
        {
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        })
            Assert.True(headers.GetValueOrDefault(name) == value, $"{what} ({(int)answer.StatusCode}): {name} is {headers.GetValueOrDefault(name)}");
        Assert.Contains("default-src 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.True(headers["Cache-Control"].Contains("no-store", StringComparison.Ordinal) || ForEverybody.Any(path => what.Contains(path, StringComparison.Ordinal)), $"{what} may be kept: {headers["Cache-Control"]}");
        Assert.False(headers.ContainsKey("Server"), $"{what} names the server");
    }
}
