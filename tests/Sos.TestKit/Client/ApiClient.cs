using System.Net.Http.Headers;
using System.Text.Json;
using Sos.TestKit.Realtime;

namespace Sos.TestKit.Client;

/// <summary>The public REST API as one person uses it: signs in with a test number, renews her token in time, sends and reads.</summary>
public sealed class ApiClient(HttpClient http, TimeProvider? clock = null) : IDisposable
{
    private const string Device = "testkit";

    /// <summary>What staff gives as its reason, wherever it must have one.</summary>
    private const string Reason = "a test of the service";
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly SemaphoreSlim _renewal = new(1);
    private SessionAnswer? _session;

    /// <summary>Where the server is.</summary>
    public Uri Server => http.BaseAddress ?? throw new InvalidOperationException("The HTTP client needs a base address.");

    /// <summary>The user id; empty before sign-in.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The long-lived credential that is good for raising and reading one's own alerts.</summary>
    public string? SosCredential => _session?.SosCredential;

    /// <summary>Signs in with a number of the server's test prefix, or with a code read elsewhere.</summary>
    public async Task SignIn(string phone, string code = TestNumbers.Code, CancellationToken cancellationToken = default)
    {
        var otp = await Post("auth/otp", new { phone }, cancellationToken);
        var sessionId = otp.Read<OtpAnswer>().SessionId;
        var verified = await Post("auth/verify", new { sessionId, code, device = Device }, cancellationToken);
        Use(verified.Read<SessionAnswer>());
    }

    /// <summary>Goes on with a session that was begun elsewhere.</summary>
    public void Use(SessionAnswer session)
    {
        _session = session;
        if (session.User is { } user) UserId = user.Id;
    }

    /// <summary>A token with at least two minutes to live.</summary>
    public async ValueTask<string> AccessToken(CancellationToken cancellationToken = default)
    {
        var session = _session ?? throw new InvalidOperationException("Sign in first.");
        if (session.ExpiresAt - _clock.GetUtcNow() > RenewBefore) return session.AccessToken;
        await _renewal.WaitAsync(cancellationToken);
        try
        {
            if (_session.ExpiresAt - _clock.GetUtcNow() <= RenewBefore)
            {
                var answer = await Exchange(HttpMethod.Post, "auth/refresh", new { refreshToken = _session.RefreshToken, device = Device }, null, cancellationToken);
                // Without an answer the old token is used: it is still good, and the next call tries again.
                if (answer.Succeeded) _session = answer.Read<SessionAnswer>() with { SosCredential = _session.SosCredential };
            }

            return _session.AccessToken;
        }
        finally
        {
            _renewal.Release();
        }
    }

    /// <summary>Connects to a hub with a ticket of this session.</summary>
    /// <param name="hub">alerts or responders.</param>
    /// <param name="onMessage">As for <see cref="HubClient.Connect"/>.</param>
    /// <param name="server">Which server of the cluster; null: the one this client asks.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="HubCallException">There was no ticket.</exception>
    public async Task<HubClient> Connect(string hub, Action<HubMessage>? onMessage = null, Uri? server = null, CancellationToken cancellationToken = default)
    {
        var answer = await Post("auth/tickets", null, cancellationToken);
        if (!answer.Succeeded) throw new HubCallException($"No ticket: {answer.Trouble ?? answer.Status.ToString()}");
        server ??= Server;
        var address = new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/ws/" + hub }.Uri;
        return await HubClient.Connect(address, answer.Read<TicketAnswer>().Ticket, onMessage, cancellationToken);
    }

    public Task<ApiAnswer> Get(string path, CancellationToken cancellationToken = default) => Send(HttpMethod.Get, path, null, cancellationToken);

    public Task<ApiAnswer> Post(string path, object? body, CancellationToken cancellationToken = default) => Send(HttpMethod.Post, path, body, cancellationToken);

    public Task<ApiAnswer> Put(string path, object? body, CancellationToken cancellationToken = default) => Send(HttpMethod.Put, path, body, cancellationToken);

    public Task<ApiAnswer> Patch(string path, object? body, CancellationToken cancellationToken = default) => Send(HttpMethod.Patch, path, body, cancellationToken);

    /// <summary>Sends under /api/v1, signed in if there is a session. Never throws for trouble on the way: see <see cref="ApiAnswer.Trouble"/>.</summary>
    public async Task<ApiAnswer> Send(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var token = _session is null ? null : await AccessToken(cancellationToken);
        return await Exchange(method, path, body, token, cancellationToken);
    }

    public void Dispose() => _renewal.Dispose();

    private async Task<ApiAnswer> Exchange(HttpMethod method, string path, object? body, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, "api/v1/" + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Sos-Reason", Reason);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new ApiAnswer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException || trouble is TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new ApiAnswer(0, [], trouble.Message);
        }
    }
}

/// <summary>Answer to a request for a code.</summary>
public sealed record OtpAnswer(string SessionId);

/// <summary>A ticket for a hub.</summary>
public sealed record TicketAnswer(string Ticket);

/// <summary>A signed-in session.</summary>
public sealed record SessionAnswer(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken, string? SosCredential, SessionUser? User);

/// <summary>Who is signed in.</summary>
public sealed record SessionUser(Guid Id);

/// <summary>Numbers that sign in without a message (Development only; the server must be started with the same prefix).</summary>
public static class TestNumbers
{
    /// <summary>Configuration key of the server.</summary>
    public const string Setting = "Sos:Identity:TestNumbers";

    public const string Prefix = "+1555";

    public const string Code = "000000";

    /// <summary>The nth number of a group (0 to 9), so that two groups never share a person.</summary>
    public static string Number(int group, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Prefix}{group}{index:D6}");
}
