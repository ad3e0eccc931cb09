using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Grains.Identity;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>
/// Whom the caller has blocked. She and they are kept apart both ways: no offer, no assignment, no sharing. They are never told, and what they
/// see is what everybody sees who is not asked.
/// </summary>
internal static class BlockEndpoints
{
    public static void MapBlocks(this IEndpointRouteBuilder routes)
    {
        var mine = routes.MapGroup("/users/me/blocks").WithTags("Blocks").RequireAuthorization(Policies.User);
        mine.MapGet("", List).WithSummary("Whom I have blocked");
        mine.MapPost("", Add).WithSummary("Block a person, a number, or the responder who came to an alert of mine");
        mine.MapDelete("/{id:guid}", Remove).WithSummary("Lift a block");
    }

    private static async Task<Ok<BlockList>> List(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(new BlockList([.. (await Mine(grains, user).List()).Select(BlockView.Of)]));

    private static async Task<Results<Ok<BlockView>, ProblemResult>> Add(
        BlockRequest request, CurrentUser user, IGrainFactory grains, IdentitySeals seals, IOptions<IdentityOptions> options) => request switch
        {
            { UserId: { } person, Phone: null, AlertId: null } => await Block(grains, user, new BlockDraft(person)),
            { UserId: null, Phone: { } number, AlertId: null } => !AddressRules.TryPhone(number, options.Value.CountryCode, out var phone)
                ? ProblemResult.Invalid("phone must be a number with its country code, like +49 30 123456.")
                : await BlockNumber(grains, user, phone, seals.AddressKey(phone)),
            { UserId: null, Phone: null, AlertId: { } alert } => await BlockAttending(grains, user, alert),
            _ => ProblemResult.Invalid("Send one of userId, phone and alertId."),
        };

    private static async Task<NoContent> Remove(Guid id, CurrentUser user, IGrainFactory grains)
    {
        await Mine(grains, user).Remove(id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<BlockView>, ProblemResult>> BlockNumber(IGrainFactory grains, CurrentUser user, string phone, string key)
    {
        if (await grains.GetGrain<IUserGrain>(user.Id).Profile() is { } self && self.Phone == phone) return Oneself;
        // Nobody is an emergency contact and blocked. Before the block: a repeat of the request finds what is left to do.
        var contacts = grains.GetGrain<IContactsGrain>(user.Id);
        foreach (var contact in (await contacts.List()).Where(contact => contact.Phone == phone)) await contacts.Remove(contact.Id);
        return await Block(grains, user, new BlockDraft(null, phone, key));
    }

    // Whoever came has been stood down since, when this is the repeat of a block: it is answered from the list.
    private static async Task<Results<Ok<BlockView>, ProblemResult>> BlockAttending(IGrainFactory grains, CurrentUser user, Guid alert)
    {
        if (await grains.GetGrain<IAlertGrain>(alert).Attending(user.Id) is { } came) return await Block(grains, user, new BlockDraft(came.Responder, AlertId: alert, Name: came.Name));
        return (await Mine(grains, user).List()).LastOrDefault(block => block.AlertId == alert) is { } known ? TypedResults.Ok(BlockView.Of(known)) : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<BlockView>, ProblemResult>> Block(IGrainFactory grains, CurrentUser user, BlockDraft draft)
    {
        var outcome = await Mine(grains, user).Add(draft);
        return outcome.Refusal switch
        {
            BlockRefusal.None => TypedResults.Ok(BlockView.Of(outcome.Block!)),
            BlockRefusal.Oneself => Oneself,
            _ => ProblemResult.Invalid("200 blocks are the most; lift one first."),
        };
    }

    private static ProblemResult Oneself => ProblemResult.Invalid("This is you.");

    private static IBlocksGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IBlocksGrain>(user.Id);
}
