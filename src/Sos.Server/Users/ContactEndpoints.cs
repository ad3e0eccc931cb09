using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Privacy;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Hosting;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>One's own emergency contacts, and what a contact does behind her link.</summary>
internal static class ContactEndpoints
{
    private const int LongestName = 60;

    public static WebApplicationBuilder AddContacts(this WebApplicationBuilder builder)
    {
        PublicAddress.Check(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton<PublicAddress>();
        builder.Services.AddSingleton<ContactLinks>();
        builder.Services.AddSingleton<IContactLinks>(static services => services.GetRequiredService<ContactLinks>());
        return builder;
    }

    public static void MapContacts(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/users/me/contacts").WithTags("Emergency contacts").RequireAuthorization(Policies.User);
        mine.MapGet("", List).WithSummary("My emergency contacts, and whether they have agreed").ForApps(AppScopes.ReadContacts);
        var changes = mine.MapGroup("").ForApps(AppScopes.WriteContacts);
        changes.MapPost("", Add).WithSummary("Add a contact; she is asked by text message");
        changes.MapPatch("/{id:guid}", Change).WithSummary("Change name or relationship");
        changes.MapDelete("/{id:guid}", Remove).WithSummary("Remove a contact; her links are dead at once");
        changes.MapPost("/{id:guid}/invite", Invite).WithSummary("Ask a contact once more");

        // Anonymous: the token is the permission. In the body, so that it is in no log.
        var links = routes.MapGroup("/contact-links").WithTags("Emergency contacts").AllowAnonymous();
        links.MapPost("/invitation", Invitation).WithSummary("Who asks me to be a contact?");
        links.MapPost("/answer", Answer).WithSummary("Accept, refuse, or take an acceptance back");
        links.MapPost("/alert", Follow).WithSummary("The alert that this link follows; gone an hour after its close");
    }

    private static async Task<Ok<ContactList>> List(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new ContactList([.. (await Mine(grains, user).List()).Select(ContactView.Of)]));

    private static async Task<Results<Ok<ContactView>, ProblemResult>> Add(ContactRequest request, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> options)
    {
        if (Refuse(request.Name, request.Relationship) is { } problem) return problem;
        if (!AddressRules.TryPhone(request.Phone, options.Value.CountryCode, out var phone)) return NoPhone;
        if (await IsEnding(grains, user)) return Ending;
        return Answered(await Mine(grains, user).Add(new ContactDraft(request.Name.Trim(), phone, Trimmed(request.Relationship))));
    }

    private static async Task<Results<Ok<ContactView>, ProblemResult>> Change(Guid id, ContactChange request, CurrentUser user, IGrainFactory grains) =>
        Refuse(request.Name ?? "-", request.Relationship) ?? Answered(await Mine(grains, user).Change(id, request.Name?.Trim(), Trimmed(request.Relationship)));

    private static async Task<NoContent> Remove(Guid id, CurrentUser user, IGrainFactory grains)
    {
        await Mine(grains, user).Remove(id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ContactView>, ProblemResult>> Invite(Guid id, CurrentUser user, IGrainFactory grains) =>
        await IsEnding(grains, user) ? Ending : Answered(await Mine(grains, user).Invite(id));

    private static async Task<Results<Ok<InvitationView>, ProblemResult>> Invitation(LinkRequest request, ContactLinks links, IGrainFactory grains) =>
        links.Open(request.Token) is { Alert: null } token ? Seen(await grains.GetGrain<IContactsGrain>(token.User).Invitation(token.Contact)) : ProblemResult.NotFound;

    private static async Task<Results<Ok<InvitationView>, ProblemResult>> Answer(AnswerRequest request, ContactLinks links, IGrainFactory grains) =>
        links.Open(request.Token) is { Alert: null } token ? Seen(await grains.GetGrain<IContactsGrain>(token.User).Answer(token.Contact, request.Accepts)) : ProblemResult.NotFound;

    private static async Task<Results<Ok<FollowedView>, ProblemResult>> Follow(LinkRequest request, ContactLinks links, IGrainFactory grains)
    {
        if (links.Open(request.Token) is not { Alert: { } alert } token) return ProblemResult.NotFound;
        if (!await grains.GetGrain<IContactsGrain>(token.User).MayFollow(token.Contact)) return ProblemResult.NotFound;
        return await grains.GetGrain<IAlertGrain>(alert).Follow(token.User) is { } followed ? TypedResults.Ok(FollowedView.Of(followed)) : ProblemResult.NotFound;
    }

    // Nobody is asked to stand by somebody who is leaving.
    internal static async Task<bool> IsEnding(IGrainFactory grains, CurrentUser user) => await grains.GetGrain<IAccountDeletionGrain>(user.Id).DueAt() is not null;

    internal static ProblemResult NoPhone => ProblemResult.Invalid("phone must be a number with its country code, like +49 30 123456.");

    internal static ProblemResult Ending => new(ProblemKind.IllegalMove, "The account is to be deleted; keep it first.", state: "ending");

    private static IContactsGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IContactsGrain>(user.Id);

    private static Results<Ok<InvitationView>, ProblemResult> Seen(ContactInvitation? invitation) =>
        invitation is { } i ? TypedResults.Ok(new InvitationView(i.Asker, i.Answer)) : ProblemResult.NotFound;

    private static Results<Ok<ContactView>, ProblemResult> Answered(ContactOutcome outcome) =>
        outcome.Refusal == ContactRefusal.None ? TypedResults.Ok(ContactView.Of(outcome.Contact!)) : Problem(outcome.Refusal);

    internal static ProblemResult Problem(ContactRefusal refusal) => refusal switch
    {
        ContactRefusal.NotFound => ProblemResult.NotFound,
        ContactRefusal.TooMany => ProblemResult.Invalid("Five contacts are the most; remove one first."),
        ContactRefusal.OwnNumber => ProblemResult.Invalid("This is your own number."),
        ContactRefusal.Answered => new ProblemResult(ProblemKind.IllegalMove, state: "accepted"),
        ContactRefusal.NameNeeded => ProblemResult.Invalid("Say your name first: PATCH /users/me {\"fullName\": …}."),
        ContactRefusal.NotUnderAge => new ProblemResult(ProblemKind.IllegalMove, "You have not said that you are under age; no guardian is needed.", state: "not_under_age"),
        _ => new ProblemResult(ProblemKind.TooMany),
    };

    private static ProblemResult? Refuse(string name, string? relationship)
    {
        if (name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl)) return ProblemResult.Invalid("name must have 1 to 60 characters.");
        return relationship is { Length: > LongestName } || relationship?.Any(char.IsControl) == true ? ProblemResult.Invalid("relationship takes at most 60 characters.") : null;
    }

    private static string? Trimmed(string? text) => text?.Trim();
}
