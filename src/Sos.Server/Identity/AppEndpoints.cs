using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Identity;
using Sos.Server.Audit;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>Apps on the API: developers register them, users see and shut out those that they have let in, administrators revoke them.</summary>
internal static class AppEndpoints
{
    private const int SecretBytes = 32;

    public static void MapApps(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/apps").WithTags("Apps").RequireAuthorization(Policies.User);
        own.MapPost("", Register).WithSummary("Register an app; a secret is in this answer and nowhere else");
        own.MapGet("", Own).WithSummary("The apps that I have registered");
        own.MapDelete("/{id:guid}", Revoke).WithSummary("Revoke an app of mine, and every token of its users");

        var granted = routes.MapGroup("/users/me/apps").WithTags("Apps").RequireAuthorization(Policies.User);
        granted.MapGet("", Granted).WithSummary("The apps that I have let in, and what they may do");
        granted.MapDelete("/{id:guid}", ShutOut).WithSummary("Shut an app out: its tokens are dead at once");

        var admin = routes.MapGroup("/admin/apps").WithTags("Administration").RequireAuthorization(Policies.Admin);
        admin.MapGet("/{id:guid}", Show).WithSummary("An app and who has registered it");
        admin.MapDelete("/{id:guid}", RevokeAny).WithSummary("Revoke an app, and every token of its users");
    }

    private static async Task<Results<Created<AppEntry>, ProblemResult>> Register(
        AppRequest request, CurrentUser user, IGrainFactory grains, IdentitySeals seals, TimeProvider time, IOptions<RequestLimitOptions> limits)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var secret = request.Confidential ? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)) : null;
        if (!request.TryRead(user.Id, secret is null ? null : seals.ClientSecretHash(id, secret), limits.Value.PerApp, out var draft, out var problem)) return problem;
        // Listed before it is there: an app that can be used can also be revoked by its developer.
        if (!await grains.GetGrain<IAppGrantsGrain>(user.Id).AddOwn(id)) return ProblemResult.Invalid("20 apps are the most; revoke one first.");
        var app = await grains.GetGrain<IAppGrain>(id).Register(draft);
        return TypedResults.Created((string?)null, AppEntry.Of(app, secret));
    }

    private static async Task<Ok<AppList>> Own(CurrentUser user, IGrainFactory grains)
    {
        var ids = await grains.GetGrain<IAppGrantsGrain>(user.Id).Own();
        var apps = await Task.WhenAll(ids.Select(id => grains.GetGrain<IAppGrain>(id).View()));
        return TypedResults.Ok(new AppList([.. apps.OfType<AppView>().Select(app => AppEntry.Of(app))]));
    }

    private static async Task<Results<NoContent, ProblemResult>> Revoke(Guid id, CurrentUser user, IGrainFactory grains, SessionChecks sessions)
    {
        var apps = grains.GetGrain<IAppGrantsGrain>(user.Id);
        if (!(await apps.Own()).Contains(id)) return ProblemResult.NotFound;
        await End(id, grains, sessions);
        await apps.RemoveOwn(id);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<GrantedAppList>> Granted(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new GrantedAppList([.. (await grains.GetGrain<IAppGrantsGrain>(user.Id).List()).Select(g => new GrantedApp(g.ClientId, g.Name, g.Scopes, g.At))]));

    private static async Task<NoContent> ShutOut(Guid id, CurrentUser user, SignIns signIns)
    {
        await signIns.EndApps(user.Id, id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<AppEntry>, ProblemResult>> Show(
        Guid id, CurrentUser admin, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IAppGrain>(id).View() is not { } app) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.ViewedApp, $"app/{id}", reason, $"developer={app.Draft.Owner}");
        return TypedResults.Ok(AppEntry.Of(app) with { DeveloperId = app.Draft.Owner });
    }

    private static async Task<Results<NoContent, ProblemResult>> RevokeAny(
        Guid id, CurrentUser admin, IGrainFactory grains, SessionChecks sessions, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IAppGrain>(id).View() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.RevokedApp, $"app/{id}", reason);
        await End(id, grains, sessions);
        return TypedResults.NoContent();
    }

    private static async Task End(Guid id, IGrainFactory grains, SessionChecks sessions)
    {
        await grains.GetGrain<IAppGrain>(id).Revoke();
        sessions.DoubtApp(id);
    }
}
