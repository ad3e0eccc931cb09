using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Dispatch;

/// <summary>
/// How good it is to ask somebody: the help to be expected of her, <c>suitability × acceptance × promptness × room</c>, each 0 to 1.
/// Asking the nearest alone wastes time where volunteers accept one request in three; see docs/decisions/0003.
/// </summary>
internal static class CandidateScoring
{
    /// <summary>ETA at which promptness has fallen to 1/e: survival after cardiac arrest falls by about 10 % a minute without help.</summary>
    public const double PromptnessSeconds = 600;

    private const double ReachableDays = 7;

    /// <summary>Scores a hit. Reasons for not asking are given in the candidate; the score is kept for staff to see.</summary>
    public static Candidate Score(CellHit hit, AlertKind kind, DateTimeOffset now, DispatchOptions options)
    {
        var traits = hit.Entry.Traits!;
        var eta = Eta(hit, traits.Transport, now, options);
        var suitability = Suitability(kind, traits.Capabilities);
        var acceptance = Acceptance(hit, traits, now);
        var promptness = Math.Exp(-eta / PromptnessSeconds);
        var room = traits.FreeCapacity > 0 ? 1 - 0.1 / traits.FreeCapacity : 0;
        var reason = suitability <= 0 ? "not-cleared" : traits.FreeCapacity <= 0 ? "at-capacity" : "not-needed";
        return new Candidate(hit.Entry.Person, hit.Distance.Metres, eta, suitability, acceptance, suitability * acceptance * promptness * room, false, reason);
    }

    /// <summary>Straight line × detour factor at the speed of her transport; a stale position adds the way she may have gone since.</summary>
    public static double Eta(CellHit hit, Transport transport, DateTimeOffset now, DispatchOptions options)
    {
        var seconds = Eta(hit.Distance, transport, options);
        var age = Math.Max(0, (now - hit.Entry.At).TotalSeconds);
        return hit.Freshness == Freshness.Live ? seconds : seconds + Math.Min(age / 4, 300);
    }

    /// <summary>Straight line × detour factor at the speed of the transport, in seconds.</summary>
    public static double Eta(Distance distance, Transport transport, DispatchOptions options)
    {
        var (speed, detour) = transport == Transport.Walk
            ? (Speed.FromKilometresPerHour(options.WalkKilometresPerHour), options.DetourWalk)
            : (Speed.FromKilometresPerHour(options.CarKilometresPerHour), options.DetourCar);
        return (distance * detour / speed).TotalSeconds;
    }

    /// <summary>Fit of capabilities to the kind of alert. Safety alerts go to cleared people only; elsewhere anybody is better than nobody.</summary>
    public static double Suitability(AlertKind kind, Capabilities capabilities) => kind switch
    {
        AlertKind.Safety => capabilities.HasFlag(Capabilities.Safety) ? 1 : 0,
        AlertKind.Medical when capabilities.HasFlag(Capabilities.Medical) => 1,
        AlertKind.Medical when capabilities.HasFlag(Capabilities.Aed) => 0.8,
        AlertKind.Medical => 0.4,
        AlertKind.Fire => capabilities.HasFlag(Capabilities.Fire) ? 1 : 0.4,
        _ => capabilities == Capabilities.None ? 0.7 : 1,
    };

    /// <summary>Chance that she accepts: her history, less for a stale position and for a device not heard of in 7 days.</summary>
    public static double Acceptance(CellHit hit, ResponderTraits traits, DateTimeOffset now)
    {
        var reachable = hit.Freshness == Freshness.Live ? 1
            : traits.ReachableAt is { } at && (now - at).TotalDays <= ReachableDays ? 0.6 : 0.3;
        return Math.Clamp(traits.Reliability, 0.05, 0.95) * reachable;
    }
}
