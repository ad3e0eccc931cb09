using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Zones.Cap;

/// <summary>Official warnings (CAP 1.2): for staff that sees every area, since a warning keeps to none.</summary>
internal static class WarningEndpoints
{
    /// <summary>The media type of a message.</summary>
    public const string MediaType = "application/cap+xml";

    private const string Usual = "keeping the official warnings up to date";
    private const string Uploaded = "upload";
    private const int UsualPage = 50;
    private const int LongestPage = 200;
    private static readonly string[] Taken = [MediaType, "application/xml", "text/xml"];

    public static RouteGroupBuilder MapWarnings(this IEndpointRouteBuilder routes)
    {
        var staff = routes.MapGroup("/admin/cap").WithTags("Zones").RequireAuthorization(Policies.Staff);
        staff.MapPost("", Take).WithSummary("Take an official warning: a CAP 1.2 message, whose polygons and circles become zones that expire").WithMetadata(new RequestSizeLimitAttribute(new CapLimits().LongestMessage))
            .AddOpenApiOperationTransformer(static (operation, _, _) =>
            {
                // As metadata of the route it would be refused before it is known who asks, and with another answer.
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = Taken.ToDictionary(type => type, static _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } }) };
                return Task.CompletedTask;
            });
        staff.MapGet("", List).WithSummary("The official warnings, newest first");
        staff.MapGet("/feeds", Feeds).WithSummary("How the feeds of official warnings are: when each answered last, and why it does not");
        staff.MapDelete("/{id:guid}", Remove).WithSummary("Take a warning away with its zones; the same message again does not bring it back");
        return staff;
    }

    private static async Task<Results<Ok<WarningReceipt>, ProblemResult>> Take(
        HttpContext context, CurrentUser staff, CapIntake intake, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!SeesAll(staff)) return new ProblemResult(ProblemKind.Forbidden);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !Taken.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase) || context.Request.Headers.ContentEncoding.Count > 0)
            return new ProblemResult(ProblemKind.MediaRefused, $"This route takes {string.Join(", ", Taken)}.");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var decision = intake.Read(body.GetBuffer().AsSpan(0, (int)body.Length), Uploaded);
        if (decision.Refusal is { } refusal) return ProblemResult.Invalid($"{refusal.Code} at {refusal.Path}: {refusal.Detail} Nothing was taken.");
        if (decision.Warning is not { } warning) return TypedResults.Ok(new WarningReceipt("ignored", decision.Ignored, null, 0, 0, []));
        await audit.Record(staff, AuditAct.TookWarning, $"warning/{CapKeys.Of(warning.Name)}", StaffReason.Or(why, Usual), $"{warning.Type}, {warning.Zones.Length} zones, ends {warning.References.Length}");
        return await intake.Take(warning) is var taken and not CapTaken.Full
            ? TypedResults.Ok(new WarningReceipt(taken.ToString().ToLowerInvariant(), null, CapKeys.Of(warning.Name), taken == CapTaken.Superseded ? 0 : warning.Zones.Length, warning.References.Length, warning.Faults))
            : ProblemResult.Invalid("There are as many warnings as can be kept.");
    }

    private static async Task<Results<Ok<WarningPage>, ProblemResult>> List(
        CurrentUser staff, CapListing listing, AuditTrail audit, string? cursor = null, string? limit = null, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!SeesAll(staff)) return new ProblemResult(ProblemKind.Forbidden);
        if (!QueryNumbers.TryWhole(limit, UsualPage, 1, LongestPage, out var most)) return ProblemResult.Invalid($"limit must be 1 to {LongestPage}.");
        Guid? before = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(cursor, out var id)) return ProblemResult.Invalid("cursor must be one that was answered before.");
            before = id;
        }

        await audit.Record(staff, AuditAct.ViewedWarnings, "warnings", StaffReason.Or(why, Usual));
        var page = await listing.Page(before, (int)most);
        return TypedResults.Ok(new WarningPage([.. page.Warnings.Select(WarningItem.Of)], page.Next));
    }

    private static async Task<Results<Ok<WarningFeeds>, ProblemResult>> Feeds(
        CurrentUser staff, IGrainFactory grains, IOptions<CapOptions> options, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!SeesAll(staff)) return new ProblemResult(ProblemKind.Forbidden);
        await audit.Record(staff, AuditAct.ViewedWarnings, "warnings/feeds", StaffReason.Or(why, Usual));
        return TypedResults.Ok(new WarningFeeds(await Task.WhenAll(options.Value.Feeds.Select(feed => grains.GetGrain<ICapFeedGrain>(feed.Name).Read()))));
    }

    private static async Task<Results<NoContent, ProblemResult>> Remove(
        Guid id, CurrentUser staff, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!SeesAll(staff)) return new ProblemResult(ProblemKind.Forbidden);
        if (await grains.GetGrain<ICapAlertGrain>(id).Read() is null) return ProblemResult.NotFound;
        await audit.Record(staff, AuditAct.RemovedWarning, $"warning/{id}", StaffReason.Or(why, Usual));
        await grains.GetGrain<ICapAlertGrain>(id).Remove();
        return TypedResults.NoContent();
    }

    private static bool SeesAll(CurrentUser staff) => staff.SeenAreas.Contains("*");
}
