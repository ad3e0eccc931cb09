using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Zones;

namespace Sos.Contracts.Users;

// Where she is, in memory only, and what that leads to.
public partial interface IUserGrain
{
    /// <summary>
    /// Takes her reports in the order of their times: keeps the newest position in memory, looks into which zones she has come if she watches out for them, and
    /// who of those is near to whom she shows herself and who show themselves to her.
    /// </summary>
    [Alias("Report")] Task<PositionOutcome> Report(ImmutableArray<PositionReport> reports);

    /// <summary>These zone entries have been dealt with and are not told again.</summary>
    [Alias("Noted")] Task Noted(ImmutableArray<ZoneEntry> entries);

    /// <summary>She has come into a zone and is warned: tells her devices.</summary>
    [Alias("Warn"), AlwaysInterleave] Task Warn(ZoneWarning warning);

    /// <summary>These changes among relatives have been dealt with and are not told again.</summary>
    [Alias("NearbyNoted")] Task Noted(ImmutableArray<NearbyChange> changes);

    /// <summary>Whether she watches out for zones; durable. False: there is no such user.</summary>
    [Alias("WatchZones")] Task<bool> WatchZones(bool watches);

    /// <summary>Whether her positions go into her trail; durable. False: there is no such user.</summary>
    [Alias("KeepTrail")] Task<bool> KeepTrail(bool keeps);

    /// <summary>The last position of this process's memory, or null.</summary>
    [Alias("LastKnown"), AlwaysInterleave] Task<PositionFix?> LastKnown();

    /// <summary>The same as exactly as said: approximately, it is the middle of the square that relatives near by are shown, and says no accuracy.</summary>
    [Alias("LastShown"), AlwaysInterleave] Task<PositionFix?> LastShown(SharePrecision precision);

    /// <summary>
    /// To whom she shows herself from now on, where it is newer than what is known. Where it is less, every cell has forgotten her or knows it when this answers.
    /// It fails when a cell cannot be reached, and is then to be called again.
    /// </summary>
    [Alias("Share"), AlwaysInterleave] Task Share(SharingPolicy policy);

    /// <summary>
    /// Tells her devices of a relative; best effort, as the record is elsewhere. One way, as <see cref="Met"/> waits for who tells it: a grain that is ending answers nobody before its
    /// turns are over, so a stop in between would last until one of the two gives up.
    /// </summary>
    [Alias("TellNearby"), OneWay, AlwaysInterleave] Task Tell(ProximityAlert alert);

    /// <summary>Tells her devices that nobody is shown where she is any more; best effort.</summary>
    [Alias("TellSharing"), OneWay, AlwaysInterleave] Task Tell(SharingEnd end);

    /// <summary>A relative's grain says that the two have met or parted. Told to nobody unless she shows herself to the relative.</summary>
    [Alias("Met"), OneWay, AlwaysInterleave] Task Met(RelativeMeeting meeting);
}
