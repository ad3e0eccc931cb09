using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Sos.Server.Audit;

namespace Sos.Server.Http;

/// <summary>
/// The headers of every answer (OWASP ASVS 5.0, 3.4 and 14.3.2), and which web pages of other origins may call the API. Pages replace the
/// content security policy by their own; nothing may be framed, sniffed, cached or sent on as a referrer.
/// </summary>
internal static class SecurityHeaders
{
    private const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Sets what every answer begins with; a handler may replace one.</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Nothing;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>Adds the list of origins; empty: pages of no other origin.</summary>
    public static WebApplicationBuilder AddOrigins(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<OriginOptions>().BindConfiguration("Sos:Cors").Validate(static options => options.Origins.All(IsOrigin), OriginOptions.Refusal).ValidateOnStart();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<OriginOptions>>(static (cors, origins) => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. origins.Value.Origins])
            .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, "Idempotency-Key", "Last-Event-ID", StaffReason.Header)
            .WithExposedHeaders(HeaderNames.Location, HeaderNames.RetryAfter, "RateLimit", "RateLimit-Policy")
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        return builder;
    }

    /// <summary>True for an origin as browsers send it (RFC 6454): scheme, host and port; plain HTTP for this machine only.</summary>
    internal static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)
        && text == uri.GetLeftPart(UriPartial.Authority) && uri.UserInfo.Length == 0 && !text.Contains('*', StringComparison.Ordinal);
}

/// <summary>Section <c>Sos:Cors</c>.</summary>
public sealed class OriginOptions
{
    internal const string Refusal = "Sos:Cors:Origins are origins like https://app.example.org, without a path and without *.";

    /// <summary>Origins whose pages may call the API, like <c>https://app.example.org</c>. They bring a token; cookies are never sent.</summary>
    [Required]
    public IReadOnlyList<string> Origins { get; set; } = [];
}
