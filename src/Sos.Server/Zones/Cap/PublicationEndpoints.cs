using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Zones.Cap;

/// <summary>Warnings of this deployment for everybody: zones that staff has marked, as CAP 1.2. Of people and their alerts nothing comes here.</summary>
internal static class PublicationEndpoints
{
    /// <summary>The path of a message without its zone's id.</summary>
    internal const string Path = "/api/v1/cap/";

    private const int LongestInstruction = 500;
    private const string FeedType = "application/atom+xml";

    public static void MapPublications(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/zones/{id:guid}/publication").WithTags("Zones").RequireAuthorization(Policies.Staff);
        staff.MapPut("", Publish).WithSummary("Publish a zone as a warning for everybody, or as a drill; what becomes of the zone follows by itself");
        staff.MapDelete("", Withdraw).WithSummary("End the warning by a cancellation");
        var everybody = routes.MapGroup("/cap").WithTags("Zones").AllowAnonymous();
        everybody.MapGet("/feed", Feed).WithSummary("The warnings of this deployment, an Atom feed with a link to each").Produces(StatusCodes.Status200OK, contentType: FeedType);
        everybody.MapGet("/{id:guid}", Read).WithSummary("The newest message about a published zone, CAP 1.2").Produces(StatusCodes.Status200OK, contentType: WarningEndpoints.MediaType);
    }

    private static async Task<Results<Ok<PublicationView>, ProblemResult>> Publish(
        Guid id, PublicationRequest request, CurrentUser staff, IGrainFactory grains, CapBulletin bulletin, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        var instruction = request.Instruction?.Trim();
        if (instruction is not null && (instruction.Length is 0 or > LongestInstruction || instruction.Any(char.IsControl))) return ProblemResult.Invalid($"instruction must have 1 to {LongestInstruction} characters.");
        if (await grains.GetGrain<IZoneGrain>(id).Read() is not { } zone) return ProblemResult.NotFound;
        if (!ZoneEndpoints.MayDraw(staff, zone.Draft.Shape)) return new ProblemResult(ProblemKind.Forbidden);
        if (bulletin.Obstacle(zone.Draft) is { } obstacle) return ProblemResult.Invalid($"This zone cannot be published. {obstacle}");
        await audit.Record(staff, AuditAct.PublishedZone, $"zone/{id}", StaffReason.Or(why, ZoneEndpoints.Usual), $"{request.Category}{(request.Exercise ? ", a drill" : "")}");
        var newest = await grains.GetGrain<ICapPublicationGrain>(id).Publish(new CapMark(request.Category, request.Exercise, instruction), zone);
        bulletin.Renew();
        return newest is null
            ? new ProblemResult(ProblemKind.IllegalMove, "A drill does not become true, and the reverse: withdraw it first. Or there are as many warnings as can be published.")
            : TypedResults.Ok(PublicationView.Of(id, newest));
    }

    private static async Task<Results<NoContent, ProblemResult>> Withdraw(
        Guid id, CurrentUser staff, IGrainFactory grains, CapBulletin bulletin, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (await grains.GetGrain<IZoneGrain>(id).Read() is not { } zone) return ProblemResult.NotFound;
        if (!ZoneEndpoints.MayDraw(staff, zone.Draft.Shape)) return new ProblemResult(ProblemKind.Forbidden);
        await audit.Record(staff, AuditAct.WithdrewZone, $"zone/{id}", StaffReason.Or(why, ZoneEndpoints.Usual));
        await grains.GetGrain<ICapPublicationGrain>(id).Withdraw();
        bulletin.Renew();
        return TypedResults.NoContent();
    }

    private static async Task<FileContentHttpResult> Feed(HttpContext context, CapBulletin bulletin) => Tagged(context, await bulletin.Feed(Path, context.RequestAborted), FeedType);

    private static async Task<Results<FileContentHttpResult, ProblemResult>> Read(Guid id, HttpContext context, CapBulletin bulletin) =>
        await bulletin.Message(id) is { } message ? Tagged(context, message, WarningEndpoints.MediaType) : ProblemResult.NotFound;

    private static FileContentHttpResult Tagged(HttpContext context, byte[] bytes, string type)
    {
        context.Response.Headers.CacheControl = "public, max-age=30";
        return TypedResults.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\""));
    }
}
