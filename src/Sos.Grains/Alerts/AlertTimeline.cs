using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;

namespace Sos.Grains.Alerts;

/// <summary>Writing into an alert's record: events and outbox items, numbered; bounded.</summary>
internal static class AlertTimeline
{
    /// <summary>Events of a history segment.</summary>
    public const int SegmentLength = 48;

    /// <summary>Events kept in the record at most, but for what the outbox has not yet moved.</summary>
    public const int MostEvents = 96;

    /// <summary>Offers kept at most; beyond it the oldest who did not answer are forgotten and may be asked anew.</summary>
    public const int MostOffers = 64;

    private const int MostResults = 32;
    private static readonly TimeSpan KeepResults = TimeSpan.FromHours(24);

    /// <summary>Adds an event with the next sequence number and the status as it now is.</summary>
    public static void Add(
        this AlertState state, DateTimeOffset now, AlertEventKind kind, Actor by, Guid? who = null, string? name = null, string? text = null,
        int? count = null, double? etaSeconds = null, PositionFix? position = null, Guid? responder = null, Guid? attachment = null)
    {
        state.Seq++;
        state.Timeline.Add(new AlertEvent(Guid.Empty, state.Seq, state.Seq - 1, now, kind, state.Status, by, who, name, text, count, etaSeconds, position, responder, attachment));
        if (state.Timeline.Count > MostEvents && !state.Outbox.Exists(o => o.Kind == OutboxKind.History))
            state.Send(new OutboxItem { Kind = OutboxKind.History });
        if (by == Actor.Staff) AlertAudit.Mark(state);
    }

    /// <summary>Puts an item into the outbox.</summary>
    public static void Send(this AlertState state, OutboxItem item)
    {
        item.Id = ++state.OutboxId;
        state.Outbox.Add(item);
    }

    /// <summary>Puts an inbox item for a responder into the outbox.</summary>
    public static void Deliver(this AlertState state, Guid alertId, Guid responder, InboxKind kind, int round, Briefing? briefing, string? reason = null) =>
        state.Send(new OutboxItem
        {
            Kind = OutboxKind.Deliver,
            Target = responder,
            Delivery = new InboxDelivery(alertId, state.NextVersion, kind, round, briefing, reason),
        });

    /// <summary>Puts a text message into the outbox.</summary>
    public static void Text(this AlertState state, Guid person, TextTemplate template) =>
        state.Send(new OutboxItem { Kind = OutboxKind.Text, Target = person, Template = template });

    /// <summary>Frees a responder's reservation, or counts how a mere request of hers ended.</summary>
    public static void Release(this AlertState state, Guid responder, long version, ReleaseReason reason) =>
        state.Send(new OutboxItem { Kind = OutboxKind.Release, Target = responder, Version = version, Reason = reason });

    /// <summary>Tells everybody who waits or holds, but for one, that she is no longer needed.</summary>
    public static void StandDownOthers(this AlertState state, Guid alertId, Guid? except, string reason)
    {
        foreach (var offer in state.Offers.Where(o => o.Responder != except && o.Answer is OfferAnswer.Open or OfferAnswer.Silent))
        {
            offer.Answer = OfferAnswer.StoodDown;
            state.Deliver(alertId, offer.Responder, InboxKind.StandDown, offer.Round, null, reason);
        }
    }

    /// <summary>The answer to a command with a key that was carried out before; null when it is new.</summary>
    public static AlertRefusal? Repeated(this AlertState state, CommandKey? key)
    {
        if (key is null || state.Results.Find(r => r.Key == key.Key) is not { } known) return null;
        return known.Fingerprint == key.Fingerprint ? AlertRefusal.None : AlertRefusal.KeyReused;
    }

    /// <summary>Remembers a command that is being carried out, for 24 h and at most 32 of them.</summary>
    public static void Remember(this AlertState state, CommandKey? key, DateTimeOffset now)
    {
        if (key is null) return;
        state.Results.RemoveAll(r => now - r.At > KeepResults);
        if (state.Results.Count >= MostResults) state.Results.RemoveAt(0);
        state.Results.Add(new CommandResult { Key = key.Key, Fingerprint = key.Fingerprint, At = now });
    }

    /// <summary>Keeps the list of offers bounded: forgets the oldest who never answered, then the oldest who are done.</summary>
    public static void TrimOffers(this AlertState state)
    {
        while (state.Offers.Count > MostOffers)
        {
            var index = state.Offers.FindIndex(o => o.Answer is OfferAnswer.Silent or OfferAnswer.StoodDown);
            if (index < 0) index = state.Offers.FindIndex(o => o.Answer == OfferAnswer.Declined);
            if (index < 0) return;
            state.Offers.RemoveAt(index);
        }
    }
}
