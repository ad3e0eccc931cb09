using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sos.Server.Http;

/// <summary>
/// A problem (RFC 9457) as the answer of a handler. It carries nothing of the occurrence but its detail, state and version, so that a
/// stranger's object and a missing one are answered byte for byte alike.
/// </summary>
/// <param name="kind">What kind of problem.</param>
/// <param name="detail">What to do about this occurrence; never personal data.</param>
/// <param name="state">The present state, for conflicts.</param>
/// <param name="version">The present version, for conflicts.</param>
public sealed class ProblemResult(ProblemKind kind, string? detail = null, string? state = null, long? version = null)
    : IResult, IStatusCodeHttpResult, IContentTypeHttpResult, IEndpointMetadataProvider
{
    private const string MediaType = "application/problem+json";

    /// <summary>The kind of problem.</summary>
    public ProblemKind Kind => kind;

    /// <summary>What to do about it; null where the kind says all.</summary>
    public string? Detail => detail;

    int? IStatusCodeHttpResult.StatusCode => kind.Status;

    string? IContentTypeHttpResult.ContentType => MediaType;

    /// <summary>Missing, or not the caller's.</summary>
    public static ProblemResult NotFound { get; } = new(ProblemKind.NotFound);

    /// <summary>A value is out of its range; the detail says which.</summary>
    public static ProblemResult Invalid(string detail) => new(ProblemKind.Invalid, detail);

    /// <summary>Asked too often; sets the header that says when to come back.</summary>
    public static ProblemResult Wait(TimeSpan wait, HttpResponse response)
    {
        response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new ProblemResult(ProblemKind.TooMany);
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = kind.Status;
        response.ContentType = MediaType;
        // A 401 says what is asked for (RFC 9110, 15.5.2).
        if (kind.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0) response.Headers.WWWAuthenticate = "Bearer";
        var body = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type", ProblemKind.TypePrefix + kind.Slug);
            json.WriteString("title", kind.Title);
            json.WriteNumber("status", kind.Status);
            if (detail is not null) json.WriteString("detail", detail);
            if (state is not null) json.WriteString("state", state);
            if (version is { } number) json.WriteNumber("version", number);
            json.WriteEndObject();
        }

        response.ContentLength = body.Length;
        // HEAD has the headers of GET and no body; Kestrel drops what is written.
        return response.Body.WriteAsync(body.GetBuffer(), 0, (int)body.Length, httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(404, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), [MediaType]));
}
