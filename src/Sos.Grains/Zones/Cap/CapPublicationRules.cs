using System.Globalization;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>What is published of a zone: an alert, updates while it changes, and a cancellation when it goes before its time.</summary>
internal static class CapPublicationRules
{
    /// <summary>A message refers to at most so many before it.</summary>
    private const int MostReferences = 20;

    /// <summary>A zone without an end is published for so long, and again when half of it is over: who hears nothing more does not warn for ever.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>A cancellation stays in the feed for so long.</summary>
    private static readonly TimeSpan EndShown = TimeSpan.FromHours(24);

    /// <summary>Whether a message still warns of anything.</summary>
    public static bool IsOpen(CapPublication? newest, DateTimeOffset now) => newest is { Type: not CapMessageType.Cancel, Expires: { } expires } && expires > now;

    /// <summary>Why a zone cannot be published; null: it can.</summary>
    public static string? Obstacle(ZoneDraft zone, DateTimeOffset now) => zone switch
    {
        { Source: ZoneSource.Cap } => "It is an official warning of somebody else.",
        { Schedule: not null } => "It counts at some hours of the week only, which a warning cannot say.",
        { Expires: { } expires } when expires <= now => "Its time is over.",
        _ => null,
    };

    /// <summary>Publishes the zone, or publishes it anew where it differs; the same: false, and nothing changes.</summary>
    public static bool Publish(CapPublicationState state, CapMark mark, Zone zone, CapIssue issue)
    {
        var open = IsOpen(state.Newest, issue.Now);
        // A look at the zone from before its last change.
        if (open && zone.Version < state.Newest!.ZoneVersion) return false;
        if (open && state.Newest!.Mark == mark && state.Newest.ZoneVersion == zone.Version && !IsOld(zone, state.Newest, issue.Now)) return false;
        Next(state, new CapPublication(mark, state.Newest?.Name!, open ? CapMessageType.Update : CapMessageType.Alert, [], zone.Version, zone.Draft.Name, zone.Draft.Expires ?? issue.Now + Life), issue);
        return true;
    }

    /// <summary>What the zone, as it is now, makes of it; false: nothing changes.</summary>
    public static bool Follow(CapPublicationState state, Zone? zone, CapIssue issue)
    {
        if (!IsOpen(state.Newest, issue.Now)) return false;
        return zone is null || Obstacle(zone.Draft, issue.Now) is not null ? Withdraw(state, issue) : Publish(state, state.Newest!.Mark, zone, issue);
    }

    /// <summary>Ends it by a cancellation; false: there is nothing to end.</summary>
    public static bool Withdraw(CapPublicationState state, CapIssue issue)
    {
        if (!IsOpen(state.Newest, issue.Now)) return false;
        Next(state, state.Newest! with { Type = CapMessageType.Cancel, Expires = null }, issue);
        return true;
    }

    /// <summary>Whether nothing of it is to be shown any more.</summary>
    public static bool IsOver(CapPublication newest, DateTimeOffset now) => !IsOpen(newest, now) && (newest.Expires ?? newest.Name.Sent + EndShown) <= now;

    private static bool IsOld(Zone zone, CapPublication newest, DateTimeOffset now) => zone.Draft.Expires is null && newest.Expires - now < Life / 2;

    // Its time in whole seconds, as it is written, and after that of the one before.
    private static void Next(CapPublicationState state, CapPublication next, CapIssue issue)
    {
        var (before, sent) = (state.Newest, Seconds(issue.Now));
        if (before is not null && sent <= before.Name.Sent) sent = before.Name.Sent.AddSeconds(1);
        var identifier = string.Create(CultureInfo.InvariantCulture, $"{issue.Zone:N}.{++state.Number}");
        state.Newest = next with
        {
            Name = new CapReference(issue.Sender, identifier, sent),
            References = next.Type == CapMessageType.Alert ? [] : [.. before!.References.Append(before.Name).TakeLast(MostReferences)],
            Expires = next.Expires is { } end ? Seconds(end) : null,
        };
    }

    private static DateTimeOffset Seconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}

/// <summary>Who says something of what, and when.</summary>
/// <param name="Zone">Zone id.</param>
/// <param name="Sender">The sender of its messages.</param>
/// <param name="Now">The time.</param>
internal readonly record struct CapIssue(Guid Zone, string Sender, DateTimeOffset Now);
