using Sos.Simulator.Calls;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>Somebody who presses SOS, holds on to the phone and watches what comes of it.</summary>
internal sealed class CallerAgent(Person me, CallsOptions options, Pace pace, Journal journal, IntentLog log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly string[] Closed = ["resolved", "cancelled", "false_alarm"];

    public ApiClient Api => me.Api;

    /// <summary>One call from the press to its end.</summary>
    public async Task Call(EmergencyCall call, CancellationToken cancellationToken)
    {
        var intent = new Intent(Guid.CreateVersion7(pace.Clock.GetUtcNow()), me.Id, call.Kind, call.Place.Latitude, call.Place.Longitude, "");
        intent = intent with { Note = $"{call.Title} ({intent.Id:N})" };
        await log.Intend(intent);
        journal.Pressed(intent.Id);
        var answer = await Press(intent, cancellationToken);
        await log.Settle(intent.Id, answer.Certainty);
        if (!answer.Succeeded)
        {
            journal.Fault($"{intent.Id}: the press was answered {answer}");
            return;
        }

        Compare(intent, answer);
        if (me.Chance() < options.Repeat)
        {
            journal.CountRepeat();
            Compare(intent, await Press(intent, cancellationToken));
        }

        await Watch(intent.Id, me.Chance() < options.Cancel, cancellationToken);
    }

    private async Task<ApiAnswer> Press(Intent intent, CancellationToken cancellationToken)
    {
        var started = pace.Clock.GetTimestamp();
        var position = new { latitude = intent.Latitude, longitude = intent.Longitude, accuracy = 15, at = pace.Clock.GetUtcNow() };
        var answer = await me.Insist(
            HttpMethod.Post, "alerts", new { id = intent.Id, kind = intent.Kind, position, note = intent.Note, holdSeconds = 0 }, journal, pace, cancellationToken);
        if (answer.Succeeded) journal.PressToAnswer.Record(pace.Clock.GetElapsedTime(started));
        return answer;
    }

    private void Compare(Intent intent, ApiAnswer answer)
    {
        if (answer.Succeeded && answer.Read<AlertAnswer>().Id is var id && id != intent.Id)
            journal.Fault($"{intent.Id}: the press was answered with alert {id}");
    }

    /// <summary>Pulls the events as they come, until the alert is closed; calls it off when the caller is one who does.</summary>
    private async Task Watch(Guid alert, bool callOff, CancellationToken cancellationToken)
    {
        long seen = 0;
        var status = "raised";
        for (var look = 0; !Closed.Contains(status); look++)
        {
            await pace.Pause(LookEvery, cancellationToken);
            if (callOff && look == 2)
                await me.Insist(HttpMethod.Post, $"alerts/{alert}/cancel", new { reason = "better now" }, journal, pace, cancellationToken);
            var answer = await me.Insist(HttpMethod.Get, $"alerts/{alert}/events?after={seen}", null, journal, pace, cancellationToken);
            foreach (var change in answer.Read<EventPageAnswer>().Events)
            {
                if (change.Prev != seen && change.Seq > seen) journal.Fault($"{alert}: the caller has {seen} and gets {change.Seq} after {change.Prev}");
                (seen, status) = (change.Seq, change.Status);
            }
        }
    }
}
