using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>S-02 over HTTP: whatever is no token of ours gets one and the same answer, on ordinary routes and where an SOS may come in.</summary>
public sealed class ForgedTokenTests : IAsyncLifetime
{
    private const string Position = """{"latitude":52.5,"longitude":13.4}""";

    private readonly RSA _ours = RSA.Create();
    private readonly RSA _weak = RSA.Create(1024);
    private readonly RSA _strange = RSA.Create(2048);
    private SosServerHost _server = null!;
    private SessionAnswer _me = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _me = await _server.SignIn(1);
        _ours.ImportFromPem(await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(_server.DataDirectory, "keys"), "signing-*.pem").Single()));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var key in new[] { _ours, _weak, _strange }) key.Dispose();
    }

    [Fact]
    public async Task None_of_them_is_let_in_and_all_are_answered_alike()
    {
        var forgeries = Forgeries().ToList();
        Assert.True(forgeries.Count >= 60, $"only {forgeries.Count}");
        Assert.Equal(forgeries.Count, forgeries.Select(forgery => forgery.Token).Distinct().Count());
        string? expected = null;
        foreach (var (name, token) in forgeries)
        {
            foreach (var (method, path, body) in new[] { (HttpMethod.Get, "api/v1/users/me", null), (HttpMethod.Post, "api/v1/users/me/position", Position) })
            {
                using var answer = await _server.Send(method, path, body, "Bearer " + token);
                var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order();
                var whole = $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{await answer.Content.ReadAsStringAsync()}";
                Assert.True((int)answer.StatusCode == 401, $"{name} on {path}: {whole}");
                Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
                Assert.True(whole == (expected ??= whole), $"{name} is answered otherwise: {whole}");
            }
        }

        TestContext.Current.SendDiagnosticMessage($"S-02: {forgeries.Count} forged tokens, 0 let in");
        using var good = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + _me.AccessToken);
        Assert.True(good.IsSuccessStatusCode);
    }

    private IEnumerable<(string Name, string Token)> Forgeries()
    {
        var segments = _me.AccessToken.Split('.');
        var (header, claims) = (TokenForge.Json(segments[0]), TokenForge.Json(segments[1]));
        var now = _server.Time.GetUtcNow().ToUnixTimeSeconds();
        var spki = _ours.ExportSubjectPublicKeyInfo();

        // What is changed below is all that is wrong with them.
        Assert.Equal(_me.AccessToken, Sign(header, claims));
        foreach (var alg in new[] { "none", "None", "nOnE", "NONE", "rs256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "HS256", "HS512", "" })
        {
            yield return ($"alg {alg}", Sign(With(header, "alg", alg), claims));
            yield return ($"alg {alg}, no signature", Unsigned(With(header, "alg", alg), claims));
        }

        foreach (var (name, secret) in new[] { ("PEM", Encoding.ASCII.GetBytes(_ours.ExportSubjectPublicKeyInfoPem())), ("DER", spki), ("PKCS#1", _ours.ExportRSAPublicKey()), ("modulus", _ours.ExportParameters(false).Modulus!), ("empty", []) })
            yield return ($"HS256 with our public key as {name}", TokenForge.Sign(TokenForge.Text(With(header, "alg", "HS256")), TokenForge.Text(claims), content => HMACSHA256.HashData(secret, content)));

        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("jwk", new JsonObject { ["kty"] = "RSA" }), ("jku", "http://127.0.0.1:9/keys"), ("x5u", "http://127.0.0.1:9/keys"), ("x5c", new JsonArray()), ("x5t", "AAAA"), ("crit", new JsonArray("b64")),
            ("b64", false), ("cty", "JWT"), ("zip", "DEF"), ("enc", "A256GCM"),
        })
            yield return ($"header {name}", Sign(With(header, name, value), claims));

        foreach (var kid in new JsonNode?[] { "../../dev/null", "' OR 1=1 --", "/proc/self/environ", "", null, 1, new JsonArray("a"), new JsonObject(), new string('k', 3000), "a\0b" })
            yield return ($"kid {kid?.ToJsonString()}", Sign(With(header, "kid", kid), claims));
        foreach (var type in new[] { "JWT", "refresh", "AT+JWT", "" }) yield return ($"typ {type}", Sign(With(header, "typ", type), claims));
        yield return ("another key under our id", TokenForge.Sign(TokenForge.Text(header), TokenForge.Text(claims), TokenForge.Rs256(_strange)));
        yield return ("a weak key under our id", TokenForge.Sign(TokenForge.Text(header), TokenForge.Text(claims), TokenForge.Rs256(_weak)));

        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("iss", "somebody"), ("iss", null), ("aud", "another-api"), ("aud", new JsonArray("sos-orleans-api")), ("sub", "me"), ("sid", ""), ("role", new JsonArray("root")), ("role", "admin"),
            ("exp", "2099-01-01"), ("exp", 1.5), ("exp", null), ("exp", now + 86_400), ("nbf", now + 31), ("iat", 4070908800L), ("nbf", "now"), ("scope", null),
        })
            yield return ($"claim {name} {value?.ToJsonString()}", Sign(header, With(claims, name, value)));
        foreach (var name in claims.Select(claim => claim.Key).ToList()) yield return ($"without {name}", Sign(header, Without(claims, name)));
        yield return ("sub of another user", Sign(header, With(claims, "sub", Guid.NewGuid().ToString())));
        yield return ("sid of no session", Sign(header, With(claims, "sid", Guid.NewGuid().ToString())));
        yield return ("a role twice", TokenForge.Sign(TokenForge.Text(header), TokenForge.Text(claims)[..^1] + ",\"role\":[\"admin\"]}", TokenForge.Rs256(_ours)));
        yield return ("a role without signing again", $"{segments[0]}.{TokenForge.Encode(TokenForge.Text(With(claims, "role", new JsonArray("user", "admin"))))}.{segments[2]}");

        yield return ("the refresh token", _me.RefreshToken);
        yield return ("the SOS credential", _me.SosCredential!);
        foreach (var (name, text) in new[]
        {
            ("padded", _me.AccessToken + "="), ("longer", _me.AccessToken + "A"), ("two signatures", _me.AccessToken + "." + segments[2]), ("doubled", _me.AccessToken + _me.AccessToken), ("no signature", $"{segments[0]}.{segments[1]}."),
            ("two segments", $"{segments[0]}.{segments[1]}"), ("truncated", _me.AccessToken[..^1]), ("empty segments", ".."), ("JWE", string.Join('.', TokenForge.Encode("""{"alg":"dir","enc":"A256GCM"}"""), "", "AAAA", "AAAA", "AAAA")),
            ("JSON", "{}"), ("not base64url", segments[0] + "." + segments[1] + "." + segments[2].Replace(segments[2][0], '+')), ("null header", $"{TokenForge.Encode("null")}.{segments[1]}.{segments[2]}"),
            ("array header", $"{TokenForge.Encode("[]")}.{segments[1]}.{segments[2]}"), ("deep header", $"{TokenForge.Encode(new string('[', 2000))}.{segments[1]}.{segments[2]}"), ("long", new string('A', 10_000)),
        })
            yield return (name, text);
    }

    private string Sign(JsonObject header, JsonObject claims) => TokenForge.Sign(TokenForge.Text(header), TokenForge.Text(claims), TokenForge.Rs256(_ours));

    private static string Unsigned(JsonObject header, JsonObject claims) => $"{TokenForge.Encode(TokenForge.Text(header))}.{TokenForge.Encode(TokenForge.Text(claims))}.";

    private static JsonObject With(JsonObject source, string name, JsonNode? value)
    {
        var copy = source.DeepClone().AsObject();
        copy[name] = value;
        return copy;
    }

    private static JsonObject Without(JsonObject source, string name)
    {
        var copy = source.DeepClone().AsObject();
        copy.Remove(name);
        return copy;
    }
}
