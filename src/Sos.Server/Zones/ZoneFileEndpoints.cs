using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Sos.Contracts.Audit;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Zones;

/// <summary>Zones in and out as GeoJSON files.</summary>
internal static class ZoneFileEndpoints
{
    private const int PageLength = 200;
    private const long LongestFile = 64 << 20;

    public static void MapZoneFiles(this RouteGroupBuilder zones)
    {
        var seen = zones.MapGroup("").RequireAuthorization(Policies.User);
        seen.MapGet("/export", Export).WithSummary("All zones of a box, or of the Earth, as one GeoJSON file");
        var staff = zones.MapGroup("").RequireAuthorization(Policies.Staff);
        staff.MapPost("/import", Import).WithSummary("Make zones of a GeoJSON file; features that are none are refused one by one. With Idempotency-Key the same file again makes only what is missing; with Accept: application/x-ndjson the answer tells how far it is, from while the file is read").WithMetadata(new RequestSizeLimitAttribute(LongestFile));
    }

    private static async Task<Results<Ok<ZoneImportReport>, ZoneImportStream, ProblemResult>> Import(
        HttpContext context, CurrentUser staff, ZoneListing listing, TimeProvider time, AuditTrail audit,
        [FromHeader(Name = "Idempotency-Key")] string? key = null, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        Guid? named = null;
        if (key is not null)
        {
            if (!Guid.TryParseExact(key, "D", out var id)) return ProblemResult.Invalid("Idempotency-Key must be a UUID.");
            named = id;
        }

        var import = new ZoneImport(listing, time, draft => ZoneEndpoints.MayDraw(staff, draft.Shape), named);
        if (context.Request.Headers.Accept.ToString().Contains(ZoneImportStream.MediaType, StringComparison.OrdinalIgnoreCase)) return new ZoneImportStream(import, Record);
        if (await import.Read(context.Request.Body, null, context.RequestAborted) is { } whole) return ZoneImportStream.NotRead(whole);
        await Record();
        return TypedResults.Ok(await import.Make());

        Task Record() => audit.Record(staff, AuditAct.ImportedZones, "zones", StaffReason.Or(why, ZoneEndpoints.Usual), $"{import.Zones} zones");
    }

    private static async Task<Results<ZoneListResult, ProblemResult>> Export(ZoneListing listing, string? bbox = null)
    {
        var box = BoundingBox.Earth;
        if (bbox is not null && !BoundingBox.TryRead(bbox, out box)) return ProblemResult.Invalid("bbox must be west,south,east,north in degrees.");
        if (await listing.Page(box, null, 1) is null) return ProblemResult.Invalid("The box is too large to be looked through; ask for a smaller one.");
        return new ZoneListResult(All(listing, box));
    }

    private static async IAsyncEnumerable<Zone> All(ZoneListing listing, GeoBounds box, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Guid? after = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await listing.Page(box, after, PageLength);
            foreach (var zone in page?.Zones ?? []) yield return zone;
            after = page?.Next;
        }
        while (after is not null);
    }
}
