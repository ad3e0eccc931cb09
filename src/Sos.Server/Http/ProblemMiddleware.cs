using System.Text.Json;
using Orleans.Runtime;
using Sos.Server.Audit;
using Sos.Server.Hosting;

namespace Sos.Server.Http;

/// <summary>
/// Turns exceptions and bare error statuses into problems, in one place, and sets the headers that every answer carries.
/// A command that was not answered in time has an unknown outcome: 503 with Retry-After, since every command may be repeated.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>Seconds after which a client may send the same request again.</summary>
    private const string RetryAfter = "1";

    /// <summary>ENOSPC, as .NET hands it on from files.</summary>
    private const int NoSpaceOnDevice = 28;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    public async Task InvokeAsync(HttpContext context)
    {
        SecurityHeaders.Set(context.Response.Headers);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody reads an answer.
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            await Answer(context, exception);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && response.ContentLength is null or 0)
            await new ProblemResult(ProblemKind.ForStatus(response.StatusCode)).ExecuteAsync(context);
    }

    /// <summary>The problem that an exception is answered with.</summary>
    internal static ProblemKind KindOf(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException } => ProblemKind.BadJson,
        BadHttpRequestException bad => ProblemKind.ForStatus(bad.StatusCode),
        JsonException => ProblemKind.BadJson,
        AuditUnavailableException => ProblemKind.AuditUnavailable,
        _ when SosSilo.IsStoreFull(exception) => ProblemKind.StoreFull,
        IOException { HResult: NoSpaceOnDevice or DiskFullOnWindows } => ProblemKind.StoreFull,
        TimeoutException or SiloUnavailableException or OrleansMessageRejectionException => ProblemKind.Unavailable,
        OrleansException { InnerException: TimeoutException } => ProblemKind.Unavailable,
        _ => ProblemKind.Internal,
    };

    private Task Answer(HttpContext context, Exception exception)
    {
        var kind = KindOf(exception);
        // The route's pattern, never its path: a path may hold a phone number.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        if (kind == ProblemKind.Internal) LogFailed(exception, context.Request.Method, route);
        else if (kind.Status >= 500) LogUnavailable(context.Request.Method, route, kind.Slug, exception.GetType().Name);

        if (kind.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage) context.Response.Headers.RetryAfter = RetryAfter;
        return new ProblemResult(kind, DetailOf(exception)).ExecuteAsync(context);
    }

    /// <summary>Where the JSON is wrong: the path of the member, never its value.</summary>
    private static string? DetailOf(Exception exception) =>
        (exception as JsonException ?? exception.InnerException as JsonException) is { Path: { Length: > 1 } path } ? $"At {path}." : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed")]
    private partial void LogFailed(Exception exception, string method, string route);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Route} answered {Slug} ({Exception})")]
    private partial void LogUnavailable(string method, string route, string slug, string exception);
}
