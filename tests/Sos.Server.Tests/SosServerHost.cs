using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sos.TestKit;
using Sos.TestKit.Client;

namespace Sos.Server.Tests;

/// <summary>
/// The whole service in this process: real Kestrel on a free port, real store in a folder of its own, a clock that the test moves. It can be
/// stopped and started again on what it had stored.
/// </summary>
public sealed class SosServerHost : IAsyncDisposable
{
    public const string BootstrapToken = "the token of the tests";

    private readonly TemporaryFolder _folder = new();
    private readonly SosTestStorage _storage = new();
    private readonly string[] _settings;
    private readonly Action<IServiceCollection>? _services;
    private WebApplication? _app;

    private SosServerHost(string[] settings, Action<IServiceCollection>? services) => (_settings, _services) = (settings, services);

    /// <summary>The clock of the service; starts at the real time, so that a test may also compare with it.</summary>
    public ManualTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public HttpClient Http { get; private set; } = new();

    public IServiceProvider Services => _app!.Services;

    public string DataDirectory => _folder.Path;

    /// <summary>Starts a server; settings like <c>--Sos:Identity:MaxSessions=3</c>.</summary>
    public static Task<SosServerHost> Start(params string[] settings) => Start(null, settings);

    /// <summary>Starts a server with services of the test's own.</summary>
    public static async Task<SosServerHost> Start(Action<IServiceCollection>? services, params string[] settings)
    {
        var host = new SosServerHost(settings, services);
        TestKeys.Put(host.DataDirectory);
        await host.Start();
        return host;
    }

    /// <summary>Starts again after <see cref="Stop"/>, on what was stored.</summary>
    public async Task Start()
    {
        string[] fixedSettings =
        [
            "--urls=http://127.0.0.1:0",
            "--environment=Development",
            $"--Sos:DataDirectory={_folder.Path}",
            $"--Sos:Bootstrap:Admin={BootstrapToken}",
            $"--{TestNumbers.Setting}={TestNumbers.Prefix}",
            "--Logging:LogLevel:Default=Error",

            // Everybody is one address here, and some ask thousands of times.
            "--Sos:Limits:PerUser=1000000",
            "--Sos:Limits:AnonymousPerBlock=1000000",
            "--Sos:Limits:ForgedPerBlock=1000000",
        ];
        _app = SosApplication.Build([.. fixedSettings, .. _settings], builder =>
        {
            builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            _storage.KeepFor(builder.Services);
            _services?.Invoke(builder.Services);
        });
        try
        {
            await _app.StartAsync();
        }
        catch
        {
            // There is nothing to stop.
            await _app.DisposeAsync();
            _app = null;
            throw;
        }

        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient { BaseAddress = new Uri(address + "/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task Stop()
    {
        if (_app is null) return;
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _folder.Dispose();
    }

    /// <summary>Sends JSON text as it is.</summary>
    public Task<HttpResponseMessage> Send(HttpMethod method, string path, string? json = null, string? authorization = null, string mediaType = "application/json") =>
        Send(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(mediaType)), authorization);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, HttpContent? content, string? authorization)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.Add("Sos-Reason", "a test");
        return await Http.SendAsync(request);
    }

    /// <summary>Asks for a code; answers the ticket.</summary>
    public async Task<string> AskForCode(string address)
    {
        using var answer = await Send(HttpMethod.Post, "api/v1/auth/otp", address.Contains('@', StringComparison.Ordinal) ? $$"""{"email":"{{address}}"}""" : $$"""{"phone":"{{address}}"}""");
        Assert.Equal(202, (int)answer.StatusCode);
        return (await Json(answer)).GetProperty("sessionId").GetString()!;
    }

    /// <summary>The newest code that was sent to an address.</summary>
    public async Task<string> CodeOf(string address)
    {
        using var answer = await Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(address));
        return (await Json(answer)).GetProperty("messages")[0].GetProperty("body").GetString()![..6];
    }

    public Task<HttpResponseMessage> Verify(string ticket, string code, string? device = null) =>
        Send(HttpMethod.Post, "api/v1/auth/verify", JsonSerializer.Serialize(new { sessionId = ticket, code, device }, SkipNulls));

    public Task<HttpResponseMessage> Refresh(string refreshToken, string? device = null) =>
        Send(HttpMethod.Post, "api/v1/auth/refresh", JsonSerializer.Serialize(new { refreshToken, device }, SkipNulls));

    /// <summary>Signs a test number in.</summary>
    public async Task<SessionAnswer> SignIn(int person, string? device = null)
    {
        using var answer = await Verify(await AskForCode(TestNumbers.Number(9, person)), TestNumbers.Code, device);
        return await Session(answer);
    }

    /// <summary>Makes the first administrator.</summary>
    public async Task<SessionAnswer> Bootstrap(int person = 0)
    {
        using var answer = await Send(HttpMethod.Post, "api/v1/auth/bootstrap", $$"""{"token":"{{BootstrapToken}}","phone":"{{TestNumbers.Number(9, person)}}"}""");
        return await Session(answer);
    }

    public static async Task<SessionAnswer> Session(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {body}");
        return JsonSerializer.Deserialize<SessionAnswer>(body, ApiJson.Options)!;
    }

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    /// <summary>Checks that an answer is a problem of that kind.</summary>
    public static async Task IsProblem(HttpResponseMessage answer, int status, string slug)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"expected {status} {slug}, got {(int)answer.StatusCode} {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.ToString());
        var problem = await Json(answer);
        Assert.Equal("https://sos-orleans.org/problems/" + slug, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        if (status == 401) Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static JsonSerializerOptions SkipNulls { get; } = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
