using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Users;

namespace Sos.Contracts.Zones;

/// <summary>What happens when somebody comes into a zone.</summary>
public enum ZoneMode
{
    /// <summary>She is warned.</summary>
    NotifyOnly,

    /// <summary>She is warned, and her contacts are texted.</summary>
    NotifyContact,
}

/// <summary>How somebody watches out for zones.</summary>
/// <param name="Watching">Her positions are compared with zones; off until she says so.</param>
/// <param name="Mode">What happens.</param>
/// <param name="ContactFromRisk">Zones of a lower risk warn only her; 1 to 5.</param>
/// <param name="Contacts">How many contacts are texted one after the other, a minute apart; 1 to 3.</param>
/// <param name="Quiet">When she is not to be disturbed: warnings make no sound, and nobody is texted; null: never.</param>
/// <param name="ZoneModes">Zones with a mode of their own, at most 32.</param>
/// <param name="WeeklySummary">She is texted on Mondays how many zones she came into in the week before; no places.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.watch-settings")]
public sealed record ZoneWatchSettings(
    [property: Id(0)] bool Watching,
    [property: Id(1)] ZoneMode Mode,
    [property: Id(2)] int ContactFromRisk,
    [property: Id(3)] int Contacts,
    [property: Id(4)] ZoneSchedule? Quiet,
    [property: Id(5)] ImmutableDictionary<Guid, ZoneMode> ZoneModes,
    [property: Id(6)] bool WeeklySummary = false);

/// <summary>A warning for her own devices.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="IsQuiet">Without sound and vibration.</param>
/// <param name="TellsContacts">Contacts are being texted.</param>
/// <param name="CooldownUntil">Until then there is no other warning.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.warning")]
public sealed record ZoneWarning(
    [property: Id(0)] ZoneEntry Zone, [property: Id(1)] bool IsQuiet, [property: Id(2)] bool TellsContacts, [property: Id(3)] DateTimeOffset CooldownUntil);

/// <summary>Zone entries of a week.</summary>
/// <param name="Monday">Its first day (UTC).</param>
/// <param name="ByRisk">How many, by risk 1 to 5; no places.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.week")]
public sealed record ZoneWeek([property: Id(0)] DateOnly Monday, [property: Id(1)] ImmutableArray<int> ByRisk);

/// <summary>A zone that a phone saw its owner come into while it had no connection.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Risk">Its risk, as the service knows it.</param>
/// <param name="At">When, at most now.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.offline-entry")]
public sealed record OfflineEntry([property: Id(0)] Guid Zone, [property: Id(1)] int Risk, [property: Id(2)] DateTimeOffset At);

/// <summary>What a phone decided while it had no connection.</summary>
/// <param name="Entries">Zones that she has come into.</param>
/// <param name="WarnedAt">When it warned last, at most now; null: it did not.</param>
/// <param name="Texted">It has handed the text to her first contact to her own messages.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.offline-report")]
public sealed record OfflineReport([property: Id(0)] ImmutableArray<OfflineEntry> Entries, [property: Id(1)] DateTimeOffset? WarnedAt, [property: Id(2)] bool Texted);

/// <summary>How somebody watches, and how it stands.</summary>
/// <param name="Settings">Her settings.</param>
/// <param name="CooldownUntil">When the cooldown ends; null when there is none.</param>
/// <param name="Weeks">Zone entries of the last weeks, newest first.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.watch-view")]
public sealed record ZoneWatchView([property: Id(0)] ZoneWatchSettings Settings, [property: Id(1)] DateTimeOffset? CooldownUntil, [property: Id(2)] ImmutableArray<ZoneWeek> Weeks);

/// <summary>What came of a wish to text a contact.</summary>
/// <param name="Outcome">Sent, or why not.</param>
/// <param name="CooldownUntil">When it can be asked for again; null when nothing stands in the way.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.contact-notice")]
public sealed record ContactNotice([property: Id(0)] ContactWarning Outcome, [property: Id(1)] DateTimeOffset? CooldownUntil);
