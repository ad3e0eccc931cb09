using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Server.Geo;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Zones;

namespace Sos.Server.Users;

/// <summary>One's own account and position.</summary>
internal static class UserEndpoints
{
    private const int LongestName = 200;
    private const int LongestLanguage = 35;
    private const int MostPositions = 200;

    public static RouteGroupBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/users/me").WithTags("Users");
        var account = me.MapGroup("").RequireAuthorization(Policies.User);
        account.MapGet("", Show).WithSummary("My account").ForApps(AppScopes.ReadProfile);
        account.MapPatch("", Change).WithSummary("Change name, company or language");
        var whereabouts = me.MapGroup("").RequireAuthorization(Policies.Sos).ForApps(AppScopes.WritePosition);
        whereabouts.MapPost("/position", Report).WithSummary("Say where I am; looked at, not stored");
        whereabouts.MapPost("/positions", ReportAll).WithSummary("Say where I was, up to 200 places in any order, after an outage");
        return me;
    }

    private static async Task<Results<Ok<UserView>, ProblemResult>> Show(CurrentUser user, IGrainFactory grains) =>
        await grains.GetGrain<IUserGrain>(user.Id).Profile() is { } profile ? TypedResults.Ok(UserView.Of(profile)) : ProblemResult.NotFound;

    private static async Task<Results<Ok<UserView>, ProblemResult>> Change(ProfileRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (request.FullName is { Length: > LongestName } || request.Company is { Length: > LongestName })
            return ProblemResult.Invalid("fullName and company take at most 200 characters.");
        if (HasControls(request.FullName) || HasControls(request.Company)) return ProblemResult.Invalid("fullName and company take no control characters.");
        if (request.Language is { } language && !IsLanguage(language)) return ProblemResult.Invalid("language must be a tag like de or pt-BR (BCP 47).");
        var change = new ProfileChange(request.FullName?.Trim(), request.Company?.Trim(), request.Language);
        return await grains.GetGrain<IUserGrain>(user.Id).Update(change) is { } profile ? TypedResults.Ok(UserView.Of(profile)) : ProblemResult.NotFound;
    }

    private static async Task<Results<Accepted<PositionAnswer>, ProblemResult>> Report(PositionRequest request, CurrentUser user, PositionDesk desk, TimeProvider time)
    {
        if (!request.TryRead(time.GetUtcNow(), out PositionReport? report, out var problem)) return problem;
        return Taken(await desk.Take(user.Id, [report]));
    }

    private static async Task<Results<Accepted<PositionAnswer>, ProblemResult>> ReportAll(PositionBatch request, CurrentUser user, PositionDesk desk, TimeProvider time)
    {
        if (request.Positions.Count is 0 or > MostPositions) return ProblemResult.Invalid($"positions must be 1 to {MostPositions}.");
        var reports = ImmutableArray.CreateBuilder<PositionReport>(request.Positions.Count);
        foreach (var position in request.Positions)
        {
            if (position is null || !position.TryRead(time.GetUtcNow(), out PositionReport? report, out var problem)) return ProblemResult.Invalid($"positions[{reports.Count}] is none.");
            reports.Add(report);
        }

        return Taken(await desk.Take(user.Id, reports.MoveToImmutable()));
    }

    private static Accepted<PositionAnswer> Taken(ZoneWarning? warning) => TypedResults.Accepted((string?)null, new PositionAnswer(ZoneWarningView.Of(warning)));

    private static bool HasControls(string? text) => text is not null && text.Any(char.IsControl);

    private static bool IsLanguage(string tag) =>
        tag.Length is >= 2 and <= LongestLanguage && tag.Split('-') is [{ Length: 2 or 3 } first, .. var rest]
        && first.All(char.IsAsciiLetter) && rest.All(part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
}
