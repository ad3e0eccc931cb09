using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Sos.Contracts.Audit;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Zones;

/// <summary>Zones in and out as GeoJSON files.</summary>
internal static class ZoneFileEndpoints
{
    private const int PageLength = 200;
    private const int MostFaults = 200;
    private const long LongestFile = 64 << 20;

    public static void MapZoneFiles(this RouteGroupBuilder zones)
    {
        var seen = zones.MapGroup("").RequireAuthorization(Policies.User);
        seen.MapGet("/export", Export).WithSummary("All zones of a box, or of the Earth, as one GeoJSON file");
        var staff = zones.MapGroup("").RequireAuthorization(Policies.Staff);
        staff.MapPost("/import", Import).WithSummary("Make zones of a GeoJSON file; features that are none are refused one by one").WithMetadata(new RequestSizeLimitAttribute(LongestFile));
    }

    private static async Task<Results<Ok<ZoneImportReport>, ProblemResult>> Import(
        HttpContext context, CurrentUser staff, ZoneListing listing, TimeProvider time, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        var (zones, numbers) = (new List<(Guid Id, ZoneDraft Draft)>(), new List<int>());
        var (faults, refused, mended) = (new List<ZoneFileFault>(), 0, 0);
        await foreach (var item in ZoneGeoJsonReader.Read(context.Request.Body, new ZoneFileLimits(), context.RequestAborted))
        {
            if (item is { Fault: { Feature: 0 } whole }) return ProblemResult.Invalid($"{whole.Code}: {whole.Detail} Nothing was imported.");
            if (item.Draft is { } draft && ZoneEndpoints.MayDraw(staff, draft.Shape))
            {
                zones.Add((Guid.CreateVersion7(time.GetUtcNow()), draft));
                numbers.Add(item.Feature);
                if (item.Repairs != 0) mended++;
            }
            else Refuse(item.Fault ?? new ZoneFileFault(item.Feature, "not-your-area", "It lies outside your areas."));
        }

        await audit.Record(staff, AuditAct.ImportedZones, "zones", StaffReason.Or(why, ZoneEndpoints.Usual), $"{zones.Count} zones");
        var outcomes = await listing.Make(zones);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Refusal != ZoneRefusal.None) Refuse(new ZoneFileFault(numbers[i], "cell-full", $"\"{zones[i].Draft.Name}\" lies where there are too many zones already."));
        }

        return TypedResults.Ok(new ZoneImportReport(outcomes.Count(outcome => outcome.Refusal == ZoneRefusal.None), mended, refused, faults));

        void Refuse(ZoneFileFault fault)
        {
            refused++;
            if (faults.Count < MostFaults) faults.Add(fault);
        }
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
