using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using JWT;
using Microsoft.Extensions.Options;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// Access tokens: JWT (RFC 7519, RFC 9068), RS256 and nothing else. The key is found by its id in a list of our own; a header that
/// names a key, an address or an extension is refused before any signature is looked at.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider time, IOptions<IdentityOptions> options)
{
    private const int LongestToken = 4096;
    private const string TokenType = "at+jwt";

    private static readonly JwtBase64UrlEncoder Base64 = new();
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        MaxDepth = 4,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // "at+jwt" as it is; nothing of a token is shown in a page.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private static readonly JsonSerializerOptions StrictButGrowing = new(Strict) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    /// <summary>Makes a token for a session.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Issue(SessionView session, Roles roles)
    {
        var key = keys.Current;
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.AccessLife).ToUnixTimeSeconds());
        var header = new TokenHeader("RS256", TokenType, key.Id);
        var claims = new TokenClaims(
            options.Value.Issuer,
            options.Value.Audience,
            session.UserId,
            session.Id,
            RoleNames.Of(roles),
            "api",
            now.ToUnixTimeSeconds(),
            now.ToUnixTimeSeconds(),
            expires.ToUnixTimeSeconds());
        var content = Segment(header) + "." + Segment(claims);
        return (content + "." + Base64.Encode(key.Sign(Encoding.ASCII.GetBytes(content))), expires);
    }

    /// <summary>Reads a token; null when it was not made here for this service. An expired one is answered with its time: the caller decides.</summary>
    public VerifiedToken? Read(string token)
    {
        if (token.Length > LongestToken) return null;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = token.LastIndexOf('.');
        if (first < 1 || second <= first + 1 || token.AsSpan(first + 1, second - first - 1).Contains('.')) return null;
        if (!TryParse<TokenHeader>(token.AsSpan(0, first), Strict, out var header) || header is not { Alg: "RS256", Typ: TokenType }) return null;
        if (keys.Find(header.Kid) is not { } key) return null;
        if (!TryDecode(token.AsSpan(second + 1), out var signature) || !key.Verify(Encoding.ASCII.GetBytes(token, 0, second), signature)) return null;
        if (!TryParse<TokenClaims>(token.AsSpan(first + 1, second - first - 1), StrictButGrowing, out var claims)) return null;
        return Judge(claims, keys.SignsUntil(key));
    }

    private VerifiedToken? Judge(TokenClaims claims, DateTimeOffset keySignedUntil)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var skew = (long)options.Value.ClockSkew.TotalSeconds;
        var isOurs = claims.Iss == options.Value.Issuer && claims.Aud == options.Value.Audience;
        var isTimely = claims.Nbf <= now + skew && claims.Iat <= now + skew && claims.Exp > claims.Iat && claims.Exp <= claims.Iat + 3600
            && claims.Iat <= keySignedUntil.ToUnixTimeSeconds() + skew;
        return isOurs && isTimely && RoleNames.TryRead(claims.Role, out var roles)
            ? new VerifiedToken(claims.Sub, claims.Sid, roles, DateTimeOffset.FromUnixTimeSeconds(claims.Exp + skew))
            : null;
    }

    private static string Segment<T>(T value) => Base64.Encode(JsonSerializer.SerializeToUtf8Bytes(value, Strict));

    private static bool TryParse<T>(ReadOnlySpan<char> segment, JsonSerializerOptions json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value)
        where T : class
    {
        value = null;
        if (!TryDecode(segment, out var bytes)) return false;
        try
        {
            value = JsonSerializer.Deserialize<T>(bytes, json);
        }
        catch (JsonException)
        {
            return false;
        }

        return value is not null;
    }

    /// <summary>One spelling only: no padding, no white space, no bits beyond the last byte, or a token would have several.</summary>
    private static bool TryDecode(ReadOnlySpan<char> segment, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(segment)) return false;
        bytes = Base64Url.DecodeFromChars(segment);
        return segment.SequenceEqual(Base64Url.EncodeToString(bytes));
    }
}

/// <summary>Header of an access token: these members and no others.</summary>
internal sealed record TokenHeader(string Alg, string Typ, string Kid);

/// <summary>Claims of an access token; times in seconds since 1970.</summary>
internal sealed record TokenClaims(string Iss, string Aud, Guid Sub, Guid Sid, string[] Role, string Scope, long Iat, long Nbf, long Exp);
