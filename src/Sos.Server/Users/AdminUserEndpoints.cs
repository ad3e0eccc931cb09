using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Users;
using Sos.Grains.Responders;
using Sos.Server.Audit;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>Administrators manage users.</summary>
internal static class AdminUserEndpoints
{
    private const int MostAreas = 256;
    private const string GeohashLetters = "0123456789bcdefghjkmnpqrstuvwxyz";

    public static RouteGroupBuilder MapAdminUsers(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin").WithTags("Administration").RequireAuthorization(Policies.Admin);
        admin.MapGet("/users/{id:guid}", Show).WithSummary("An account");
        admin.MapPatch("/users/{id:guid}", Grant).WithSummary("Change roles, areas or the active flag");
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
        Guid id, GrantRequest request, CurrentUser admin, IGrainFactory grains, SignIns signIns, SessionChecks sessions, IOptions<ResponderOptions> vetting, AuditTrail audit,
        [FromHeader(Name = StaffReason.Header)] string? why = null)
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
        if (await user.Profile() is not { } before) return ProblemResult.NotFound;
        if (vetting.Value.Approvals > 1 && roles is { } changed && ((changed ^ before.Roles) & Roles.Responder) != 0)
            return ProblemResult.Invalid("The role of a responder follows her clearance: POST /admin/responders/{id}.");
        await audit.Record(admin, AuditAct.ChangedAccount, $"user/{id}", reason, $"roles={grant.Roles} areas={(grant.Areas is { } to ? string.Join(' ', to) : "")} active={grant.Active}");
        if (await user.Grant(grant) is not { } profile) return ProblemResult.NotFound;
        if (profile.Active) sessions.Doubt(id);
        else await signIns.EndAll(id);
        return TypedResults.Ok(UserView.Of(profile));
    }

    private static bool IsArea(string area) => area == "*" || area == "none" || area.Length == 4 && area.All(GeohashLetters.Contains);
}
