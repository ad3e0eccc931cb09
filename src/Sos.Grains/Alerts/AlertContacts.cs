using Sos.Contracts.Alerts;
using Sos.Contracts.Users;

namespace Sos.Grains.Alerts;

/// <summary>What the victim's emergency contacts are told, and what they may follow.</summary>
internal static class AlertContacts
{
    /// <summary>A contact's link dies so long after the close.</summary>
    public static readonly TimeSpan FollowAfterClose = TimeSpan.FromHours(1);

    /// <summary>The countdown is over: contacts are told. In an order of its own, so that a gateway that hangs holds up nothing else.</summary>
    public static void Tell(AlertState state, Guid alertId)
    {
        state.ContactsAt = null;
        Send(state, alertId, ContactNews.Raised);
    }

    /// <summary>Who was told that it began is told that it is over; who was not hears nothing.</summary>
    public static void Close(AlertState state, Guid alertId, AlertStatus closed)
    {
        state.ContactsAt = null;
        if (!MayKnow(state)) return;
        Send(state, alertId, closed switch
        {
            AlertStatus.Cancelled => ContactNews.CalledOff,
            AlertStatus.FalseAlarm => ContactNews.FalseAlarm,
            _ => ContactNews.Safe,
        });
    }

    /// <summary>Messages were taken: the victim sees how many.</summary>
    public static void Told(AlertState state, int reached, DateTimeOffset now)
    {
        if (reached == 0) return;
        state.ContactsTold = true;
        state.Add(now, AlertEventKind.ContactsTold, Actor.Service, count: reached);
    }

    /// <summary>What a contact of this person may follow; null when there is nothing (any more).</summary>
    public static FollowedAlert? Follow(AlertState state, Guid victim, DateTimeOffset now)
    {
        var begun = state.Exists && state.ContactsAt is null && !(state.HoldUntil > now);
        if (!begun || state.Victim != victim || now - state.ClosedAt >= FollowAfterClose || !state.IsOpen && !MayKnow(state)) return null;
        var coming = state.IsOpen && state.Holder is { Accepted: true } && state.Status != AlertStatus.OnScene ? state.Holder : null;
        return new FollowedAlert(
            state.Status,
            state.Kind,
            state.RaisedAt,
            state.IsOpen ? state.Position : null,
            coming is null ? null : coming.At + TimeSpan.FromSeconds(coming.EtaSeconds),
            state.ClosedAt);
    }

    /// <summary>Contacts were told, or it is on its way and one may have read it before this record says so.</summary>
    private static bool MayKnow(AlertState state) => state.ContactsTold || state.Outbox.Exists(i => i.Kind == OutboxKind.Contacts);

    private static void Send(AlertState state, Guid alertId, ContactNews news) =>
        state.Send(new OutboxItem { Kind = OutboxKind.Contacts, Target = alertId, News = news });
}
