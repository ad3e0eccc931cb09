using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Responders;

namespace Sos.Server.Users;

/// <summary>Administrators manage users and admit responders.</summary>
internal static class AdminUserEndpoints
{
    private const int LongestName = 60;
    private const int MostAreas = 256;
    private const string GeohashLetters = "0123456789bcdefghjkmnpqrstuvwxyz";

    public static RouteGroupBuilder MapAdminUsers(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").WithTags("Administration").RequireAuthorization(Policies.Admin);
        admin.MapGet("/users/{id:guid}", Show).WithSummary("An account");
        admin.MapPatch("/users/{id:guid}", Grant).WithSummary("Change roles, areas or the active flag");
        admin.MapPost("/responders/{id:guid}", Clear).WithSummary("Admit, change or suspend a responder");
        return admin;
    }

    private static async Task<Results<Ok<UserView>, ProblemResult>> Show(
        Guid id, CurrentUser admin, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IUserGrain>(id).Profile() is not { } profile) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ViewedAccount, $"user/{id}", reason);
        return TypedResults.Ok(UserView.Of(profile));
    }

    private static async Task<Results<Ok<UserView>, ProblemResult>> Grant(
        Guid id, GrantRequest request, CurrentUser admin, IGrainFactory grains, SignIns signIns, SessionChecks sessions, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        Roles? roles = null;
        if (request.Roles is not null)
        {
            if (!RoleNames.TryRead(request.Roles, out var read)) return ProblemResult.Invalid("roles are user, responder, operator, admin.");
            roles = read;
        }

        if (request.Areas is { } areas && (areas.Count > MostAreas || !areas.All(IsArea))) return ProblemResult.Invalid("areas are geohash cells of 4 letters, or \"*\".");
        if (id == admin.Id && (request.Active == false || roles is { } own && !own.HasFlag(Roles.Admin)))
            return ProblemResult.Invalid("An administrator cannot take her own role or account away; another one can.");

        var grant = new UserGrant(roles, request.Areas is null ? null : request.Areas.ToImmutableArray(), request.Active);
        var user = grains.GetGrain<IUserGrain>(id);
        if (await user.Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ChangedAccount, $"user/{id}", reason, $"roles={grant.Roles} areas={(grant.Areas is { } to ? string.Join(' ', to) : "")} active={grant.Active}");
        if (await user.Grant(grant) is not { } profile) return ProblemResult.NotFound;
        if (profile.Active) sessions.Doubt(id);
        else await signIns.EndAll(id);
        return TypedResults.Ok(UserView.Of(profile));
    }

    private static async Task<Results<Ok<ResponderAccount>, ProblemResult>> Clear(
        Guid id, ClearanceRequest request, CurrentUser admin, IGrainFactory grains, SessionChecks sessions, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (!CapabilityNames.TryRead(request.Capabilities, out var capabilities)) return ProblemResult.Invalid("capabilities are medical, safety, fire, aed.");
        var name = request.DisplayName.Trim();
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) return ProblemResult.Invalid("displayName must have 1 to 60 characters.");

        var user = grains.GetGrain<IUserGrain>(id);
        if (await user.Profile() is not { } profile) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ChangedResponder, $"user/{id}", reason, $"cleared={request.Cleared} capabilities={capabilities}");
        // Suspended: the responder's own record first, so that she is in no cell whatever comes after. Admitted: the same order is harmless.
        var view = await grains.GetGrain<IResponderGrain>(id).Clear(new ResponderClearance(request.Cleared, capabilities, name));
        var roles = request.Cleared ? profile.Roles | Roles.Responder : profile.Roles & ~Roles.Responder;
        if (roles != profile.Roles) await user.Grant(new UserGrant(roles, null, null));
        sessions.Doubt(id);
        return TypedResults.Ok(ResponderAccount.Of(view));
    }

    private static bool IsArea(string area) => area == "*" || area == "none" || area.Length == 4 && area.All(GeohashLetters.Contains);
}
