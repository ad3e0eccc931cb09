using System.Collections.Immutable;
using Sos.Contracts.Alerts;
using Sos.Contracts.Dispatch;
using Sos.Contracts.Geo;
using Sos.Grains.Alerts;

namespace Sos.Grains.Dispatch;

/// <summary>Whom to ask and why: ranking, the smallest sufficient wave, the reasons that are kept.</summary>
internal static class DispatchRules
{
    /// <summary>Most candidates kept in a set.</summary>
    public const int MostKept = 50;

    /// <summary>Scores everybody found, best first, with the reason why somebody is not to be asked (reason "not-needed": she may be).</summary>
    public static ImmutableArray<Candidate> Rank(AlertState state, ImmutableArray<CellHit> hits, IReadOnlySet<Guid> apart, bool assigning, DateTimeOffset now, DispatchOptions options) =>
        [.. hits.Where(h => h.Entry.Traits is not null && h.Entry.Person != state.Victim)
            .Select(h => Judge(state, CandidateScoring.Score(h, state.Kind, now, options), apart, assigning))
            .OrderByDescending(c => c.Score).ThenBy(c => c.EtaSeconds).ThenBy(c => c.Responder)
            .Take(MostKept)];

    /// <summary>The smallest set, best first, of whom somebody accepts with the target probability; at most the cap.</summary>
    public static ImmutableArray<Candidate> Wave(ImmutableArray<Candidate> ranked, DispatchOptions options)
    {
        var nobody = 1.0;
        var wave = ImmutableArray.CreateBuilder<Candidate>();
        foreach (var candidate in ranked.Where(MayBeAsked))
        {
            if (wave.Count >= options.WaveCap || 1 - nobody >= options.WaveTarget) break;
            wave.Add(candidate);
            nobody *= 1 - candidate.Acceptance;
        }

        return wave.ToImmutable();
    }

    /// <summary>True when nothing but not being needed speaks against asking.</summary>
    public static bool MayBeAsked(Candidate candidate) => candidate.Reason == "not-needed";

    /// <summary>Keeps who was looked at, with scores and reasons, in a record of its own.</summary>
    public static void Keep(AlertState state, ImmutableArray<Candidate> ranked, ImmutableArray<Candidate> chosen, string purpose, int warming, DateTimeOffset now, DispatchOptions options)
    {
        var ids = chosen.Select(c => c.Responder).ToHashSet();
        var kept = ranked.Select(c => ids.Contains(c.Responder) ? c with { Chosen = true, Reason = "chosen" } : c).ToImmutableArray();
        state.CandidateSets++;
        state.Send(new OutboxItem
        {
            Kind = OutboxKind.Candidates,
            Candidates = new CandidateSet(state.CandidateSets, now, options.Rings[state.Ring], purpose, warming, kept),
        });
    }

    // Silent to an offer is no answer to being assigned: she may be the best there is. But others come first.
    private static Candidate Judge(AlertState state, Candidate candidate, IReadOnlySet<Guid> apart, bool assigning)
    {
        if (apart.Contains(candidate.Responder)) return candidate with { Reason = AlertSeparation.Word };
        if (!MayBeAsked(candidate) || state.OfferOf(candidate.Responder) is not { } offer) return candidate;
        return offer.Answer switch
        {
            OfferAnswer.Declined => candidate with { Reason = "declined-before" },
            OfferAnswer.Open when !assigning => candidate with { Reason = "asked-already" },
            OfferAnswer.Silent when offer.Tour == state.Exhausted && (offer.Assigned || !assigning) => candidate with { Reason = "silent-before" },
            OfferAnswer.Silent => candidate with { Acceptance = candidate.Acceptance / 2, Score = candidate.Score / 2 },
            _ => candidate,
        };
    }
}
