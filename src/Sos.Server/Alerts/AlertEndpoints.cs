using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Alerts;

/// <summary>Alerts, as the person in danger and whoever may see them reach them.</summary>
internal static class AlertEndpoints
{
    private const int LongestPage = 200;
    private const int UsualPage = 50;
    private const int LongestReason = 500;

    public static RouteGroupBuilder MapAlerts(this IEndpointRouteBuilder routes)
    {
        var alerts = routes.MapGroup("/alerts").WithTags("Alerts");
        var own = alerts.MapGroup("").RequireAuthorization(Policies.Sos);
        var raising = own.MapGroup("").ForApps(AppScopes.Raise);
        raising.MapPress();
        raising.MapPatch("/{id:guid}", Append).WithSummary("More about my open alert");
        own.MapGet("/{id:guid}", Show).WithSummary("An alert, cut to what the caller may see").ForApps(AppScopes.ReadAlerts);
        own.MapGet("/{id:guid}/events", Events).WithSummary("What happened, after a sequence number").ForApps(AppScopes.ReadAlerts);
        own.MapPost("/{id:guid}/position", Position).WithSummary("Where I am now").ForApps(AppScopes.WritePosition);
        var all = alerts.MapGroup("").RequireAuthorization(Policies.User);
        all.MapGet("", List).WithSummary("My alerts, or (staff) those of an area and day, newest first").ForApps(AppScopes.ReadAlerts);
        all.MapPost("/{id:guid}/cancel", Cancel).WithSummary("Call my alert off").ForApps(AppScopes.Raise);
        all.MapGet("/{id:guid}/track", Track).WithSummary("Where the victim went: staff, and the responder who has accepted");
        var staff = alerts.MapGroup("").RequireAuthorization(Policies.Staff);
        staff.MapGet("/{id:guid}/candidates/{number:int}", Candidates).WithSummary("Who was looked at, scores and reasons");
        alerts.MapMoves();
        alerts.MapAttachments();
        alerts.MapRetention();
        return alerts;
    }

    private static async Task<Results<Ok<AlertList>, ProblemResult>> List(
        CurrentUser user, IGrainFactory grains, TimeProvider time, string? area = null, DateOnly? day = null, string? cursor = null, int limit = UsualPage)
    {
        if (limit is < 1 or > LongestPage) return ProblemResult.Invalid("limit must be 1 to 200.");
        if (cursor is not null && !AlertIndexMark.TryParse(cursor, out _)) return ProblemResult.Invalid("cursor must be one that was answered before.");
        if (area is null && day is not null) return ProblemResult.Invalid("day goes with area.");
        string key;
        if (area is null) key = AlertIndexKeys.OfUser(user.Id);
        else
        {
            if (!AreaId.TryParse(area, out var areaId)) return ProblemResult.Invalid("area must be a geohash of 4 letters, or none.");
            if (!user.IsStaff || !Sees(user.SeenAreas, area)) return new ProblemResult(ProblemKind.Forbidden);
            var start = (day ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
            key = AlertIndexKeys.OfAreaDay(areaId, start);
        }

        return TypedResults.Ok(AlertList.Of(await grains.GetGrain<IAlertIndexGrain>(key).Page(cursor, limit)));
    }

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Show(
        Guid id, AlertCaller caller, IGrainFactory grains, StaffLooks looks, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (await grains.GetGrain<IAlertGrain>(id).View(caller.ToReader()) is not { } view) return ProblemResult.NotFound;
        if (view.Tombstone is not null) return AlertAnswers.Erased;
        return await looks.At(view, caller.User, AuditAct.ViewedAlert, why) is { } refused ? refused : TypedResults.Ok(view);
    }

    private static async Task<Results<Ok<AlertEventPage>, ProblemResult>> Events(
        Guid id, AlertCaller caller, IGrainFactory grains, StaffLooks looks, [FromHeader(Name = StaffReason.Header)] string? why = null, long after = 0, int limit = LongestPage)
    {
        if (after < 0) return ProblemResult.Invalid("after must be 0 or more.");
        if (limit is < 1 or > LongestPage) return ProblemResult.Invalid("limit must be 1 to 200.");
        var (alert, reader) = (grains.GetGrain<IAlertGrain>(id), caller.ToReader());
        if (caller.User.IsStaff && await alert.View(reader) is { Tombstone: null } view && await looks.At(view, caller.User, AuditAct.ViewedAlert, why) is { } refused) return refused;
        if (await alert.Events(reader, after, limit) is not { } page) return ProblemResult.NotFound;
        return page.Erased ? AlertAnswers.Erased : TypedResults.Ok(page);
    }

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Append(
        Guid id, Command<AppendRequest> command, CurrentUser user, IGrainFactory grains, TimeProvider time)
    {
        var (note, kind, position) = command.Body;
        if (note is { Length: > Alerts.Press.MaxNote }) return ProblemResult.Invalid("note takes at most 2000 characters.");
        PositionFix? fix = null;
        if (position is not null && !position.TryRead(time.GetUtcNow(), out fix, out var problem)) return problem;
        return AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Append(new AppendCommand(user.Id, fix, note, kind, IsPress: false, command.Key)));
    }

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Position(
        Guid id, Command<Geo.PositionRequest> command, CurrentUser user, IGrainFactory grains, TimeProvider time) =>
        command.Body.TryRead(time.GetUtcNow(), out PositionFix? fix, out var problem)
            ? AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Append(new AppendCommand(user.Id, fix, null, null, IsPress: false, command.Key)))
            : problem;

    private static async Task<Results<Ok<AlertView>, ProblemResult>> Cancel(Guid id, Command<CancelRequest> command, CurrentUser user, IGrainFactory grains) =>
        command.Body.Reason is { Length: > LongestReason }
            ? ProblemResult.Invalid("reason takes at most 500 characters.")
            : AlertAnswers.Of(await grains.GetGrain<IAlertGrain>(id).Cancel(new CancelCommand(user.Id, command.Body.Reason, command.Key)));

    private static async Task<Results<Ok<CandidateSet>, ProblemResult>> Candidates(
        Guid id, int number, CurrentUser user, IGrainFactory grains, StaffLooks looks, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        // Staff of the area only, and only numbers that exist become grain keys.
        var view = await grains.GetGrain<IAlertGrain>(id).View(AlertCaller.ReaderOf(user));
        if (view is { Staff: not null, Tombstone: not null }) return AlertAnswers.Erased;
        if (view?.Staff is not { } staff || number < 1 || number > staff.CandidateSets) return ProblemResult.NotFound;
        if (await looks.At(view, user, AuditAct.ViewedCandidates, why) is { } refused) return refused;
        return await grains.GetGrain<ICandidateSetGrain>(CandidateSet.KeyOf(id, number)).Read() is { } set ? TypedResults.Ok(set) : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<TrackView>, ProblemResult>> Track(
        Guid id, CurrentUser user, IGrainFactory grains, StaffLooks looks, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        var view = await grains.GetGrain<IAlertGrain>(id).View(AlertCaller.ReaderOf(user));
        if (view?.Standing is not (AlertStanding.Staff or AlertStanding.Rescuer)) return ProblemResult.NotFound;
        if (view.Tombstone is not null) return AlertAnswers.Erased;
        if (await looks.At(view, user, AuditAct.ViewedTrack, why) is { } refused) return refused;
        var fixes = ImmutableArray.CreateBuilder<PositionFix>();
        for (var segment = 0; await grains.GetGrain<ITrackGrain>(ITrackGrain.KeyOf(id, segment)).Read() is { Length: > 0 } part; segment++) fixes.AddRange(part);
        return TypedResults.Ok(new TrackView(fixes.ToImmutable()));
    }

    private static bool Sees(ImmutableArray<string> areas, string area) => area == AreaId.None.Value || areas.Contains("*") || areas.Contains(area);
}
