using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Server.Geo;
using Sos.Server.Http;
using Sos.Server.Identity;
using Sos.Server.Users;

namespace Sos.Server.Zones;

/// <summary>Watching out for zones: settings, cooldown, and the contact who is texted.</summary>
internal static class WatchEndpoints
{
    private const string RedZone = "red_zone_alert";

    public static IEndpointRouteBuilder MapZoneWatch(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("").WithTags("Zones").RequireAuthorization(Policies.User);
        own.MapGet("/users/me/zones", Show).WithSummary("How I watch out for zones, the cooldown, and my entries by week");
        own.MapPatch("/users/me/zones", Change).WithSummary("Watch, or stop watching; mode, risk, contacts, quiet hours, modes of single zones");
        own.MapPost("/users/me/zones/entries", Adopt).WithSummary("What my phone decided while offline: entries, its last warning; send it before the positions of that time");
        own.MapGet("/contacts/primary", Primary).WithSummary("The contact who is texted first, and whether she has agreed");
        own.MapPost("/contact/notify", Notify).WithSummary("Text a contact of mine that I have come into a zone of high risk; once a cooldown");
        return routes;
    }

    private static async Task<Ok<ZoneWatchAnswer>> Show(CurrentUser user, IGrainFactory grains) => TypedResults.Ok(ZoneWatchAnswer.Of(await Mine(grains, user).View()));

    private static async Task<Results<Ok<ZoneWatchAnswer>, ProblemResult>> Change(ZoneWatchRequest request, CurrentUser user, IGrainFactory grains)
    {
        var watch = Mine(grains, user);
        if (!request.TryApply((await watch.View()).Settings, out var settings, out var problem)) return problem;
        if (settings.Watching && (settings.Mode == ZoneMode.NotifyContact || settings.ZoneModes.ContainsValue(ZoneMode.NotifyContact))
            && await SharingConsent.Missing(grains, user.Id) is { } missing) return missing;

        // Off first where her positions are looked at, on last: in between she is not watched.
        var account = grains.GetGrain<IUserGrain>(user.Id);
        if (!settings.Watching && !await account.WatchZones(false)) return ProblemResult.NotFound;
        var view = await watch.Set(settings);
        return settings.Watching && !await account.WatchZones(true) ? ProblemResult.NotFound : TypedResults.Ok(ZoneWatchAnswer.Of(view));
    }

    private static async Task<Results<Ok<ZoneWatchAnswer>, ProblemResult>> Adopt(OfflineZoneReport request, CurrentUser user, IGrainFactory grains, TimeProvider time)
    {
        if (request.Entries.Count > OfflineZoneReport.MostEntries) return ProblemResult.Invalid($"entries may be {OfflineZoneReport.MostEntries}.");
        // Zones that are no more have no risk to be counted by; the phone's warning counts all the same.
        var zones = await Task.WhenAll(request.Entries.Select(entry => grains.GetGrain<IZoneGrain>(entry.ZoneId).Read()));
        return TypedResults.Ok(ZoneWatchAnswer.Of(await Mine(grains, user).Adopt(request.ToReport(zones, time.GetUtcNow()))));
    }

    private static async Task<Ok<PrimaryContact>> Primary(CurrentUser user, IGrainFactory grains) =>
        TypedResults.Ok(PrimaryContact.Of((await grains.GetGrain<IContactsGrain>(user.Id).List()).FirstOrDefault()));

    private static async Task<Results<Ok<ContactNotified>, ProblemResult>> Notify(ContactNotifyRequest request, HttpContext context, CurrentUser user, IGrainFactory grains, TimeProvider time)
    {
        if (request.Type != RedZone) return ProblemResult.Invalid($"type must be {RedZone}.");
        if (PositionRequest.ProblemWith(request.Latitude, request.Longitude) is { } outside) return outside;
        var notice = await Mine(grains, user).NotifyContact(request.ContactId, new GeoPoint(request.Latitude, request.Longitude));
        if (notice is { Outcome: ContactWarning.TooSoon, CooldownUntil: { } until })
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling((until - time.GetUtcNow()).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return notice.Outcome switch
        {
            ContactWarning.Sent => TypedResults.Ok(new ContactNotified(notice.CooldownUntil)),
            ContactWarning.NotFound => ProblemResult.NotFound,
            ContactWarning.NotAgreed => new ProblemResult(ProblemKind.IllegalMove, "This contact has not agreed to be texted.", state: "not_accepted"),
            ContactWarning.GuardianNeeded => new ProblemResult(ProblemKind.GuardianNeeded),
            ContactWarning.TooSoon => new ProblemResult(ProblemKind.TooMany),
            _ => new ProblemResult(ProblemKind.Unavailable),
        };
    }

    private static IZoneWatchGrain Mine(IGrainFactory grains, CurrentUser user) => grains.GetGrain<IZoneWatchGrain>(user.Id);
}
