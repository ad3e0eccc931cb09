using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Responders;

/// <summary>A responder's own duty, position and inbox; staff's search for responders near a place.</summary>
internal static class ResponderEndpoints
{
    private const int MostCapacity = 10;
    private const int MostResponders = 200;
    private const double LongestRadius = 50_000;

    public static RouteGroupBuilder MapResponders(this IEndpointRouteBuilder routes)
    {
        var responders = routes.MapGroup("/responders").WithTags("Responders");
        var staff = responders.MapGroup("").RequireAuthorization(Policies.Staff);
        staff.MapGet("", Nearby).WithSummary("Responders on duty within a radius, nearest first");
        var me = responders.MapGroup("/me").RequireAuthorization(Policies.Responder);
        me.MapGet("", Show).WithSummary("My duty, capabilities and capacity");
        me.MapPut("", Change).WithSummary("Go on or off duty, change capacity or transport");
        me.MapPost("/position", Report).WithSummary("Say where I am and that I am there; without a position a heartbeat");
        me.MapGet("/inbox", Inbox).WithSummary("What I have been asked and told, after a sequence number");
        return responders;
    }

    private static async Task<Results<Ok<NearbyResponders>, ProblemResult>> Nearby(
        string? latitude, string? longitude, string? radiusMetres, string? limit, CurrentUser staff, NearbySearch search, IGrainFactory grains, AuditTrail audit,
        [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!new NearbyRequest(latitude, longitude, radiusMetres, limit).TryRead(LongestRadius, MostResponders, out var centre, out var radius, out var most, out var problem)) return problem;
        var found = await search.Find(centre, radius, MostResponders);
        var seen = staff.SeenAreas;
        var hits = found.Hits.Where(hit => seen.Contains("*") || seen.Contains(AreaId.Of(hit.Entry.Point).Value)).Take(most).ToList();
        var views = await Task.WhenAll(hits.Select(hit => grains.GetGrain<IResponderGrain>(hit.Entry.Person).View()));
        var items = hits.Zip(views).Where(pair => pair.Second is not null).Select(pair => NearbyResponder.Of(pair.First, pair.Second!)).ToList();
        await audit.Record(staff, AuditAct.ViewedResponders, $"area/{AreaId.Of(centre)}", StaffReason.Or(why, StaffReason.AtTheBoard), $"{items.Count} responders");
        return TypedResults.Ok(new NearbyResponders(items, found.WarmingCells));
    }

    private static async Task<Results<Ok<ResponderAccount>, ProblemResult>> Show(CurrentUser user, IGrainFactory grains) =>
        await grains.GetGrain<IResponderGrain>(user.Id).View() is { } view ? TypedResults.Ok(ResponderAccount.Of(view)) : ProblemResult.NotFound;

    private static async Task<Results<Ok<ResponderAccount>, ProblemResult>> Change(DutyRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (request.Capacity is < 1 or > MostCapacity) return ProblemResult.Invalid($"capacity must be 1 to {MostCapacity}.");
        if (request.OnDuty == true && await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        var outcome = await grains.GetGrain<IResponderGrain>(user.Id).SetDuty(new DutyChange(request.OnDuty, request.Capacity, request.Transport));
        return outcome.View is { } view ? TypedResults.Ok(ResponderAccount.Of(view)) : new ProblemResult(ProblemKind.NotCleared);
    }

    private static async Task<Results<Accepted, ProblemResult>> Report(HeartbeatRequest request, CurrentUser user, IGrainFactory grains, TimeProvider time)
    {
        if (!request.TryRead(time.GetUtcNow(), out var report, out var problem)) return problem;
        // One older than what is known changes nothing, and a device that sends it again would gain nothing: it is taken as said.
        return await grains.GetGrain<IResponderGrain>(user.Id).Report(report) == ReportOutcome.OffDuty
            ? new ProblemResult(ProblemKind.OffDuty, "Go on duty first: PUT /responders/me {\"onDuty\": true}.")
            : TypedResults.Accepted((string?)null);
    }

    private static async Task<Results<Ok<InboxPage>, ProblemResult>> Inbox(string? after, CurrentUser user, IGrainFactory grains)
    {
        if (!QueryNumbers.TryWhole(after, 0, 0, long.MaxValue, out var seq)) return ProblemResult.Invalid("after must be a sequence number, 0 or more.");
        var items = await grains.GetGrain<IResponderGrain>(user.Id).Inbox(seq);
        return TypedResults.Ok(new InboxPage(items, items.Length == 0 ? seq : items[^1].Seq));
    }
}
