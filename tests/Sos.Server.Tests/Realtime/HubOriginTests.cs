using Sos.TestKit.Client;

namespace Sos.Server.Tests.Realtime;

/// <summary>S-18: a page of a stranger may not connect, whatever ticket it got hold of (OWASP ASVS 5.0, 4.4.2).</summary>
public sealed class HubOriginTests(HubOriginTests.Shared shared) : IClassFixture<HubOriginTests.Shared>
{
    private readonly SosServerHost _server = shared.Server;
    private readonly SessionAnswer _me = shared.Person;

    [Theory]
    [InlineData("https://app.example.org", true)]
    [InlineData("own", true)]
    [InlineData(null, true)]
    [InlineData("https://app.example.org.evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("http://app.example.org", false)]
    [InlineData("https://app.example.org:8443", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("file://", false)]
    public async Task Pages_of_the_service_and_of_the_list_connect_and_no_others(string? origin, bool connects)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "ws/alerts/negotiate?negotiateVersion=1");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _me.AccessToken);
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin == "own" ? _server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) : origin);
        using var answer = await _server.Http.SendAsync(request);
        if (connects) Assert.Equal(200, (int)answer.StatusCode);
        else await SosServerHost.IsProblem(answer, 403, "forbidden");
    }

    /// <summary>One server for all of them: none of them changes anything.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        public SosServerHost Server { get; private set; } = null!;

        public SessionAnswer Person { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await SosServerHost.Start("--Sos:Cors:Origins:0=https://app.example.org");
            Person = await Server.SignIn(1);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
