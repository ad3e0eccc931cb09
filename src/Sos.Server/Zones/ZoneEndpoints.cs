using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Zones;

/// <summary>Zones on the map: everybody signed in sees them, staff draws, imports and removes those of its areas.</summary>
internal static class ZoneEndpoints
{
    private const int UsualPage = 100;
    private const int LongestPage = 200;
    /// <summary>The reason where none is given.</summary>
    internal const string Usual = "keeping the zones up to date";


    public static RouteGroupBuilder MapZones(this IEndpointRouteBuilder routes)
    {
        var zones = routes.MapGroup("/zones").WithTags("Zones");
        var seen = zones.MapGroup("").RequireAuthorization(Policies.User);
        seen.MapGet("", List).WithSummary("Zones in a box (bbox=west,south,east,north), as GeoJSON");
        seen.MapGet("/{id:guid}", Show).WithSummary("A zone, as a GeoJSON feature");
        var staff = zones.MapGroup("").RequireAuthorization(Policies.Staff);
        staff.MapPost("", Draw).WithSummary("Draw a zone: a GeoJSON feature, a point with radiusMeters being a circle and a line a corridor");
        staff.MapPut("/{id:guid}", Change).WithSummary("Make a zone what the feature says");
        staff.MapDelete("/{id:guid}", Remove).WithSummary("Take a zone away");
        zones.MapZoneFiles();
        return zones;
    }

    private static async Task<Results<ZoneListResult, ProblemResult>> List(HttpContext context, ZoneListing listing, string? bbox = null, string? cursor = null, string? limit = null)
    {
        if (bbox is null || !BoundingBox.TryRead(bbox, out var box)) return ProblemResult.Invalid("bbox must be west,south,east,north in degrees.");
        if (!QueryNumbers.TryWhole(limit, UsualPage, 1, LongestPage, out var most)) return ProblemResult.Invalid($"limit must be 1 to {LongestPage}.");
        Guid? after = null;
        if (cursor is not null)
        {
            if (!Guid.TryParse(cursor, out var id)) return ProblemResult.Invalid("cursor must be one that was answered before.");
            after = id;
        }

        if (await listing.Page(box, after, (int)most) is not { } page) return ProblemResult.Invalid("The box is too large to be looked through; ask for a smaller one.");
        // The same for everybody, and old for 5 minutes at most; the next page and the map of one who draws are not.
        context.Response.Headers.CacheControl = "private, max-age=300";
        return new ZoneListResult(page.Zones.ToAsyncEnumerable(), page.Next);
    }

    private static async Task<Results<ZoneResult, ProblemResult>> Show(Guid id, IGrainFactory grains) =>
        await grains.GetGrain<IZoneGrain>(id).Read() is { } zone ? new ZoneResult(zone) : ProblemResult.NotFound;

    private static async Task<Results<ZoneResult, ProblemResult>> Draw(
        [FromBody] JsonElement feature, CurrentUser staff, IGrainFactory grains, TimeProvider time, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (Drawn(feature, staff, out var draft) is { } problem) return problem;
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await audit.Record(staff, AuditAct.ChangedZone, $"zone/{id}", StaffReason.Or(why, Usual), $"drawn, risk {draft.Risk}");
        return Answered(await grains.GetGrain<IZoneGrain>(id).Put(draft), StatusCodes.Status201Created);
    }

    private static async Task<Results<ZoneResult, ProblemResult>> Change(
        Guid id, [FromBody] JsonElement feature, CurrentUser staff, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (Drawn(feature, staff, out var draft) is { } problem) return problem;
        if (await grains.GetGrain<IZoneGrain>(id).Read() is not { } before) return ProblemResult.NotFound;
        if (!MayDraw(staff, before.Draft.Shape)) return new ProblemResult(ProblemKind.Forbidden);
        await audit.Record(staff, AuditAct.ChangedZone, $"zone/{id}", StaffReason.Or(why, Usual), $"risk {before.Draft.Risk} to {draft.Risk}");
        return Answered(await grains.GetGrain<IZoneGrain>(id).Change(draft with { Source = before.Draft.Source }), StatusCodes.Status200OK);
    }

    private static async Task<Results<NoContent, ProblemResult>> Remove(
        Guid id, CurrentUser staff, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (await grains.GetGrain<IZoneGrain>(id).Read() is not { } zone) return ProblemResult.NotFound;
        if (!MayDraw(staff, zone.Draft.Shape)) return new ProblemResult(ProblemKind.Forbidden);
        await audit.Record(staff, AuditAct.RemovedZone, $"zone/{id}", StaffReason.Or(why, Usual));
        await grains.GetGrain<IZoneGrain>(id).Remove();
        return TypedResults.NoContent();
    }

    private static ProblemResult? Drawn(JsonElement feature, CurrentUser staff, out ZoneDraft draft)
    {
        var item = ZoneGeoJsonReader.ReadFeature(feature);
        draft = item.Draft is { } read ? read with { Source = ZoneSource.Drawn } : null!;
        if (item.Fault is { } fault) return ProblemResult.Invalid($"{fault.Code}: {fault.Detail}");
        return MayDraw(staff, draft.Shape) ? null : new ProblemResult(ProblemKind.Forbidden);
    }

    /// <summary>An operator draws where she works: every area that the zone touches is hers.</summary>
    internal static bool MayDraw(CurrentUser staff, ZoneShape shape)
    {
        var seen = staff.SeenAreas;
        return seen.Contains("*") || ZoneListing.AreasOf(shape) is { } areas && areas.All(seen.Contains);
    }

    private static Results<ZoneResult, ProblemResult> Answered(ZoneOutcome outcome, int status) => outcome.Refusal switch
    {
        ZoneRefusal.None => new ZoneResult(outcome.Zone!, status),
        ZoneRefusal.CellFull => ProblemResult.Invalid("There are too many zones in this place already."),
        _ => ProblemResult.NotFound,
    };
}
