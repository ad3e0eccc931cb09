using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;
using Sos.Contracts.Audit;
using Sos.Contracts.Identity;
using Sos.Contracts.Users;
using Sos.Server.Audit;
using Sos.Server.Http;

namespace Sos.Server.Identity;

/// <summary>A user's sessions, and tickets for what cannot send a token.</summary>
internal static class SessionEndpoints
{
    public static RouteGroupBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth").WithTags("Identity").RequireAuthorization(Policies.User);
        auth.MapPost("/logout", SignOut).WithSummary("End this session, its tokens and its SOS credential");
        auth.MapGet("/sessions", Sessions).WithSummary("My signed-in devices");
        auth.MapDelete("/sessions", EndOthers).WithSummary("Sign all my other devices out");
        auth.MapDelete("/sessions/{id:guid}", EndSession).WithSummary("Sign one of my devices out");
        auth.MapPost("/tickets", MakeTicket).WithSummary("A one-time ticket, good for 30 s: ?ticket= on /ws/… and /users/me/stream");

        var others = routes.MapGroup("/admin/users/{id:guid}/sessions").WithTags("Administration").RequireAuthorization(Policies.Admin);
        others.MapDelete("", EndAll).WithSummary("Sign a user out everywhere");
        return auth;
    }

    private static async Task<NoContent> SignOut(CurrentUser user, SignIns signIns)
    {
        await signIns.End(user.Id, user.SessionId);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> Sessions(CurrentUser user, IGrainFactory grains)
    {
        var ids = await grains.GetGrain<ISessionIndexGrain>(user.Id).List();
        var views = await Task.WhenAll(ids.Select(id => grains.GetGrain<ISessionGrain>(id).View()));
        return TypedResults.Ok(new SessionList([.. views.OfType<SessionView>()
            .Select(view => new SessionEntry(view.Id, view.Device, view.OpenedAt, view.UsedAt, view.Id == user.SessionId))]));
    }

    private static async Task<Results<NoContent, ProblemResult>> EndSession(Guid id, CurrentUser user, SignIns signIns, IGrainFactory grains)
    {
        var mine = await grains.GetGrain<ISessionIndexGrain>(user.Id).List();
        if (!mine.Contains(id)) return ProblemResult.NotFound;
        await signIns.End(user.Id, id);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> EndOthers(CurrentUser user, SignIns signIns)
    {
        await signIns.EndOthers(user.Id, user.SessionId);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> EndAll(
        Guid id, CurrentUser admin, SignIns signIns, IGrainFactory grains, AuditTrail audit, [FromHeader(Name = StaffReason.Header)] string? why = null)
    {
        if (!StaffReason.TryRead(why, out var reason)) return new ProblemResult(ProblemKind.ReasonRequired);
        if (await grains.GetGrain<IUserGrain>(id).Profile() is null) return ProblemResult.NotFound;
        await audit.Record(admin, AuditAct.EndedSessions, $"user/{id}", reason);
        await signIns.EndAll(id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<TicketAnswer>, ProblemResult>> MakeTicket(VerifiedToken token, ConnectionTickets tickets) =>
        await tickets.Issue(token) is { } ticket ? TypedResults.Ok(ticket) : new ProblemResult(ProblemKind.Unauthorized);
}
