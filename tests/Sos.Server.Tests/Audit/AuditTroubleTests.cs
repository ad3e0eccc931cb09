using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Operations;
using Sos.Server.Tests.Alerts;
using Sos.TestKit;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Audit;

/// <summary>Trouble with the audit stops looking and administering, and never help.</summary>
public sealed class AuditTroubleTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start(services => FaultyStorage.AddTo(services, StorageNames.Records, only: "sos.audit"));
        _admin = await _server.Bootstrap();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task S20_without_the_audit_nobody_looks_or_administers_and_help_goes_on()
    {
        var person = await _server.SignIn(1);
        _server.Services.GetRequiredService<FaultyStorage>().Fault = WriteFault.Refused;

        using var press = await Ask(person, "POST", "alerts", $$"""{"kind":"medical","position":{{AlertCity.Here}}}""");
        Assert.Equal(201, (int)press.StatusCode);
        var alert = (await SosServerHost.Json(press)).GetProperty("id").GetGuid();
        foreach (var (method, path, body) in ((string, string, string?)[])
        [
            ("GET", $"alerts/{alert}", null), ("GET", $"alerts/{alert}/events", null), ("GET", $"alerts/{alert}/track", null),
            ("GET", "responders?latitude=40.12&longitude=-75.34&radiusMetres=1000", null), ("GET", "admin/audit", null),
            ("GET", $"admin/users/{person.User!.Id}", null), ("PATCH", $"admin/users/{person.User.Id}", """{"active":false}"""),
            ("POST", $"admin/responders/{person.User.Id}", """{"cleared":true,"capabilities":[],"displayName":"Ada"}"""),
        ])
        {
            using var answer = await Ask(_admin, method, path, body);
            await SosServerHost.IsProblem(answer, 503, "audit-unavailable");
            Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
        }

        // Nothing of it was done.
        Assert.True((await SosServerHost.Json(await Ask(person, "GET", "users/me"))).TryGetProperty("id", out _));

        // The board says that there is an alert, and where only once staff has acted on it for a reason.
        var entry = await Entry();
        Assert.False(entry.TryGetProperty("position", out _));
        var claimed = await SosServerHost.Json(await Ask(_admin, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"claim","reason":"mine"}"""));
        Assert.True(claimed.TryGetProperty("position", out _));
        Assert.True((await SosServerHost.Json(await Ask(person, "GET", $"alerts/{alert}"))).TryGetProperty("position", out _));

        // A check shows nobody, and is there to find out what is wrong.
        Assert.Equal(200, (int)(await Ask(_admin, "GET", "admin/audit/verify")).StatusCode);
    }

    // The one on the board, as soon as it is there.
    private async Task<JsonElement> Entry()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var asked = 0; asked < 5_000 && await pace.WaitForNextTickAsync(); asked++)
        {
            using var board = await Ask(_admin, "GET", "admin/board");
            if ((await SosServerHost.Json(board)).GetProperty("entries").EnumerateArray().ToList() is [var only]) return only;
            _server.Time.Advance(TimeSpan.FromMilliseconds(25));
        }

        throw new TimeoutException("The alert was never on the board.");
    }

    private Task<HttpResponseMessage> Ask(SessionAnswer who, string method, string path, string? json = null) =>
        _server.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);
}
