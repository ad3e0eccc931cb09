using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>What could be read of a tracker's message, in the service's units.</summary>
/// <param name="CallsForHelp">It is an SOS.</param>
/// <param name="SaidAt">When, by the device's clock; null: it did not say.</param>
/// <param name="Reports">Where its owner was; without a point a sign of life. Empty: nothing about her.</param>
/// <param name="Speed">How fast it moved; null: unknown.</param>
/// <param name="Battery">0 to 100 %; null: unknown.</param>
/// <param name="Problem">What of it could not be used, in words for its owner; null: nothing.</param>
/// <param name="Unreadable">The message as a whole could not be read; what it asks for help with still counts.</param>
internal sealed record TrackerMessage(
    bool CallsForHelp,
    DateTimeOffset? SaidAt,
    ImmutableArray<PositionReport> Reports,
    Speed? Speed,
    double? Battery,
    string? Problem,
    ProblemResult? Unreadable = null)
{
    /// <summary>Longest radius of a position in metres, as on every other way in.</summary>
    public const double WorstAccuracy = 100_000;

    /// <summary>No body, or nothing about a person: taken, and nothing is done.</summary>
    public static TrackerMessage Nothing { get; } = new(false, null, [], null, null, null);

    /// <summary>Light is slower than some trackers; what is beyond aeroplanes is not known.</summary>
    private const double TopMetresPerSecond = 340;

    /// <summary>A message that says nothing but that it cannot be read.</summary>
    public static TrackerMessage Bad(ProblemResult problem) => Nothing with { Unreadable = problem };

    /// <summary>A speed that can be; null for unknown ones.</summary>
    public static Speed? Possible(Speed? speed) => speed is { MetresPerSecond: >= 0 and <= TopMetresPerSecond } ? speed : null;
}
