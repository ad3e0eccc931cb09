using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Server.Http;

namespace Sos.Server.Zones;

/// <summary>What the caller's position led to.</summary>
/// <param name="ZoneWarning">She has come into a zone of high risk; left out otherwise.</param>
public sealed record PositionAnswer(ZoneWarningView? ZoneWarning = null);

/// <summary>A warning as her phone shows it.</summary>
/// <param name="ZoneId">Zone id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Risk">1 to 5.</param>
/// <param name="Title">Title of the notification.</param>
/// <param name="Message">Its text.</param>
/// <param name="Toast">What is shown over the map.</param>
/// <param name="ToastSeconds">For how long.</param>
/// <param name="VibrateMilliseconds">How long the phone vibrates; 0 while she is not to be disturbed.</param>
/// <param name="Crossed">She has gone through and is outside again.</param>
/// <param name="TellsContacts">Her contacts are being texted.</param>
/// <param name="CooldownUntil">Until then there is no other warning.</param>
public sealed record ZoneWarningView(
    Guid ZoneId, string Name, string Kind, int Risk, string Title, string Message, string Toast, int ToastSeconds, int VibrateMilliseconds, bool Crossed, bool TellsContacts, DateTimeOffset CooldownUntil)
{
    internal static ZoneWarningView? Of(ZoneWarning? warning) => warning is null ? null : new ZoneWarningView(
        warning.Zone.Zone, warning.Zone.Name, warning.Zone.Kind, warning.Zone.Risk,
        "⚠️ High Risk Area", "You have entered a high-risk area. Stay alert.", "🚩 Red Zone Alert Triggered",
        4, warning.IsQuiet ? 0 : 500, warning.Zone.Crossed, warning.TellsContacts, warning.CooldownUntil);
}

/// <summary>What the caller changes about watching out for zones; what is left out stays.</summary>
/// <param name="Watching">Her positions are compared with zones.</param>
/// <param name="Mode">notify_only or notify_contact.</param>
/// <param name="ContactFromRisk">Zones of a lower risk warn only her; 1 to 5.</param>
/// <param name="Contacts">How many contacts are texted, a minute apart; 1 to 3.</param>
/// <param name="Quiet">A schedule in which she is not disturbed and nobody is texted; <c>false</c>: none.</param>
/// <param name="ZoneModes">Zones with a mode of their own, at most 32; replaces those before.</param>
/// <param name="WeeklySummary">A text on Mondays: how many zones in the week before, no places.</param>
public sealed record ZoneWatchRequest(
    bool? Watching = null, ZoneMode? Mode = null, int? ContactFromRisk = null, int? Contacts = null, JsonElement? Quiet = null, IReadOnlyDictionary<Guid, ZoneMode>? ZoneModes = null,
    bool? WeeklySummary = null)
{
    private const int MostZoneModes = 32;

    /// <summary>The settings after the change, or the problem with it.</summary>
    internal bool TryApply(ZoneWatchSettings before, [NotNullWhen(true)] out ZoneWatchSettings? after, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (after, problem) = (null, null);
        var quiet = before.Quiet;
        if (ContactFromRisk is < 1 or > 5) problem = ProblemResult.Invalid("contactFromRisk must be 1 to 5.");
        else if (Contacts is < 1 or > 3) problem = ProblemResult.Invalid("contacts must be 1 to 3.");
        else if (ZoneModes is { Count: > MostZoneModes }) problem = ProblemResult.Invalid($"zoneModes may have {MostZoneModes} zones.");
        else if (Quiet is { } given && !ScheduleJson.TryRead(given, out quiet, out var fault)) problem = ProblemResult.Invalid($"quiet: {fault}");
        else
        {
            after = new ZoneWatchSettings(
                Watching ?? before.Watching, Mode ?? before.Mode, ContactFromRisk ?? before.ContactFromRisk, Contacts ?? before.Contacts, quiet,
                ZoneModes?.ToImmutableDictionary() ?? before.ZoneModes, WeeklySummary ?? before.WeeklySummary);
        }

        return after is not null;
    }
}

/// <summary>How the caller watches out for zones.</summary>
/// <param name="Watching">Her positions are compared with zones.</param>
/// <param name="Mode">notify_only or notify_contact.</param>
/// <param name="ContactFromRisk">Zones of a lower risk warn only her.</param>
/// <param name="Contacts">How many contacts are texted.</param>
/// <param name="Quiet">When she is not disturbed; left out: never.</param>
/// <param name="ZoneModes">Zones with a mode of their own.</param>
/// <param name="CooldownUntil">No warning before; left out when there is no cooldown.</param>
/// <param name="Weeks">Zone entries of the last eight weeks by risk, newest first; no places.</param>
/// <param name="WeeklySummary">She is texted on Mondays how many there were.</param>
public sealed record ZoneWatchAnswer(
    bool Watching, ZoneMode Mode, int ContactFromRisk, int Contacts, JsonElement? Quiet, IReadOnlyDictionary<Guid, ZoneMode> ZoneModes, DateTimeOffset? CooldownUntil, IReadOnlyList<ZoneWeek> Weeks,
    bool WeeklySummary)
{
    internal static ZoneWatchAnswer Of(ZoneWatchView view) => new(
        view.Settings.Watching, view.Settings.Mode, view.Settings.ContactFromRisk, view.Settings.Contacts, view.Settings.Quiet is { } quiet ? ScheduleJson.Element(quiet) : null,
        view.Settings.ZoneModes, view.CooldownUntil, view.Weeks, view.Settings.WeeklySummary);
}

/// <summary>What the caller's phone decided while it had no connection.</summary>
/// <param name="Entries">Zones that she has come into, at most 50.</param>
/// <param name="WarnedAt">When it warned last: the cooldown goes on from there.</param>
/// <param name="Texted">It has opened her messages with the text for her first contact.</param>
public sealed record OfflineZoneReport(IReadOnlyList<OfflineZoneEntry> Entries, DateTimeOffset? WarnedAt = null, bool Texted = false)
{
    internal const int MostEntries = 50;

    /// <summary>Longer nobody is offline and wants it counted; and what lies before may be the phone's clock.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(7);

    internal OfflineReport ToReport(IReadOnlyList<Zone?> zones, DateTimeOffset now) => new(
        [.. Entries.Zip(zones).Where(pair => pair.Second is not null && now - pair.First.At <= Oldest).Select(pair => new OfflineEntry(pair.First.ZoneId, pair.Second!.Draft.Risk, Earlier(pair.First.At, now)))],
        WarnedAt is { } at ? Earlier(at, now) : null, Texted);

    private static DateTimeOffset Earlier(DateTimeOffset at, DateTimeOffset now) => at < now ? at.ToUniversalTime() : now;
}

/// <summary>A zone that the caller has come into.</summary>
/// <param name="ZoneId">Zone id.</param>
/// <param name="At">When.</param>
public sealed record OfflineZoneEntry(Guid ZoneId, DateTimeOffset At);

/// <summary>The contact who is texted first; without an id there is none.</summary>
/// <param name="Accepted">She has agreed; nobody should rely on one who has not.</param>
/// <param name="Id">Contact id.</param>
/// <param name="Name">As given.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Relationship">As given.</param>
public sealed record PrimaryContact(bool Accepted, Guid? Id = null, string? Name = null, string? Phone = null, string? Relationship = null)
{
    internal static PrimaryContact Of(EmergencyContact? contact) =>
        contact is null ? new PrimaryContact(false) : new PrimaryContact(contact.Answer == ContactAnswer.Accepted, contact.Id, contact.Name, contact.Phone, contact.Relationship);
}

/// <summary>A wish to text a contact about a zone.</summary>
/// <param name="ContactId">One of the caller's own contacts who has agreed.</param>
/// <param name="Type">red_zone_alert.</param>
/// <param name="Latitude">WGS 84 degrees.</param>
/// <param name="Longitude">WGS 84 degrees.</param>
/// <param name="Message">Taken and ignored: the text is the service's own.</param>
public sealed record ContactNotifyRequest(
    [property: JsonPropertyName("contact_id")] Guid ContactId, string Type, double Latitude, double Longitude, string? Message = null);

/// <summary>The contact was texted.</summary>
/// <param name="CooldownUntil">When it can be asked for again.</param>
public sealed record ContactNotified(DateTimeOffset? CooldownUntil);
