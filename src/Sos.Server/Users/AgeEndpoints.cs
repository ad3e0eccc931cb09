using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Grains.Users;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>The question about age, and what a guardian does behind her link (GDPR, Article 8). Closed to apps.</summary>
internal static class AgeEndpoints
{
    public static void MapAge(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/users/me").WithTags("Age and guardian").RequireAuthorization(Policies.User);
        mine.MapGet("/age", Show).WithSummary("What I have said about my age, and whether my guardian agrees");
        mine.MapPut("/age", Answer).WithSummary("Say whether I have reached the age of consent; nobody has to");
        mine.MapPut("/guardian", Name).WithSummary("Name my parent or guardian; she is asked by text message");
        mine.MapDelete("/guardian", Remove).WithSummary("Remove my guardian; her link is dead and her consent gone");

        // Anonymous: the token is the permission. In the body, so that it is in no log.
        var links = routes.MapGroup("/contact-links/guardian").WithTags("Age and guardian").AllowAnonymous();
        links.MapPost("", Asked).WithSummary("For whom am I asked to consent?");
        links.MapPost("/answer", AnswerAsGuardian).WithSummary("Agree, refuse, or take a consent back");
    }

    private static async Task<Ok<AgeView>> Show(CurrentUser user, IGrainFactory grains, IOptions<UserOptions> options) =>
        TypedResults.Ok(AgeView.Of(await Mine(grains, user).Age(), options.Value.AgeOfConsent));

    private static async Task<Results<Ok<AgeView>, ProblemResult>> Answer(AgeRequest request, CurrentUser user, IGrainFactory grains, SignIns signIns, IOptions<UserOptions> options)
    {
        var outcome = await Mine(grains, user).AnswerAge(request.IsOfAge);
        await SharingConsent.EndIfMissing(grains, signIns, user.Id);
        return Answered(outcome, options.Value);
    }

    private static async Task<Results<Ok<AgeView>, ProblemResult>> Name(
        GuardianRequest request, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> identity, IOptions<UserOptions> options)
    {
        if (!AddressRules.TryPhone(request.Phone, identity.Value.CountryCode, out var phone)) return ContactEndpoints.NoPhone;
        if (await ContactEndpoints.IsEnding(grains, user)) return ContactEndpoints.Ending;
        return Answered(await Mine(grains, user).NameGuardian(phone), options.Value);
    }

    private static async Task<NoContent> Remove(CurrentUser user, IGrainFactory grains, SignIns signIns)
    {
        await Mine(grains, user).RemoveGuardian();
        await SharingConsent.EndIfMissing(grains, signIns, user.Id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<GuardianQuestionView>, ProblemResult>> Asked(LinkRequest request, ContactLinks links, IGrainFactory grains, IOptions<UserOptions> options) =>
        links.Open(request.Token) is { Alert: null } token ? Seen(await grains.GetGrain<IContactsGrain>(token.User).GuardianAsked(token.Contact), options.Value) : ProblemResult.NotFound;

    private static async Task<Results<Ok<GuardianQuestionView>, ProblemResult>> AnswerAsGuardian(
        GuardianAnswerRequest request, ContactLinks links, IGrainFactory grains, SignIns signIns, IOptions<UserOptions> options)
    {
        if (links.Open(request.Token) is not { Alert: null } token) return ProblemResult.NotFound;
        var question = await grains.GetGrain<IContactsGrain>(token.User).AnswerAsGuardian(token.Contact, request.Accepts, request.Wording);
        if (question is null) return ProblemResult.NotFound;
        if (request.Accepts && question.Answer != ContactAnswer.Accepted) return new ProblemResult(ProblemKind.IllegalMove, "The words have changed; read them again.", state: "wording");
        await SharingConsent.EndIfMissing(grains, signIns, token.User);
        return Seen(question, options.Value);
    }

    private static IContactsGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IContactsGrain>(user.Id);

    private static Results<Ok<GuardianQuestionView>, ProblemResult> Seen(GuardianQuestion? question, UserOptions options) =>
        question is { } q ? TypedResults.Ok(new GuardianQuestionView(q.FirstName, options.AgeOfConsent, q.Answer, q.Wording)) : ProblemResult.NotFound;

    private static Results<Ok<AgeView>, ProblemResult> Answered(AgeOutcome outcome, UserOptions options) =>
        outcome.Refusal == ContactRefusal.None ? TypedResults.Ok(AgeView.Of(outcome.Standing, options.AgeOfConsent)) : ContactEndpoints.Problem(outcome.Refusal);
}
