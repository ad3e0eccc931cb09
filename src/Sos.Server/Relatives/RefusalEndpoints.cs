using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Server.Http;
using Sos.Server.Users;

namespace Sos.Server.Relatives;

/// <summary>What a number that was asked to be somebody's relative does without an account. It asks only the number's own record, so who had asked learns nothing.</summary>
internal static class RefusalEndpoints
{
    // Anonymous: the token is the permission. In the body, so that it is in no log.
    public static void MapRefusal(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/contact-links/relatives/refuse", Refuse).WithTags("Relatives").AllowAnonymous().WithSummary("Send my number no message that asks me to be a relative, whoever asks");

    private static async Task<Results<NoContent, ProblemResult>> Refuse(LinkRequest request, ContactLinks links, IGrainFactory grains)
    {
        if (links.OpenNumber(request.Token) is not { } number) return ProblemResult.NotFound;
        await grains.GetGrain<IPhoneGrain>(number).RefuseInvitations();
        return TypedResults.NoContent();
    }
}
