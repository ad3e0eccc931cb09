using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Hosting;
using Sos.Server.Identity;
using Sos.TestKit;

namespace Sos.Server.Tests.Identity;

/// <summary>S-02: what is no token of ours is refused, whoever signed it.</summary>
public sealed class AccessTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SigningKeys _keys;
    private readonly AccessTokens _tokens;
    private readonly RSA _ourKey = RSA.Create();
    private readonly string _token;
    private readonly JsonObject _header;
    private readonly JsonObject _claims;
    private readonly SessionView _session;

    public AccessTokenTests()
    {
        TestKeys.Put(_folder.Path);
        _keys = Load(_folder.Path);
        _tokens = new AccessTokens(_keys, _time, Settings);
        _ourKey.ImportFromPem(File.ReadAllText(KeyFiles().Single()));
        _session = new SessionView(Guid.NewGuid(), Guid.NewGuid(), null, _time.GetUtcNow(), _time.GetUtcNow(), 0);
        (_token, _) = _tokens.Issue(_session, Roles.User | Roles.Responder);
        var segments = _token.Split('.');
        (_header, _claims) = (TokenForge.Json(segments[0]), TokenForge.Json(segments[1]));
    }

    public void Dispose()
    {
        _ourKey.Dispose();
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_token_is_read_back_with_user_session_and_roles()
    {
        var read = _tokens.Read(_token);
        Assert.NotNull(read);
        Assert.Equal((_session.UserId, _session.Id, Roles.User | Roles.Responder), (read.User.Id, read.User.SessionId, read.User.Roles));
    }

    [Fact]
    public void A_token_made_by_hand_with_the_same_members_and_key_is_read() => Assert.NotNull(_tokens.Read(Signed()));

    [Fact]
    public void A_token_says_what_it_is_for()
    {
        Assert.Equal(["alg", "kid", "typ"], _header.Select(member => member.Key).Order());
        Assert.Equal(("RS256", "at+jwt"), ((string)_header["alg"]!, (string)_header["typ"]!));
        Assert.Equal(["aud", "exp", "iat", "iss", "nbf", "role", "scope", "sid", "sub"], _claims.Select(member => member.Key).Order());
        Assert.Equal(600, (long)_claims["exp"]! - (long)_claims["iat"]!);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("rs256")]
    [InlineData("RS384")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    [InlineData("HS256")]
    [InlineData("")]
    public void Another_algorithm_in_the_header_is_refused(string algorithm)
    {
        _header["alg"] = algorithm;
        Refused(Signed());
        Refused(TokenForge.Encode(TokenForge.Text(_header)) + "." + _token.Split('.')[1] + ".");
    }

    [Fact]
    public void Hs256_signed_with_the_public_key_is_refused()
    {
        _header["alg"] = "HS256";
        foreach (var secret in new[] { Encoding.ASCII.GetBytes(_ourKey.ExportSubjectPublicKeyInfoPem()), _ourKey.ExportSubjectPublicKeyInfo(), _ourKey.ExportRSAPublicKey() })
            Refused(TokenForge.Sign(TokenForge.Text(_header), TokenForge.Text(_claims), content => HMACSHA256.HashData(secret, content)));
    }

    [Theory]
    [InlineData("jwk", "{}")]
    [InlineData("jku", "\"http://127.0.0.1:9/keys\"")]
    [InlineData("x5u", "\"http://127.0.0.1:9/keys\"")]
    [InlineData("x5c", "[]")]
    [InlineData("crit", "[\"b64\"]")]
    [InlineData("b64", "false")]
    [InlineData("cty", "\"JWT\"")]
    public void A_header_with_anything_else_in_it_is_refused(string name, string value)
    {
        _header[name] = JsonNode.Parse(value);
        Refused(Signed());
    }

    [Theory]
    [InlineData("\"../../dev/null\"")]
    [InlineData("\"' OR 1=1 --\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("[\"a\"]")]
    public void A_key_id_that_is_not_in_the_list_is_refused(string kid)
    {
        _header["kid"] = JsonNode.Parse(kid);
        Refused(Signed());
    }

    [Fact]
    public void A_missing_or_endless_key_id_is_refused()
    {
        _header.Remove("kid");
        Refused(Signed());
        _header["kid"] = new string('k', 1_000_000);
        Refused(Signed());
    }

    [Fact]
    public void Another_key_under_our_key_id_is_refused()
    {
        using var other = RSA.Create(2048);
        Refused(TokenForge.Sign(TokenForge.Text(_header), TokenForge.Text(_claims), TokenForge.Rs256(other)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("refresh")]
    [InlineData("")]
    public void Another_type_of_token_is_refused(string type)
    {
        _header["typ"] = type;
        Refused(Signed());
    }

    [Theory]
    [InlineData("iss", "\"somebody\"")]
    [InlineData("aud", "\"another-api\"")]
    [InlineData("aud", "[\"sos-orleans-api\"]")]
    [InlineData("sub", "\"me\"")]
    [InlineData("sub", "\"\"")]
    [InlineData("sid", "null")]
    [InlineData("role", "[\"root\"]")]
    [InlineData("role", "\"admin\"")]
    [InlineData("exp", "\"2099-01-01\"")]
    [InlineData("exp", "\"4070908800\"")]
    [InlineData("exp", "1.5")]
    [InlineData("exp", "1e300")]
    [InlineData("exp", "4070908800")]
    [InlineData("iat", "4070908800")]
    [InlineData("nbf", "4070908800")]
    [InlineData("nbf", "null")]
    public void A_claim_that_we_would_not_write_is_refused(string name, string value)
    {
        _claims[name] = JsonNode.Parse(value);
        Refused(Signed());
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("sid")]
    [InlineData("role")]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    public void A_token_without_one_of_its_claims_is_refused(string name)
    {
        _claims.Remove(name);
        Refused(Signed());
    }

    [Fact]
    public void A_claim_that_is_written_twice_is_refused()
    {
        var claims = TokenForge.Text(_claims);
        Refused(TokenForge.Sign(TokenForge.Text(_header), claims[..^1] + ",\"role\":[\"admin\"]}", TokenForge.Rs256(_ourKey)));
    }

    [Fact]
    public void A_role_added_without_signing_again_is_refused()
    {
        var segments = _token.Split('.');
        _claims["role"] = new JsonArray("user", "admin");
        Refused($"{segments[0]}.{TokenForge.Encode(TokenForge.Text(_claims))}.{segments[2]}");
    }

    [Fact]
    public void Another_spelling_of_the_same_bytes_is_refused()
    {
        Refused(_token + "=");
        Refused(_token + "==");
        Refused(_token + "A");
        Refused(_token + "\n");
        Refused(" " + _token);
        Refused(_token + "." + _token.Split('.')[2]);
        Refused(_token[.._token.LastIndexOf('.')]);
        Refused(_token[..(_token.LastIndexOf('.') + 1)]);
        Refused("." + _token);
        Refused("");
        Refused("..");
        // 342 characters hold 256 bytes and four bits that nobody reads: only zeroes are taken.
        var last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".IndexOf(_token[^1], StringComparison.Ordinal);
        Refused(_token[..^1] + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last | 1]);
    }

    [Fact]
    public void Any_changed_character_makes_it_worthless()
    {
        for (var i = 0; i < _token.Length; i++)
        {
            if (_token[i] == '.') continue;
            Refused(string.Concat(_token.AsSpan(0, i), _token[i] == 'A' ? "B" : "A", _token.AsSpan(i + 1)));
        }
    }

    [Fact]
    public void A_token_lives_for_ten_minutes_and_the_skew()
    {
        var expires = _tokens.Read(_token)!.ExpiresAt;
        Assert.Equal(_time.GetUtcNow().AddMinutes(10).AddSeconds(30), expires);
    }

    [Fact]
    public void An_expired_token_is_still_read_with_its_time_since_the_sos_route_takes_it()
    {
        _time.Advance(TimeSpan.FromDays(3));
        var read = _tokens.Read(_token);
        Assert.NotNull(read);
        Assert.True(read.ExpiresAt < _time.GetUtcNow());
    }

    [Fact]
    public void A_key_address_in_the_header_is_never_asked()
    {
        using var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        foreach (var name in new[] { "jku", "x5u" })
        {
            var header = (JsonObject)_header.DeepClone();
            header[name] = $"http://{canary.LocalEndpoint}/keys";
            Refused(TokenForge.Sign(TokenForge.Text(header), TokenForge.Text(_claims), TokenForge.Rs256(_ourKey)));
        }

        Assert.False(canary.Pending());
    }

    [Fact]
    public void An_encrypted_token_is_refused() => Refused(string.Join('.', TokenForge.Encode("""{"alg":"RSA-OAEP","enc":"A256GCM","typ":"at+jwt"}"""), "AAAA", "AAAA", "AAAA", "AAAA"));

    internal static IOptions<IdentityOptions> Settings { get; } = Options.Create(new IdentityOptions());

    internal static KeyFolder Keys(string folder) =>
        new(new DataFolder(new ConfigurationBuilder().AddInMemoryCollection([new KeyValuePair<string, string?>(DataFolder.Setting, folder)]).Build()));

    private SigningKeys Load(string folder) => new(Keys(folder), _time, Settings);

    private string[] KeyFiles() => Directory.GetFiles(Path.Combine(_folder.Path, "keys"), "signing*");

    private string Signed() => TokenForge.Sign(TokenForge.Text(_header), TokenForge.Text(_claims), TokenForge.Rs256(_ourKey));

    private void Refused(string token) => Assert.Null(_tokens.Read(token));
}
