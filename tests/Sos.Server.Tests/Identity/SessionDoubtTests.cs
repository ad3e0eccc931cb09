using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>What happens when nobody can say whether a session is open: the SOS goes through, everything else waits.</summary>
public sealed class SessionDoubtTests : IAsyncLifetime
{
    private readonly Trouble _trouble = new();
    private SosServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await SosServerHost.Start(services => services.AddSingleton<IIncomingGrainCallFilter>(_trouble));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_sos_is_let_in_and_other_routes_ask_for_patience()
    {
        var session = await _server.SignIn(1);
        _trouble.IsOn = true;
        foreach (var authorization in new[] { "Sos " + session.SosCredential, "Bearer " + session.AccessToken })
        {
            using var position = await _server.Send(HttpMethod.Post, "api/v1/users/me/position", """{"latitude":52.5,"longitude":13.4}""", authorization);
            Assert.Equal(HttpStatusCode.Accepted, position.StatusCode);
        }

        using var me = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + session.AccessToken);
        await SosServerHost.IsProblem(me, 503, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), me.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_forged_credential_is_not_let_in_however_great_the_trouble()
    {
        var session = await _server.SignIn(1);
        _trouble.IsOn = true;
        foreach (var authorization in new[] { "Sos " + session.SosCredential![..^4] + "AAAA", "Bearer " + session.AccessToken[..^4] + "AAAA", "Sos " + session.RefreshToken })
        {
            using var position = await _server.Send(HttpMethod.Post, "api/v1/users/me/position", """{"latitude":52.5,"longitude":13.4}""", authorization);
            await SosServerHost.IsProblem(position, 401, "unauthorized");
        }
    }

    [Fact]
    public async Task A_session_that_is_known_to_have_ended_is_not_let_in_by_trouble()
    {
        var session = await _server.SignIn(1);
        using (await _server.Send(HttpMethod.Post, "api/v1/auth/logout", authorization: "Bearer " + session.AccessToken)) { }
        using (var before = await Report(session)) await SosServerHost.IsProblem(before, 401, "unauthorized");
        _trouble.IsOn = true;
        using var after = await Report(session);
        await SosServerHost.IsProblem(after, 401, "unauthorized");
    }

    private Task<HttpResponseMessage> Report(SessionAnswer session) =>
        _server.Send(HttpMethod.Post, "api/v1/users/me/position", """{"latitude":52.5,"longitude":13.4}""", "Sos " + session.SosCredential);

    private sealed class Trouble : IIncomingGrainCallFilter
    {
        public bool IsOn { get; set; }

        public Task Invoke(IIncomingGrainCallContext context) =>
            IsOn && context.InterfaceMethod.DeclaringType == typeof(ISessionGrain) ? throw new TimeoutException("The session does not answer.") : context.Invoke();
    }
}
