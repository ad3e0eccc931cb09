using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Sos.Contracts.Alerts;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>
/// The doors for devices that speak protocols of their own. The token is in the address or the Authorization header, as each client can send it, and opens nothing else.
/// </summary>
internal static class IngestEndpoints
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    public static void MapIngest(this IEndpointRouteBuilder routes)
    {
        // Counted in the desk, when it is known whether they call for help.
        var ingest = routes.MapGroup("/ingest").WithTags("Trackers").AllowAnonymous().WithMetadata(TakenAlways.Mark);
        ingest.MapGet("/osmand/{token}", OsmAnd).WithSummary("OsmAnd protocol: lat, lon, timestamp, speed (knots), accuracy, batt; alarm=sos calls for help");
        ingest.MapPost("/osmand/{token}", OsmAnd).WithSummary("OsmAnd protocol as a form, or the JSON of Traccar Client; an alarm \"sos\" calls for help");
        ingest.MapPost("/owntracks", OwnTracks).WithSummary("OwnTracks in HTTP mode, the token as password; the tag or poi \"sos\" calls for help");
        ingest.MapPost("/overland", Overland).WithSummary("A batch of Overland, the token as bearer");
        ingest.MapPost("/overland/{token}", OverlandByAddress).WithSummary("A batch of Overland, the token in the address");
    }

    private static async Task<Results<Ok<IngestAnswer>, ProblemResult>> OsmAnd(string token, HttpContext context, IngestDesk desk, TimeProvider time)
    {
        if (desk.Refuse(token, context, out var known) is { } refused) return refused;
        var body = await IngestBody.Read(context);
        var message = OsmAndReader.Read(context.Request.QueryString.Value, context.Request.ContentType, body.Bytes.Span, time.GetUtcNow());
        var intake = await desk.Take(known!, message, body.IsCut, context);
        return intake.Refusal is { } refusal ? refusal : TypedResults.Ok(new IngestAnswer(intake.Alert?.Id, Word(intake.Alert), message.Problem));
    }

    private static async Task<Results<Ok<IReadOnlyList<OwnTracksMessage>>, ProblemResult>> OwnTracks(HttpContext context, IngestDesk desk, ZoneWaypoints waypoints, OwnTracksFriends friends, TimeProvider time)
    {
        if (desk.Refuse(Password(context.Request), context, out var known) is { } refused) return refused;
        var body = await IngestBody.Read(context);
        var message = OwnTracksReader.Read(body.Bytes.Span, time.GetUtcNow());
        var intake = await desk.Take(known!, message, body.IsCut, context);
        if (intake.Refusal is { } refusal) return refusal;

        // A call for help is answered with nothing else, and waits for nothing else.
        if (intake is not { Tracker: { } tracker, Alert: null } || message.Reports.IsEmpty) return TypedResults.Ok<IReadOnlyList<OwnTracksMessage>>([]);
        var zones = waypoints.Due(known!.Owner, tracker.Id, OwnTracksCommand.Forgets(context.Request.Headers.UserAgent.ToString()));
        var shown = friends.Due(known.Owner, tracker);
        return TypedResults.Ok<IReadOnlyList<OwnTracksMessage>>([.. await zones, .. await shown]);
    }

    private static Task<Results<Ok<OverlandAnswer>, ProblemResult>> Overland(HttpContext context, IngestDesk desk, TimeProvider time) =>
        OverlandByAddress(After(context.Request, Bearer), context, desk, time);

    private static async Task<Results<Ok<OverlandAnswer>, ProblemResult>> OverlandByAddress(string? token, HttpContext context, IngestDesk desk, TimeProvider time)
    {
        if (desk.Refuse(token, context, out var known) is { } refused) return refused;
        var body = await IngestBody.Read(context);
        var message = OverlandReader.Read(body.Bytes, time.GetUtcNow());
        var intake = await desk.Take(known!, message, body.IsCut, context);
        return intake.Refusal is { } refusal ? refusal : TypedResults.Ok(new OverlandAnswer("ok", message.Problem));
    }

    private static string? Word(AlertView? alert) => alert is null ? null : System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(alert.Status.ToString());

    /// <summary>The password of Basic (RFC 7617); whatever stands before it is the device's own name for itself.</summary>
    private static string? Password(HttpRequest request)
    {
        if (After(request, Basic) is not { } text) return null;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length)) return null;
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, { } password] ? password : null;
    }

    private static string? After(HttpRequest request, string scheme) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
}
