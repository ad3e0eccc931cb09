using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Dispatch;

/// <summary>One search of one alert: everybody who was looked at, the scores and the reasons ("why her?"); written once, kept with the alert.</summary>
/// <remarks>Key: "{alert id}/{number}", see <see cref="CandidateSet.KeyOf"/>.</remarks>
[Alias("sos.dispatch.ICandidateSetGrain")]
public interface ICandidateSetGrain : IGrainWithStringKey
{
    /// <summary>Keeps the set; the same again changes nothing.</summary>
    [Alias("Keep")] Task Keep(CandidateSet set);

    /// <summary>The set; null when there is none.</summary>
    [Alias("Read")] Task<CandidateSet?> Read();

    /// <summary>Deletes the set for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}

/// <summary>What a search found.</summary>
/// <param name="Number">1 and up within the alert.</param>
/// <param name="At">When.</param>
/// <param name="RingKilometres">How far it looked.</param>
/// <param name="Purpose">wave or assignment.</param>
/// <param name="Warming">Cells that had just started and had not heard of everybody.</param>
/// <param name="Candidates">Best first, at most 50.</param>
[GenerateSerializer, Immutable, Alias("sos.dispatch.candidate-set")]
public sealed record CandidateSet(
    [property: Id(0)] int Number,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] double RingKilometres,
    [property: Id(3)] string Purpose,
    [property: Id(4)] int Warming,
    [property: Id(5)] ImmutableArray<Candidate> Candidates)
{
    /// <summary>The grain key of a set.</summary>
    public static string KeyOf(Guid alertId, int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{alertId:N}/{number}");
}

/// <summary>Somebody who was looked at.</summary>
/// <param name="Responder">User id.</param>
/// <param name="DistanceMetres">Great circle.</param>
/// <param name="EtaSeconds">Straight line × detour factor, by her transport, with the age of the position as uncertainty.</param>
/// <param name="Suitability">0 to 1: fit of capabilities to the kind of alert.</param>
/// <param name="Acceptance">0 to 1: expected chance that she accepts.</param>
/// <param name="Score">0 to 1: higher is asked first.</param>
/// <param name="Chosen">Was asked or assigned.</param>
/// <param name="Reason">A stable word: chosen, not-needed, declined-before, at-capacity, not-cleared, stale, excluded, refused-reservation, asked-already.</param>
[GenerateSerializer, Immutable, Alias("sos.dispatch.candidate")]
public sealed record Candidate(
    [property: Id(0)] Guid Responder,
    [property: Id(1)] double DistanceMetres,
    [property: Id(2)] double EtaSeconds,
    [property: Id(3)] double Suitability,
    [property: Id(4)] double Acceptance,
    [property: Id(5)] double Score,
    [property: Id(6)] bool Chosen,
    [property: Id(7)] string Reason);
