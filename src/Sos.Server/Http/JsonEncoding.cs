using Microsoft.Net.Http.Headers;

namespace Sos.Server.Http;

/// <summary>
/// JSON on the wire is UTF-8 (RFC 8259, 8.1). A body that declares another encoding, or one that nobody knows, is refused before it is read; the
/// press of the SOS button is read whatever it declares.
/// </summary>
internal static class JsonEncoding
{
    /// <summary>Adds the refusal, after routing.</summary>
    public static IApplicationBuilder UseUtf8Json(this IApplicationBuilder app) => app.Use(static (context, next) =>
        DeclaresAnother(context.Request.ContentType) && context.GetEndpoint()?.Metadata.GetMetadata<TakenAlways>() is null
            ? new ProblemResult(ProblemKind.UnsupportedMedia, "JSON is sent as UTF-8.").ExecuteAsync(context)
            : next(context));

    private static bool DeclaresAnother(string? contentType) =>
        contentType?.Contains("charset", StringComparison.OrdinalIgnoreCase) == true
        && MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset.HasValue
        && !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
