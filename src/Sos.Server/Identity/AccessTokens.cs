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
/// Access tokens: JWT (RFC 7519, RFC 9068), RS256 and nothing else. A token's header is the one that a key of our own writes, letter by
/// letter, or it is refused before any signature is looked at: no algorithm, key, address or extension is ever taken from it.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider time, IOptions<IdentityOptions> options)
{
    private const int LongestToken = 4096;

    private static readonly JwtBase64UrlEncoder Base64 = new();
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        MaxDepth = 4,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // members that a later version adds
    };

    /// <summary>Scope of a user's own devices: everything.</summary>
    private const string Everything = "api";

    /// <summary>Makes a token for a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="roles">Roles that count in it.</param>
    /// <param name="scopes">What an app's token is good for; left out: a user's own device.</param>
    public (string Token, DateTimeOffset ExpiresAt) Issue(SessionView session, Roles roles, IEnumerable<string>? scopes = null)
    {
        var key = keys.Current;
        var now = time.GetUtcNow();
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.AccessLife).ToUnixTimeSeconds());
        var claims = new TokenClaims(
            options.Value.Issuer,
            options.Value.Audience,
            session.UserId,
            session.Id,
            RoleNames.Of(roles),
            scopes is null ? Everything : string.Join(' ', scopes),
            now.ToUnixTimeSeconds(),
            now.ToUnixTimeSeconds(),
            expires.ToUnixTimeSeconds(),
            session.App?.ClientId);
        var content = key.Header + "." + Segment(claims);
        return (content + "." + Base64.Encode(key.Sign(Encoding.ASCII.GetBytes(content))), expires);
    }

    /// <summary>Reads a token; null when it was not made here for this service. An expired one is answered with its time: the caller decides.</summary>
    public VerifiedToken? Read(string token)
    {
        if (token.Length > LongestToken) return null;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var second = token.LastIndexOf('.');
        if (first < 1 || second <= first + 1 || token.AsSpan(first + 1, second - first - 1).Contains('.')) return null;
        if (keys.Find(token.AsSpan(0, first)) is not { } key) return null;
        if (!TryDecode(token.AsSpan(second + 1), out var signature) || !key.Verify(Encoding.ASCII.GetBytes(token, 0, second), signature)) return null;
        return TryReadClaims(token.AsSpan(first + 1, second - first - 1)) is { } claims ? Judge(claims, keys.SignsUntil(key)) : null;
    }

    private VerifiedToken? Judge(TokenClaims claims, DateTimeOffset keySignedUntil)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var skew = (long)options.Value.ClockSkew.TotalSeconds;
        var isOurs = claims.Iss == options.Value.Issuer && claims.Aud == options.Value.Audience;
        var isTimely = claims.Nbf <= now + skew && claims.Iat <= now + skew && claims.Exp > claims.Iat && claims.Exp <= claims.Iat + 3600
            && claims.Iat <= keySignedUntil.ToUnixTimeSeconds() + skew;
        if (!isOurs || !isTimely || !RoleNames.TryRead(claims.Role, out var roles) || claims.ClientId is null != (claims.Scope == Everything)) return null;
        var app = claims.ClientId is { } client ? new AppAccess(client, claims.Scope.Split(' '), 0) : null;
        return new VerifiedToken(claims.Sub, claims.Sid, app is null ? roles : Roles.User, DateTimeOffset.FromUnixTimeSeconds(claims.Exp + skew), app);
    }

    private static string Segment<T>(T value) => Base64.Encode(JsonSerializer.SerializeToUtf8Bytes(value, Json));

    private static TokenClaims? TryReadClaims(ReadOnlySpan<char> segment)
    {
        if (!TryDecode(segment, out var bytes)) return null;
        try
        {
            return JsonSerializer.Deserialize<TokenClaims>(bytes, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One spelling only: no padding, no white space, no bits beyond the last byte, or a token would have several.</summary>
    private static bool TryDecode(ReadOnlySpan<char> segment, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(segment)) return false;
        bytes = Base64Url.DecodeFromChars(segment);
        var last = bytes.AsSpan(bytes.Length - bytes.Length % 3);
        return segment.Length == Base64Url.GetEncodedLength(bytes.Length) && segment.EndsWith(Base64Url.EncodeToString(last), StringComparison.Ordinal);
    }
}

/// <summary>Claims of an access token; times in seconds since 1970.</summary>
internal sealed record TokenClaims(
    string Iss, string Aud, Guid Sub, Guid Sid, string[] Role, string Scope, long Iat, long Nbf, long Exp,
    [property: JsonPropertyName("client_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ClientId = null);
