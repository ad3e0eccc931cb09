using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Server.Http;
using Sos.Server.Zones;

namespace Sos.Server.Relatives;

/// <summary>Somebody whom the caller wants to know near.</summary>
/// <param name="PhoneNumber">Her number in any common spelling; the answer is the same whether or not it is anybody's here.</param>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Notes">At most 500 characters.</param>
public sealed record RelativeRequest(string PhoneNumber, string Name, string? Notes = null);

/// <summary>What the caller changes about a relative; what is left out stays.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Notes">At most 500 characters; empty takes them away.</param>
/// <param name="Paused">True: neither sees the other until it is false again. The other one is not told.</param>
public sealed record RelativeUpdate(string? Name = null, string? Notes = null, bool? Paused = null);

/// <summary>How the caller shows herself to one relative.</summary>
/// <param name="Enabled">She does.</param>
/// <param name="Until">When it ends by itself, at most a year from now; left out: in 30 days.</param>
/// <param name="Precision">exact, or approximate: to about a kilometre.</param>
/// <param name="History">How far back she may see where the caller was, from now on: none, hour, day or week; left out: none.</param>
public sealed record SharingRequest(bool Enabled, DateTimeOffset? Until = null, SharePrecision Precision = SharePrecision.Exact, TrailWindow History = TrailWindow.None)
{
    /// <summary>Reads it; false: what is wrong with it.</summary>
    internal bool TryRead(DateTimeOffset now, [NotNullWhen(true)] out RelativeSharing? sharing, [NotNullWhen(false)] out ProblemResult? problem)
    {
        problem = Until <= now || Until > now + RelativeSharing.Longest ? ProblemResult.Invalid("until must be in the future, at most a year from now.")
            : !Enum.IsDefined(Precision) ? ProblemResult.Invalid("precision must be exact or approximate.")
            : !Enum.IsDefined(History) ? ProblemResult.Invalid("history must be none, hour, day or week.")
            : null;
        sharing = problem is null ? new RelativeSharing(Enabled, Until?.ToUniversalTime(), Precision, History) : null;
        return sharing is not null;
    }
}

/// <summary>The switch over all relatives.</summary>
/// <param name="Enabled">False: nobody is shown where the caller is, whatever is set for each.</param>
public sealed record ToggleRequest(bool Enabled);

/// <summary>The caller agrees to be somebody's relative.</summary>
/// <param name="Name">What she calls her; left out: as the invitation says.</param>
public sealed record AcceptRequest(string? Name = null);

/// <summary>The caller says where she is to who has asked.</summary>
/// <param name="Precision">exact, or approximate: to about a kilometre.</param>
public sealed record WhereRequest(SharePrecision Precision = SharePrecision.Exact);

/// <summary>A relative was asked where she is, as far as the caller is to know.</summary>
/// <param name="Success">True.</param>
/// <param name="AgainAt">When she can be asked again.</param>
public sealed record WhereAnswer(bool Success, DateTimeOffset? AgainAt);

/// <summary>Who asks where the caller is.</summary>
/// <param name="Requests">Oldest first, of the last hour.</param>
public sealed record QuestionsAnswer(IReadOnlyList<WhereQuestion> Requests);

/// <summary>A relative of the caller.</summary>
/// <param name="Id">Id in the caller's list.</param>
/// <param name="PhoneNumber">E.164; left out for somebody who asked and has none.</param>
/// <param name="Name">As the caller calls her.</param>
/// <param name="Notes">Likewise.</param>
/// <param name="AddedAt">When she was added.</param>
/// <param name="State">invited, active, paused or ended.</param>
/// <param name="Sharing">How the caller shows herself to her.</param>
/// <param name="Freshness">live, stale or expired. Expired: not shown, whether she has no signal, does not share, or for any other reason.</param>
/// <param name="Position">Where she is, as exactly as she shows it; left out when expired.</param>
/// <param name="Precision">How exactly; goes with the position.</param>
public sealed record RelativeView(
    Guid Id, string? PhoneNumber, string Name, string? Notes, DateTimeOffset AddedAt, RelationState State, RelativeSharing Sharing, Freshness Freshness, PositionFix? Position, SharePrecision? Precision)
{
    internal static RelativeView Of(Relative relative, ShownPlace? shown = null, Freshness freshness = Freshness.Expired) => new(
        relative.Id, relative.Phone.Length > 0 ? relative.Phone : null, relative.Name, relative.Notes, relative.AddedAt, relative.State, relative.Sharing, freshness, shown?.Fix, shown?.Precision);
}

/// <summary>The caller's list.</summary>
/// <param name="Relatives">Oldest first, at most 20.</param>
/// <param name="LocationSharingEnabled">The switch over all of them.</param>
public sealed record RelativesAnswer(IReadOnlyList<RelativeView> Relatives, bool LocationSharingEnabled);

/// <summary>Somebody was added, changed or taken out.</summary>
/// <param name="Success">True.</param>
/// <param name="RelativesCount">Entries of the list.</param>
/// <param name="Relative">The entry; left out when it is gone.</param>
public sealed record RelativeAnswer(bool Success, int RelativesCount, RelativeView? Relative);

/// <summary>The switch over all relatives was set.</summary>
/// <param name="Success">True.</param>
/// <param name="LocationSharingEnabled">How it stands.</param>
public sealed record ToggleAnswer(bool Success, bool LocationSharingEnabled);

/// <summary>A relative who is near. Both of them see each other.</summary>
/// <param name="Id">Id in the caller's list.</param>
/// <param name="Name">As the caller calls her.</param>
/// <param name="Distance">Kilometres, as exactly as she is shown.</param>
/// <param name="Freshness">live or stale.</param>
/// <param name="At">When she was there.</param>
public sealed record NearbyRelativeView(Guid Id, string Name, double Distance, Freshness Freshness, DateTimeOffset At);

/// <summary>A position was taken.</summary>
/// <param name="Success">True.</param>
/// <param name="NearbyRelatives">Relatives within a kilometre, nearest first.</param>
/// <param name="ZoneWarning">As for every position; left out where there is none.</param>
public sealed record RelativeLocationAnswer(bool Success, IReadOnlyList<NearbyRelativeView> NearbyRelatives, ZoneWarningView? ZoneWarning);

/// <summary>Who asks the caller.</summary>
/// <param name="Invitations">Oldest first.</param>
public sealed record InvitationsAnswer(IReadOnlyList<RelativeInvitation> Invitations);

/// <summary>What has happened between the caller and her relatives.</summary>
/// <param name="Alerts">Newest first, at most 200 of the last 30 days.</param>
public sealed record RelativeAlertsAnswer(IReadOnlyList<RelativeAlertView> Alerts);

/// <summary>A relative has come near, is near, or has gone.</summary>
/// <param name="Id">Id of the record.</param>
/// <param name="RelativeId">The relative in the caller's list; she may have been taken out since.</param>
/// <param name="RelativeName">What the caller called her then.</param>
/// <param name="AlertType">entering, in_range or exiting.</param>
/// <param name="Distance">Kilometres.</param>
/// <param name="Timestamp">When.</param>
/// <param name="DismissedAt">When the caller put it aside.</param>
public sealed record RelativeAlertView(Guid Id, Guid RelativeId, string RelativeName, NearbyMove AlertType, double Distance, DateTimeOffset Timestamp, DateTimeOffset? DismissedAt)
{
    internal static RelativeAlertView Of(RelativeEncounter encounter) =>
        new(encounter.Id, encounter.Relation, encounter.Name, encounter.Move, encounter.Metres / 1000, encounter.At, encounter.DismissedAt);
}
