using System.Text;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>One of the people of the test; everything that the service answers or sends her is written down under her name.</summary>
internal sealed class CanaryPerson(string name, SosServerHost server, OutputRecorder recorder) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<HubClient> _hubs = [];
    private Task _reading = Task.CompletedTask;

    public string Name => name;

    public SessionAnswer? Session { get; private set; }

    public Guid Id { get; private set; }

    /// <summary>Takes the answer to a sign-in.</summary>
    public async Task<SessionAnswer> Take(HttpResponseMessage answer)
    {
        await Write(answer, "sign-in");
        Session = await SosServerHost.Session(answer);
        if (Session.User is { } user) Id = user.Id;
        return Session;
    }

    /// <summary>Asks, and answers what came.</summary>
    public Task<(int Status, string Body)> Ask(string method, string path, string? json = null) =>
        Send(method, "api/v1/" + path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    public async Task<(int Status, string Body)> Send(string method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (Session is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Session.AccessToken);
        request.Headers.Add("Sos-Reason", $"reason-said-by-{name}");
        using var answer = await server.Http.SendAsync(request);
        return ((int)answer.StatusCode, await Write(answer, $"{method} {path}"));
    }

    /// <summary>The same, which must succeed.</summary>
    public async Task<string> Done(string method, string path, string? json = null)
    {
        var (status, body) = await Ask(method, path, json);
        Assert.True(status is >= 200 and < 300, $"{name}: {method} {path}: {status} {body}");
        return body;
    }

    /// <summary>Listens on a hub.</summary>
    public async Task Listen(string hub)
    {
        var address = new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = "/ws/" + hub }.Uri;
        _hubs.Add(await HubClient.Connect(address, await Ticket(), message => recorder.Add(name, "push", $"hub {hub} {message.Target}", string.Join('\n', message.Arguments.Select(argument => argument.GetRawText())))));
    }

    /// <summary>Listens on the event stream.</summary>
    public async Task Stream()
    {
        var answer = await server.Http.GetAsync($"api/v1/users/me/stream?ticket={await Ticket()}", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        _reading = Read(answer);
    }

    public async Task StopListening()
    {
        foreach (var hub in _hubs) await hub.DisposeAsync();
        _hubs.Clear();
        await _ending.CancelAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await StopListening();
        _ending.Dispose();
    }

    private async Task<string> Ticket() => System.Text.Json.JsonDocument.Parse(await Done("POST", "auth/tickets", "{}")).RootElement.GetProperty("ticket").GetString()!;

    private async Task Read(HttpResponseMessage answer)
    {
        try
        {
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await lines.ReadLineAsync(_ending.Token) is { } line) recorder.Add(name, "push", "event stream", line);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // The listener has stopped, or the server.
        }

        answer.Dispose();
    }

    private async Task<string> Write(HttpResponseMessage answer, string what)
    {
        var content = await answer.Content.ReadAsByteArrayAsync();
        var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        recorder.Add(name, "http", $"{what} → {(int)answer.StatusCode}", [.. Encoding.UTF8.GetBytes(headers + "\n\n"), .. content]);
        return Encoding.UTF8.GetString(content);
    }
}
