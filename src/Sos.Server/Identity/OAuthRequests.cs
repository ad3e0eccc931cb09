using System.Text.Json.Serialization;

namespace Sos.Server.Identity;

/// <summary>The form of the token route (RFC 6749, 4.1.3 and 6; RFC 7636, 4.5).</summary>
public sealed record OAuthForm(
    [property: JsonPropertyName("grant_type")] string GrantType,
    [property: JsonPropertyName("code")] string? Code = null,
    [property: JsonPropertyName("redirect_uri")] string? RedirectUri = null,
    [property: JsonPropertyName("code_verifier")] string? CodeVerifier = null,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null,
    [property: JsonPropertyName("scope")] string? Scope = null,
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    [property: JsonPropertyName("client_secret")] string? ClientSecret = null);

/// <summary>Tokens (RFC 6749, 5.1).</summary>
/// <param name="AccessToken">JWT with <c>scope</c> and <c>client_id</c>.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="RefreshToken">Good once; the answer has the next.</param>
/// <param name="Scope">What the access token is good for.</param>
public sealed record OAuthTokens(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken,
    [property: JsonPropertyName("scope")] string Scope);

/// <summary>A refusal (RFC 6749, 5.2).</summary>
/// <param name="Error">invalid_request, invalid_client, invalid_grant, invalid_scope or unsupported_grant_type.</param>
/// <param name="Description">For developers.</param>
public sealed record OAuthError([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);
