using Microsoft.Net.Http.Headers;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Where a request carries its credential, and the answer to one without.</summary>
internal static class Credentials
{
    private const string BearerPrefix = "Bearer ";
    private const string SosPrefix = "Sos ";

    /// <summary>The access token of a request. Never from its address: addresses are logged, kept and passed on.</summary>
    public static ReadOnlyMemory<char>? Bearer(HttpRequest request) => After(request, BearerPrefix);

    /// <summary>
    /// The one-time ticket of a request, <c>?ticket=</c> on hubs and event streams, since browsers cannot send a header there; null
    /// where a header says who it is.
    /// </summary>
    public static string? Ticket(HttpRequest request) =>
        IsPush(request.Path) && request.Headers.Authorization.Count == 0 && request.Query["ticket"] is [{ Length: > 0 } ticket] ? ticket : null;

    /// <summary>The SOS credential of a request.</summary>
    public static ReadOnlyMemory<char>? Sos(HttpRequest request) => After(request, SosPrefix);

    /// <summary>True when a request carries anything that may say who asks.</summary>
    public static bool Any(HttpRequest request) => request.Headers.Authorization.Count > 0 || Ticket(request) is not null;

    /// <summary>401 with what is asked for (RFC 6750).</summary>
    public static Task Challenge(HttpContext context)
    {
        var sent = context.Request.Headers.ContainsKey(HeaderNames.Authorization);
        context.Response.Headers.WWWAuthenticate = sent ? "Bearer error=\"invalid_token\"" : "Bearer";
        return new ProblemResult(ProblemKind.Unauthorized).ExecuteAsync(context);
    }

    private static ReadOnlyMemory<char>? After(HttpRequest request, string prefix) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            ? header.AsMemory(prefix.Length).TrimEnd()
            : (ReadOnlyMemory<char>?)null; // a bare null would become an empty text

    private static bool IsPush(PathString path) =>
        path.StartsWithSegments("/ws", StringComparison.Ordinal) || path.Value?.EndsWith("/stream", StringComparison.Ordinal) == true;
}
