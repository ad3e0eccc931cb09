using System.Net.Http.Headers;
using System.Text.Json;
using Sos.Server.Tests.Alerts.Media;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Alerts;

/// <summary>Sending and reading attachments as a client does.</summary>
internal static class Uploads
{
    public static Task<HttpResponseMessage> Upload(
        this SosServerHost server, string authorization, Guid alert, byte[] content, string? mediaType = "image/jpeg", string? key = null, Action<HttpRequestMessage>? change = null)
    {
        var body = new ByteArrayContent(content);
        if (mediaType is not null) body.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return server.Upload(authorization, alert, body, key, change);
    }

    public static async Task<HttpResponseMessage> Upload(
        this SosServerHost server, string authorization, Guid alert, HttpContent body, string? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/alerts/{alert}/attachments") { Content = body };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        // A refusal comes before the bytes.
        request.Headers.ExpectContinue = true;
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        change?.Invoke(request);
        return await server.Http.SendAsync(request);
    }

    /// <summary>Adds the sample of a type; answers the attachment.</summary>
    public static async Task<JsonElement> Attach(this SosServerHost server, SessionAnswer who, Guid alert, string mediaType = "image/jpeg", Guid? id = null)
    {
        using var answer = await server.Upload("Bearer " + who.AccessToken, alert, SampleMedia.All[mediaType](), mediaType, id?.ToString());
        Assert.True((int)answer.StatusCode == 201, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SosServerHost.Json(answer);
    }

    public static Task<HttpResponseMessage> AskForUrl(this SosServerHost server, string authorization, Guid alert, Guid attachment) =>
        server.Send(HttpMethod.Get, $"api/v1/alerts/{alert}/attachments/{attachment}/url", (string?)null, authorization);

    /// <summary>A signed address, as a path.</summary>
    public static async Task<string> Url(this SosServerHost server, SessionAnswer who, Guid alert, Guid attachment)
    {
        using var answer = await server.AskForUrl("Bearer " + who.AccessToken, alert, attachment);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await SosServerHost.Json(answer)).GetProperty("url").GetString()!;
    }

    /// <summary>Sends a request whose target is just that text, without the repairs that clients make; answers the status and the body's beginning.</summary>
    public static async Task<(int Status, string Text)> Raw(this SosServerHost server, string method, string target, string headers = "")
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(server.Http.BaseAddress!.Host, server.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"));
        using var answer = new StreamReader(stream, System.Text.Encoding.Latin1);
        var text = await answer.ReadToEndAsync();
        return (text.Length > 12 ? int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0, text);
    }

    public static MediaTypeHeaderValue Type(string name) => MediaTypeHeaderValue.Parse(name);
}
