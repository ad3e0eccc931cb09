using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Sos.Server.Http;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Http;

/// <summary>S-01 and S-08, the part of the foundation: what is refused is refused as a problem, and nothing is open by mistake.</summary>
public sealed class RefusalTests(RefusalTests.Shared shared) : IClassFixture<RefusalTests.Shared>
{
    private readonly SosServerHost _server = shared.Server;
    private readonly SessionAnswer _me = shared.Person;

    [Fact]
    public void Every_route_names_its_policy_or_says_that_it_is_open()
    {
        var routes = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.True(routes.Length > 15, $"only {routes.Length} routes");
        foreach (var route in routes)
        {
            var named = route.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(rule => rule.Policy is not null);
            Assert.True(named || route.Metadata.GetMetadata<IAllowAnonymous>() is not null, $"{route.RoutePattern.RawText} is open by mistake");
        }
    }

    [Fact]
    public async Task Without_a_token_every_route_that_needs_one_answers_401_and_says_so()
    {
        var routes = _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null);
        foreach (var route in routes)
        {
            var path = string.Join('/', route.RoutePattern.PathSegments.Select(segment => segment.Parts[0] switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies: [{ Content: "int" }, ..] } => "1",
                _ => Guid.Empty.ToString(),
            }));
            var method = route.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: [var first, ..] } ? first : "GET";
            using var answer = await _server.Send(new HttpMethod(method), path, method == "GET" ? null : "{}");
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {(int)answer.StatusCode}");
            await SosServerHost.IsProblem(answer, 401, "unauthorized");
        }
    }

    [Theory]
    [InlineData("GET", "nothing", 404, "not-found")]
    [InlineData("GET", "api/v1/nothing", 404, "not-found")]
    [InlineData("GET", "api/v2/users/me", 404, "not-found")]
    [InlineData("GET", "api/v1/auth/otp", 405, "method-not-allowed")]
    [InlineData("PUT", "api/v1/users/me", 405, "method-not-allowed")]
    public async Task An_unknown_route_or_method_is_a_problem(string method, string path, int status, string slug) =>
        await SosServerHost.IsProblem(await _server.Send(new HttpMethod(method), path, authorization: "Bearer " + _me.AccessToken), status, slug);

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x.y.z")]
    [InlineData("Basic YTpi")]
    [InlineData("Token abc")]
    public async Task A_header_that_is_no_token_is_refused(string header) =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: header), 401, "unauthorized");

    [Fact]
    public async Task A_token_of_another_sort_is_no_access_token()
    {
        foreach (var token in new[] { _me.RefreshToken, _me.SosCredential!, _me.AccessToken + "x", "eyJhbGciOiJub25lIn0." + _me.AccessToken.Split('.')[1] + "." })
            await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + token), 401, "unauthorized");
    }

    [Fact]
    public async Task A_token_in_the_query_opens_no_ordinary_route() =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/users/me?access_token=" + _me.AccessToken), 401, "unauthorized");

    [Theory]
    [InlineData("{\"fullName\":\"a\",\"fullName\":\"b\"}")]
    [InlineData("{\"fullName\":\"a\",\"roles\":[\"admin\"]}")]
    [InlineData("{\"FullName\":\"a\"}")]
    [InlineData("{\"fullName\":1}")]
    [InlineData("{\"fullName\":[\"a\"]}")]
    [InlineData("{\"fullName\":\"a\",}")]
    [InlineData("{\"fullName\":\"a\"} {}")]
    [InlineData("{\"fullName\":\"a\"} // why not")]
    [InlineData("{'fullName':'a'}")]
    [InlineData("{\"fullName\":\"\\ud800\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Json_that_is_not_exactly_what_the_route_takes_is_refused(string body)
    {
        using var answer = await _server.Send(HttpMethod.Patch, "api/v1/users/me", body, "Bearer " + _me.AccessToken);
        Assert.True((int)answer.StatusCode == 400, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Depth_without_end_is_refused()
    {
        var deep = new string('[', 10_000);
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Patch, "api/v1/users/me", $"{{\"fullName\":{deep}", "Bearer " + _me.AccessToken), 400, "bad-json");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_refused(string mediaType) =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Patch, "api/v1/users/me", "{\"fullName\":\"a\"}", "Bearer " + _me.AccessToken, mediaType), 415, "unsupported-media-type");

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        var body = new ByteArrayContent([.. "{\"fullName\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        body.Headers.ContentType = new("application/json");
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Patch, "api/v1/users/me", body, "Bearer " + _me.AccessToken), 400, "bad-json");
    }

    [Fact]
    public async Task A_body_over_one_megabyte_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "api/v1/users/me");
        request.Content = new StringContent($$"""{"fullName":"{{new string('a', 1_100_000)}}"}""", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _me.AccessToken);
        request.Headers.ExpectContinue = true; // else the refusal may cut the sending off before the answer is read
        using var answer = await _server.Http.SendAsync(request);
        await SosServerHost.IsProblem(answer, 413, "too-large");
    }

    [Fact]
    public async Task Every_answer_says_that_it_is_not_to_be_kept_or_guessed_at()
    {
        foreach (var path in new[] { "health/live", "nothing", "api/v1/users/me", "openapi/v1.json", "dev/messages" })
        {
            using var answer = await _server.Send(HttpMethod.Get, path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Empty(answer.Headers.Server);
        }
    }

    [Fact]
    public void Exceptions_have_one_meaning_each()
    {
        Assert.Equal(507, ProblemMiddleware.KindOf(FullStore.Failure()).Status);
        Assert.Equal(507, ProblemMiddleware.KindOf(new OrleansException("wrapped", FullStore.Failure())).Status);
        Assert.Equal(503, ProblemMiddleware.KindOf(new TimeoutException()).Status);
        Assert.Equal(503, ProblemMiddleware.KindOf(new SiloUnavailableException()).Status);
        Assert.Equal(503, ProblemMiddleware.KindOf(new OrleansException("wrapped", new TimeoutException())).Status);
        Assert.Equal(400, ProblemMiddleware.KindOf(new BadHttpRequestException("bad", new System.Text.Json.JsonException())).Status);
        Assert.Equal(413, ProblemMiddleware.KindOf(new BadHttpRequestException("big", 413)).Status);
        Assert.Equal(500, ProblemMiddleware.KindOf(new InvalidOperationException()).Status);
    }

    [Fact]
    public async Task A_command_without_an_answer_is_503_with_the_time_to_wait_and_without_a_stack()
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var middleware = new ProblemMiddleware(_ => throw new TimeoutException("a secret"), Microsoft.Extensions.Logging.Abstractions.NullLogger<ProblemMiddleware>.Instance);
        await middleware.InvokeAsync(context);
        Assert.Equal((503, "1"), (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
    }

    /// <summary>One server for all of them: none of them changes anything.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        public SosServerHost Server { get; private set; } = null!;

        public SessionAnswer Person { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await SosServerHost.Start();
            Person = await Server.SignIn(1);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
