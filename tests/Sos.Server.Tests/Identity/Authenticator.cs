using System.Text.Json;
using Sos.Grains.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>An authenticator app, by the server's clock, and the recovery codes that came with it.</summary>
internal sealed class Authenticator(SosServerHost server, string secret)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly byte[] _secret = Decode(secret);

    /// <summary>The secret as it was shown.</summary>
    public string Secret => secret;

    public string[] Recovery { get; private set; } = [];

    /// <summary>Sets a second factor up in a session; answers the app and the session's new tokens.</summary>
    public static async Task<(Authenticator App, SessionAnswer Session)> SetUp(SosServerHost server, SessionAnswer session)
    {
        var app = await Propose(server, session);
        return (app, await app.Confirm(session));
    }

    /// <summary>Takes a new secret into the app.</summary>
    public static async Task<Authenticator> Propose(SosServerHost server, SessionAnswer session)
    {
        using var answer = await server.Send(HttpMethod.Post, "api/v1/auth/second-factor/enrol", authorization: "Bearer " + session.AccessToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return new Authenticator(server, (await SosServerHost.Json(answer)).GetProperty("secret").GetString()!);
    }

    /// <summary>The code that the app shows, or will show some steps of 30 s later.</summary>
    public string Code(int later = 0) => TotpRules.Code(_secret, server.Time.GetUtcNow().ToUnixTimeSeconds() / 30 + later, 6);

    /// <summary>Six digits that the app does not show now.</summary>
    public string Wrong() => Enumerable.Range(0, 10).Select(i => new string((char)('0' + i), 6)).First(code => code != Code(-1) && code != Code() && code != Code(1));

    public async Task<SessionAnswer> Confirm(SessionAnswer session)
    {
        using var answer = await server.Send(HttpMethod.Post, "api/v1/auth/second-factor/confirm", $$"""{"code":"{{Code()}}"}""", "Bearer " + session.AccessToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var body = await SosServerHost.Json(answer);
        Recovery = [.. body.GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)];
        return Merge(session, body.GetProperty("tokens"));
    }

    /// <summary>Proves the second factor with the app's present code, after the step of the last one.</summary>
    public async Task<SessionAnswer> Prove(SessionAnswer session)
    {
        server.Time.Advance(TimeSpan.FromSeconds(30));
        using var answer = await Try(server, session, Code());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return Merge(session, await SosServerHost.Json(answer));
    }

    public static Task<HttpResponseMessage> Try(SosServerHost server, SessionAnswer session, string code) =>
        server.Send(HttpMethod.Post, "api/v1/auth/second-factor/verify", $$"""{"code":"{{code}}"}""", "Bearer " + session.AccessToken);

    private static SessionAnswer Merge(SessionAnswer session, JsonElement tokens) =>
        tokens.Deserialize<SessionAnswer>(ApiJson.Options)! with { SosCredential = session.SosCredential, User = session.User };

    private static byte[] Decode(string text)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in text)
        {
            (bits, count) = ((bits << 5) | Letters.IndexOf(letter, StringComparison.Ordinal), count + 5);
            if (count < 8) continue;
            bytes.Add((byte)(bits >> (count - 8)));
            count -= 8;
            bits &= (1 << count) - 1;
        }

        return [.. bytes];
    }
}
