using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Audit;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Responders;
using Sos.Server.Audit;
using Sos.Server.Hosting;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Responders;

/// <summary>Who becomes a responder: a person applies, administrators vouch for her, each another one; suspension counts at once.</summary>
internal static class VettingEndpoints
{
    private const string ApprovalsSetting = ResponderOptions.Section + ":" + nameof(ResponderOptions.Approvals);
    private const int LongestReason = 500;

    /// <summary>One administrator alone admits responders in Development only, where the demo, tests and simulators make them.</summary>
    /// <exception cref="StartupException">One approval is asked for outside Development.</exception>
    public static WebApplicationBuilder AddVetting(this WebApplicationBuilder builder)
    {
        var set = builder.Configuration[ApprovalsSetting];
        if (builder.Environment.IsDevelopment()) builder.Configuration[ApprovalsSetting] = set ?? "1";
        else if (set?.Trim() == "1") throw new StartupException($"{ApprovalsSetting}=1 lets one administrator make responders alone and works in Development only; remove the setting.");
        return builder;
    }

    public static void MapVetting(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/responders/me/application").WithTags("Responders").RequireAuthorization(Policies.User);
        mine.MapGet("", ShowMine).WithSummary("My clearance as a responder and my application");
        mine.MapPost("", Apply).WithSummary("Ask to be a responder, or to have my clearance renewed or changed");
        mine.MapDelete("", Withdraw).WithSummary("Take my application back");

        var admin = routes.MapGroup("/admin/responders").WithTags("Administration").RequireAuthorization(Policies.Admin);
        admin.MapGet("/applications", List).WithSummary("Who waits to be vetted");
        admin.MapGet("/{id:guid}/application", Show).WithSummary("A person's clearance and application");
        admin.MapPost("/{id:guid}", Clear).WithSummary("Vouch for an applicant after checking identity and credentials, or suspend a responder at once");
        admin.MapPost("/{id:guid}/refusal", Refuse).WithSummary("Refuse an application");
    }

    private static async Task<Ok<VettingStanding>> ShowMine(CurrentUser user, IGrainFactory grains, IOptions<ResponderOptions> options) =>
        TypedResults.Ok(VettingStanding.Of(await Vetting(grains, user.Id).View(), options.Value, toStaff: false));

    private static async Task<Results<Ok<VettingStanding>, ProblemResult>> Apply(ApplicationRequest request, CurrentUser user, IGrainFactory grains, IOptions<ResponderOptions> options)
    {
        if (!request.TryRead(out var draft, out var problem)) return problem;
        if (await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return TypedResults.Ok(VettingStanding.Of(await Vetting(grains, user.Id).Apply(draft), options.Value, toStaff: false));
    }

    private static async Task<NoContent> Withdraw(CurrentUser user, IGrainFactory grains)
    {
        await Vetting(grains, user.Id).Withdraw();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ApplicantList>, ProblemResult>> List(
        CurrentUser admin, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        await audit.Record(admin, AuditAct.ViewedApplication, "applications", reason);
        var applicants = await grains.GetGrain<IVettingIndexGrain>(IVettingIndexGrain.Key).List();
        return TypedResults.Ok(new ApplicantList([.. applicants.Select(a => new ApplicantEntry(a.User, a.At))]));
    }

    private static async Task<Results<Ok<VettingStanding>, ProblemResult>> Show(
        Guid id, CurrentUser admin, IGrainFactory grains, IOptions<ResponderOptions> options, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IUserGrain>(id).Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ViewedApplication, $"user/{id}", reason);
        return TypedResults.Ok(VettingStanding.Of(await Vetting(grains, id).View(), options.Value, toStaff: true));
    }

    private static async Task<Results<Ok<ResponderAccount>, Accepted<VettingStanding>, ProblemResult>> Clear(
        Guid id, ClearanceRequest request, CurrentUser admin, IGrainFactory grains, SessionChecks sessions, IOptions<ResponderOptions> options, AuditTrail audit,
        [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (!new ApplicationRequest(request.Capabilities, request.DisplayName, []).TryRead(out var read, out var problem)) return problem;
        if (await grains.GetGrain<IUserGrain>(id).Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ChangedResponder, $"user/{id}", reason, $"cleared={request.Cleared} capabilities={read.Capabilities} until={request.ValidUntil:O} revision={request.Revision}");
        if (!request.Cleared) await Suspend(id, admin, reason, grains);
        else
        {
            var outcome = await Vetting(grains, id).Approve(new Approval(admin.Id, read.Capabilities, read.DisplayName, request.ValidUntil?.ToUniversalTime(), request.Revision));
            if (Refused(outcome.Refusal) is { } refused) return refused;
            if (outcome.View.Application is not null) return TypedResults.Accepted((string?)null, VettingStanding.Of(outcome.View, options.Value, toStaff: true));
        }

        sessions.Doubt(id);
        return await grains.GetGrain<IResponderGrain>(id).View() is { } view ? TypedResults.Ok(ResponderAccount.Of(view)) : ProblemResult.NotFound;
    }

    // First she can take nothing new, then what she holds goes to others; the same request again does what a kill in between has left.
    private static async Task Suspend(Guid id, CurrentUser admin, string reason, IGrainFactory grains)
    {
        await Vetting(grains, id).Suspend();
        var words = $"suspended: {reason}";
        foreach (var alert in await grains.GetGrain<IResponderGrain>(id).Held())
        {
            await grains.GetGrain<IAlertGrain>(alert).Direct(
                new StaffCommand(admin.Id, ["*"], StaffMove.Unassign, id, words.Length > LongestReason ? words[..LongestReason] : words, null, null));
        }
    }

    private static async Task<Results<Ok<VettingStanding>, ProblemResult>> Refuse(
        Guid id, CurrentUser admin, IGrainFactory grains, IOptions<ResponderOptions> options, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IUserGrain>(id).Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.RefusedApplication, $"user/{id}", reason);
        var outcome = await Vetting(grains, id).Refuse(admin.Id);
        return Refused(outcome.Refusal) is { } refused ? refused : TypedResults.Ok(VettingStanding.Of(outcome.View, options.Value, toStaff: true));
    }

    private static ProblemResult? Refused(VettingRefusal refusal) => refusal switch
    {
        VettingRefusal.None => null,
        VettingRefusal.NoApplication => new ProblemResult(ProblemKind.NoApplication),
        VettingRefusal.OwnApplication or VettingRefusal.SameAdmin => new ProblemResult(ProblemKind.OtherAdministratorNeeded),
        VettingRefusal.Stale => new ProblemResult(ProblemKind.StaleVersion),
        VettingRefusal.NotAppliedFor => ProblemResult.Invalid("capabilities must be among those applied for."),
        _ => ProblemResult.Invalid("validUntil must lie ahead, and no further than the service allows."),
    };

    private static IVettingGrain Vetting(IGrainFactory grains, Guid user) => grains.GetGrain<IVettingGrain>(user);
}
