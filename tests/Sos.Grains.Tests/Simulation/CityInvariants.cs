using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Privacy;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Privacy;

namespace Sos.Grains.Tests.Simulation;

/// <summary>What must hold when the storm is over: I1–I7 of the accounting, and that nothing is held for ever.</summary>
internal sealed class CityInvariants(SimulatedCity city, Inhabitants people)
{
    private static readonly AlertReader Staff = new(Guid.Empty, true, ["*"]);
    private static readonly AlertStatus[] Held = [AlertStatus.Accepted, AlertStatus.EnRoute, AlertStatus.OnScene];

    private readonly List<string> _broken = [];
    private readonly List<(Guid Responder, Guid Alert, DateTimeOffset From, DateTimeOffset To)> _held = [];

    /// <summary>Seconds from each press to the first assignment by the service, where somebody was free: nobody had accepted and staff had not had to be called.</summary>
    public List<double> AssignedAfter { get; } = [];

    /// <summary>Every invariant that is broken, in words; empty when all hold.</summary>
    public async Task<IReadOnlyList<string>> Check()
    {
        foreach (var intent in people.Intents) await CheckAlert(intent);
        await CheckNoPhantom();
        CheckOneAtATime();
        foreach (var responder in people.Responders) await CheckResponder(responder);
        foreach (var surprise in city.Surprises) _broken.Add($"An answer that nobody should get: {surprise}");
        return _broken;
    }

    private async Task CheckAlert(Intent intent)
    {
        var view = await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).View(Staff));
        Must(view is not null, $"I1: {intent.Alert} was acknowledged and is gone");
        if (view is null) return;
        Must(view.Staff!.Victim == intent.Victim && view.Kind == intent.Kind, $"I1: {intent.Alert} is not what was pressed");
        Must(view.Status >= AlertStatus.Resolved, $"{intent.Alert} was never closed: {view.Status}");
        Must(!intent.Cancelled || view.Status == AlertStatus.Cancelled, $"I1: {intent.Alert} was cancelled and is {view.Status}");
        var story = await Story(intent.Alert);
        CheckStory(intent.Alert, story);
        await CheckVictim(intent, story);
        await CheckEnd(view);
        Must(await city.Call(g => g.GetGrain<IUserGrain>(intent.Victim).OpenAlert()) is null, $"The user of {intent.Alert} still has it open");
    }

    // Whatever was killed in between: the reminder that ends the alert's data is there.
    private async Task CheckEnd(AlertView view)
    {
        if (view.ClosedAt is not { } closed) return;
        var bucket = city.Silo.Client.GetGrain<IRetentionBucketGrain>(RetentionBuckets.KeyOf(closed + new PrivacyOptions().Retention, view.Id, 0)).GetGrainId();
        var rows = await city.Silo.Services.GetRequiredService<IReminderTable>().ReadRows(bucket);
        Must(rows.Reminders.Count == 1, $"R-21: nothing will ever end the data of {view.Id}");
    }

    private async Task<List<AlertEvent>> Story(Guid alert)
    {
        var story = new List<AlertEvent>();
        while (true)
        {
            var after = story.Count == 0 ? 0 : story[^1].Seq;
            var page = await city.Call(g => g.GetGrain<IAlertGrain>(alert).Events(Staff, after, 50));
            story.AddRange(page!.Events);
            if (!page.More) return story;
        }
    }

    private void CheckStory(Guid alert, List<AlertEvent> story)
    {
        Must(story.Select(e => e.Seq).SequenceEqual(Enumerable.Range(1, story.Count).Select(i => (long)i)), $"I4: {alert} has gaps or doubles in its numbers");
        Must(story.Count > 0 && story[0].Kind == AlertEventKind.Raised && story.Count(e => e.Kind == AlertEventKind.Raised) == 1, $"I3: {alert} was not raised just once");
        var first = story.Find(e => e is { Kind: AlertEventKind.Assigned or AlertEventKind.Accepted or AlertEventKind.StaffTold } || e.Kind == AlertEventKind.RingWidened && e.At >= story[0].At.AddSeconds(30));
        if (first is { Kind: AlertEventKind.Assigned, By: Actor.Service }) AssignedAfter.Add((first.At - story[0].At).TotalSeconds);
        var status = AlertStatus.None;
        (Guid Who, DateTimeOffset Since)? holder = null;
        foreach (var e in story)
        {
            Must(IsLegal(status, e.Status) || IsTakenOff(status, e), $"I6: {alert} went from {status} to {e.Status} at {e.Seq} ({e.Kind})");
            if (e is { Kind: AlertEventKind.Assigned, By: Actor.Service })
                Must(e.At >= story[0].At.AddSeconds(30), $"I5: {alert} was assigned by the service {(e.At - story[0].At).TotalSeconds:0.0} s after the press");
            if (e.Kind == AlertEventKind.Accepted) Must(holder is null || !Held.Contains(status) || holder.Value.Who == e.Responder, $"I7: {alert} has two winners at {e.Seq}");
            holder = Follow(alert, holder, e);
            status = e.Status;
        }
    }

    private (Guid, DateTimeOffset)? Follow(Guid alert, (Guid Who, DateTimeOffset Since)? holder, AlertEvent e)
    {
        var next = e.Kind switch
        {
            AlertEventKind.Assigned or AlertEventKind.Accepted => (e.Responder!.Value, holder?.Who == e.Responder ? holder.Value.Since : e.At),
            AlertEventKind.Unassigned => null,
            _ => e.Status >= AlertStatus.Resolved ? null : holder,
        };
        if (holder is { } before && next?.Item1 != before.Who) _held.Add((before.Who, alert, before.Since, e.At));
        return next;
    }

    private async Task CheckVictim(Intent intent, List<AlertEvent> story)
    {
        var page = await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).Events(new AlertReader(intent.Victim, false, []), 0, 200));
        var seen = page!.Events;
        long last = 0;
        foreach (var e in seen)
        {
            if (story.Count <= 48) Must(e.Prev == last, $"I4: the victim of {intent.Alert} cannot tell what she missed before {e.Seq}");
            last = e.Seq;
        }

        Must(seen[^1].Status >= AlertStatus.Resolved, $"The victim of {intent.Alert} was never told that it is over");
    }

    private async Task CheckNoPhantom()
    {
        var known = people.Intents.Select(i => i.Alert.ToString("N")).ToHashSet();
        var stored = (await city.Disk.Scan("sos.alert/alert", null, 1000)).Records;
        Must(stored.Count == known.Count, $"I2/I3: {stored.Count} alerts are stored, {known.Count} were pressed");
        foreach (var record in stored) Must(known.Contains(record.Key.Key.Replace("-", "")), $"I2: nobody pressed {record.Key}");
    }

    // A reservation lasts at least from the event that names her to the one that takes her off: two of them never overlap.
    private void CheckOneAtATime()
    {
        foreach (var group in _held.GroupBy(h => h.Responder))
        {
            var inOrder = group.OrderBy(h => h.From).ToList();
            for (var i = 1; i < inOrder.Count; i++)
                Must(inOrder[i].From >= inOrder[i - 1].To, $"I7: a responder held {inOrder[i - 1].Alert} and {inOrder[i].Alert} at once");
        }
    }

    private async Task CheckResponder(Guid responder)
    {
        var view = await city.Call(g => g.GetGrain<IResponderGrain>(responder).View());
        Must(view!.Engaged == 0, $"A responder is still held for {view.Engaged} closed alerts");
        var inbox = await city.Call(g => g.GetGrain<IResponderGrain>(responder).Inbox(0));
        Must(inbox.Select(i => (i.Delivery.AlertId, i.Delivery.Kind, i.Delivery.Round)).Distinct().Count() == inbox.Length, "I4: an inbox item was put in twice");
        Must(inbox.Select(i => i.Seq).Distinct().Count() == inbox.Length, "I4: an inbox number was used twice");
    }

    // From the scene somebody goes only when staff suspends her (decision 16); nobody blocks anybody in this city.
    private static bool IsTakenOff(AlertStatus from, AlertEvent e) => from == AlertStatus.OnScene && e is { Kind: AlertEventKind.Unassigned, Status: AlertStatus.Offered, By: Actor.Staff };

    private static bool IsLegal(AlertStatus from, AlertStatus to) => from == to || (from, to) switch
    {
        (AlertStatus.None, AlertStatus.Raised) => true,
        (AlertStatus.Raised, AlertStatus.Offered) => true,
        (AlertStatus.Offered, AlertStatus.Accepted) => true,
        (AlertStatus.Accepted, AlertStatus.EnRoute or AlertStatus.Offered) => true,
        (AlertStatus.EnRoute, AlertStatus.OnScene or AlertStatus.Offered) => true,
        ( > AlertStatus.None and < AlertStatus.Resolved, AlertStatus.Resolved or AlertStatus.Cancelled or AlertStatus.FalseAlarm) => true,
        _ => false,
    };

    private void Must(bool holds, string otherwise)
    {
        if (!holds) _broken.Add(otherwise);
    }
}
