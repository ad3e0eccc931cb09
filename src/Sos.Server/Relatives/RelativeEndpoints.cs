using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Grains.Identity;
using Sos.Server.Geo;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;
using Sos.Server.Zones;

namespace Sos.Server.Relatives;

/// <summary>Relatives near by: whom the caller has added, and to whom she shows herself. Closed to apps.</summary>
internal static class RelativeEndpoints
{
    private const int LongestName = 60;
    private const int LongestNotes = 500;

    public static void MapRelatives(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/relatives").WithTags("Relatives").RequireAuthorization(Policies.User);
        own.MapGet("", List).WithSummary("My relatives, and where they are, as far as each shows it to me");
        own.MapPost("/add", Add).WithSummary("Add somebody by her number; she is asked, and nothing is shared unless she agrees");
        own.MapPost("/toggle-sharing", Toggle).WithSummary("The switch over all relatives: off, nobody is shown where I am");
        own.MapPost("/location", Locate).WithSummary("Say where I am; answers which relatives are near");
        own.MapPut("/{who}", Change).WithSummary("Change name or notes, pause or go on; by id or number");
        own.MapDelete("/{who}", Remove).WithSummary("End it on both sides; by id or number");
        own.MapPut("/{who}/sharing", Share).WithSummary("Show myself to one relative, how exactly, until when, and how far back; by id or number");
        own.MapGet("/{who}/trail", Trail).WithSummary("Where one relative was, as far as she shows it to me; by id or number");
        own.MapPost("/{who}/request-location", AskWhere).WithSummary("Ask one relative where she is, once an hour; she answers by hand or not at all");
        own.MapGroups();
        own.MapWhere();
        own.MapInvitations();
        own.MapRelativeAlerts();
    }

    private static async Task<Ok<RelativesAnswer>> List(CurrentUser user, RelativesDesk desk) => TypedResults.Ok(await desk.List(user.Id));

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Add(
        RelativeRequest request, CurrentUser user, IGrainFactory grains, IdentitySeals seals, IOptions<IdentityOptions> options)
    {
        if (ProblemWith(request.Name, request.Notes) is { } problem) return problem;
        var rules = options.Value;
        if (!AddressRules.TryPhone(request.PhoneNumber, rules.CountryCode, out var phone)) return ProblemResult.Invalid("phoneNumber must be a number with its country code, like +49 30 123456.");
        if (await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        if (await ContactEndpoints.IsEnding(grains, user)) return ContactEndpoints.Ending;
        var draft = new RelativeDraft(phone, seals.AddressKey(phone), request.Name.Trim(), Trimmed(request.Notes), PhonePlan.IsTexted(phone, rules.Countries, rules.DeniedPrefixes));
        return Answered(await EvenPace.Keep(() => Mine(grains, user).Add(draft)));
    }

    private static async Task<Ok<ToggleAnswer>> Off(CurrentUser user, IGrainFactory grains) => TypedResults.Ok(new ToggleAnswer(true, await Mine(grains, user).Toggle(false)));

    private static async Task<Results<Ok<ToggleAnswer>, ProblemResult>> Toggle(ToggleRequest request, CurrentUser user, IGrainFactory grains)
    {
        if (!request.Enabled) return await Off(user, grains);
        if (await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return TypedResults.Ok(new ToggleAnswer(true, await Mine(grains, user).Toggle(true)));
    }

    private static async Task<Results<Ok<RelativeLocationAnswer>, ProblemResult>> Locate(PositionRequest request, CurrentUser user, PositionDesk positions, RelativesDesk desk, TimeProvider time)
    {
        if (!request.TryRead(time.GetUtcNow(), out PositionReport? report, out var problem)) return problem;
        var warning = await positions.Take(user.Id, [report]);
        return TypedResults.Ok(new RelativeLocationAnswer(true, await desk.NearTo(user.Id, new GeoPoint(request.Latitude, request.Longitude)), ZoneWarningView.Of(warning)));
    }

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Change(string who, RelativeUpdate request, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> options)
    {
        if (ProblemWith(request.Name ?? "-", request.Notes) is { } problem) return problem;
        return await IdOf(who, user, grains, options.Value) is { } id
            ? Answered(await Mine(grains, user).Change(id, new RelativeChange(Trimmed(request.Name), Trimmed(request.Notes), request.Paused)))
            : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Remove(string who, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> options)
    {
        if (await IdOf(who, user, grains, options.Value) is not { } id) return ProblemResult.NotFound;
        var outcome = await Mine(grains, user).Remove(id);
        return outcome.Refusal == RelativeRefusal.None ? TypedResults.Ok(new RelativeAnswer(true, outcome.Count, null)) : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<RelativeAnswer>, ProblemResult>> Share(
        string who, SharingRequest request, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> options, TimeProvider time)
    {
        if (!request.TryRead(time.GetUtcNow(), out var sharing, out var problem)) return problem;
        if (request.Enabled && await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;
        return await IdOf(who, user, grains, options.Value) is { } id
            ? Answered(await Mine(grains, user).Share(id, sharing))
            : ProblemResult.NotFound;
    }

    private static async Task<Results<Ok<RelativeTrailAnswer>, ProblemResult>> Trail(string who, CurrentUser user, IGrainFactory grains, RelativesDesk desk, IOptions<IdentityOptions> options) =>
        await IdOf(who, user, grains, options.Value) is { } id && await desk.Trail(user.Id, id) is { } trail ? TypedResults.Ok(trail) : ProblemResult.NotFound;

    private static async Task<Results<Accepted<WhereAnswer>, ProblemResult>> AskWhere(string who, HttpResponse response, CurrentUser user, IGrainFactory grains, IOptions<IdentityOptions> options, TimeProvider time)
    {
        if (await IdOf(who, user, grains, options.Value) is not { } id) return ProblemResult.NotFound;
        var asked = await EvenPace.Keep(() => Mine(grains, user).AskWhere(id));
        return asked.Refusal switch
        {
            RelativeRefusal.None => TypedResults.Accepted((string?)null, new WhereAnswer(true, asked.AgainAt)),
            RelativeRefusal.NotFound => ProblemResult.NotFound,
            RelativeRefusal.TooSoon => ProblemResult.Wait(asked.AgainAt!.Value - time.GetUtcNow(), response),
            _ => NotActive,
        };
    }

    private static ProblemResult NotActive => new(ProblemKind.IllegalMove, "Both of you have to agree first.", state: "not_active");

    /// <summary>The answer to a change of the caller's own list.</summary>
    internal static Results<Ok<RelativeAnswer>, ProblemResult> Answered(RelativeOutcome outcome) => outcome.Refusal switch
    {
        RelativeRefusal.None => TypedResults.Ok(new RelativeAnswer(true, outcome.Count, outcome.Relative is { } relative ? RelativeView.Of(relative) : null)),
        RelativeRefusal.NotFound => ProblemResult.NotFound,
        RelativeRefusal.Duplicate => new ProblemResult(ProblemKind.AlreadyMonitored),
        RelativeRefusal.TooMany => ProblemResult.Invalid("Twenty relatives are the most; remove one first."),
        RelativeRefusal.OwnNumber => ProblemResult.Invalid("This is your own number."),
        RelativeRefusal.NotActive => NotActive,
        RelativeRefusal.NotesTooLong => ProblemResult.Invalid("The notes of all relatives together are too long; shorten some."),
        RelativeRefusal.SwitchedOff => new ProblemResult(ProblemKind.IllegalMove, "Your switch over all relatives is off.", state: "switched_off"),
        _ => new ProblemResult(ProblemKind.TooMany),
    };

    /// <summary>What is wrong with a name and notes; null: nothing.</summary>
    internal static ProblemResult? ProblemWith(string name, string? notes)
    {
        if (name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl)) return ProblemResult.Invalid("name must have 1 to 60 characters.");
        return notes is { Length: > LongestNotes } || notes?.Any(letter => char.IsControl(letter) && letter != '\n') == true ? ProblemResult.Invalid("notes take at most 500 characters.") : null;
    }

    internal static IRelativesGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IRelativesGrain>(user.Id);

    // Her own list decides: a number that is not in it is answered like an id that is nobody's.
    private static async Task<Guid?> IdOf(string who, CurrentUser user, IGrainFactory grains, IdentityOptions options)
    {
        if (Guid.TryParse(who, out var id)) return id;
        if (!AddressRules.TryPhone(who, options.CountryCode, out var phone)) return null;
        return (await Mine(grains, user).List()).Relatives.FirstOrDefault(relative => relative.Phone == phone)?.Id;
    }

    private static string? Trimmed(string? text) => text?.Trim();
}
