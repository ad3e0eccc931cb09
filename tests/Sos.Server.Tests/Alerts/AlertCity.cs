using System.Diagnostics;
using System.Text.Json;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Alerts;

/// <summary>A server with an administrator, operators of two areas and responders, and alerts that are raised in it.</summary>
public sealed class AlertCity : IAsyncLifetime
{
    public const string Area = "dr4k";
    public const string Elsewhere = "9q8y";
    public const string Here = """{"latitude":40.12,"longitude":-75.34,"accuracy":10}""";
    private int _people = 100;

    public SosServerHost Host { get; private set; } = null!;

    public SessionAnswer Admin { get; private set; } = null!;

    public SessionAnswer Operator { get; private set; } = null!;

    public SessionAnswer OperatorElsewhere { get; private set; } = null!;

    public SessionAnswer Rescuer { get; private set; } = null!;

    public SessionAnswer Unasked { get; private set; } = null!;

    public ValueTask InitializeAsync() => Start(null);

    /// <summary>Starts it with more services.</summary>
    public async ValueTask Start(Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? services)
    {
        Host = await SosServerHost.Start(services);
        Admin = await Host.Bootstrap();
        Operator = await Staff(Area);
        OperatorElsewhere = await Staff(Elsewhere);
        Rescuer = await Responder();
        Unasked = await Responder();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    public Task<SessionAnswer> Person() => Host.SignIn(Interlocked.Increment(ref _people));

    public async Task<HttpResponseMessage> Ask(SessionAnswer who, string method, string path, string? json = null) =>
        await Host.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);

    public async Task<JsonElement> Done(SessionAnswer who, string method, string path, string? json = null)
    {
        using var answer = await Ask(who, method, path, json);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Content.Headers.ContentLength is 0 ? default : await SosServerHost.Json(answer);
    }

    /// <summary>Raises an alert and answers it.</summary>
    public Task<JsonElement> Press(SessionAnswer victim) => Done(victim, "POST", "alerts", $$"""{"kind":"medical","position":{{Here}}}""");

    /// <summary>Assigns the rescuer by hand and lets her accept; answers her view.</summary>
    public async Task<JsonElement> Accept(Guid alert)
    {
        var assigned = await Done(Operator, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"assign","responderId":"{{Rescuer.User!.Id}}","reason":"she is near"}""");
        return await Done(Rescuer, "POST", $"alerts/{alert}/accept", $$"""{"version":{{assigned.GetProperty("version").GetInt64()}}}""");
    }

    public Task<JsonElement> Close(Guid alert) => Done(Admin, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"over"}""");

    public async Task<HubClient> Connect(string hub, SessionAnswer who) => await HubClient.Connect(Hub(hub), await Ticket(who));

    /// <summary>Address of a hub.</summary>
    public Uri Hub(string hub) => new(Host.Http.BaseAddress!.ToString().Replace("http", "ws", StringComparison.Ordinal) + $"ws/{hub}");

    /// <summary>A one-time ticket.</summary>
    public async Task<string> Ticket(SessionAnswer who) => (await Done(who, "POST", "auth/tickets")).GetProperty("ticket").GetString()!;

    /// <summary>Waits for something, while the clock of the service goes on slowly; fails after 60 s with what it waited for.</summary>
    public Task Until(string what, Func<Task<bool>> condition) => Until(what, TimeSpan.FromMilliseconds(25), condition);

    /// <summary>As above, with the clock's step of each millisecond: longer ones for what only waits for the clock.</summary>
    public async Task Until(string what, TimeSpan step, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        // At most 25 times as fast as the real clock by default: on a busy machine tokens must not end before the answer is there.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!await condition())
        {
            await pace.WaitForNextTickAsync();
            Host.Time.Advance(step);
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60)) throw new TimeoutException($"Waited 60 s for: {what}");
        }
    }

    /// <summary>The next message to a client method that is as wanted, while the clock of the service goes on slowly.</summary>
    public async Task<JsonElement> Next(HubClient client, string target, Func<JsonElement, bool> wanted)
    {
        JsonElement found = default;
        await Until(target, async () =>
        {
            await Task.Yield();
            while (client.Messages.TryRead(out var message))
            {
                if (message.Target != target || !wanted(message.Arguments[0])) continue;
                found = message.Arguments[0];
                return true;
            }

            return false;
        });
        return found;
    }

    private async Task<SessionAnswer> Staff(string area)
    {
        var person = await Person();
        await Done(Admin, "PATCH", $"admin/users/{person.User!.Id}", $$"""{"roles":["user","operator"],"areas":["{{area}}"]}""");
        return person;
    }

    private async Task<SessionAnswer> Responder()
    {
        var person = await Person();
        await Done(Admin, "POST", $"admin/responders/{person.User!.Id}", """{"cleared":true,"capabilities":["medical"],"displayName":"Anna"}""");
        await Done(person, "PUT", "responders/me", """{"onDuty":true,"capacity":10,"transport":"car"}""");
        return person;
    }
}
