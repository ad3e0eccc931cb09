using System.Collections.Concurrent;
using System.Net;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability;

/// <summary>
/// A caller and the one responder near her, who live alert after alert against a server that dies under them. Every command is
/// repeated with the same id until it is answered; what was answered is remembered and must be found again.
/// </summary>
internal sealed class Writer(ApiClient caller, ApiClient responder, int number, IntentLog log, Random random, ConcurrentDictionary<Guid, string> acknowledged)
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private readonly (double Latitude, double Longitude) _place = (47 + 0.5 * number, -28);
    private long _inbox;

    public ApiClient Caller => caller;

    /// <summary>Answers that left open what had happened.</summary>
    public int Unknown { get; private set; }

    /// <summary>Lives that went all the way to resolved.</summary>
    public int Resolved { get; private set; }

    /// <summary>4xx that a press or a step of one's own alert must never get.</summary>
    public ConcurrentBag<string> Refusals { get; } = [];

    public async Task Run(CancellationToken enough)
    {
        await Insist(responder, HttpMethod.Put, "responders/me", new { onDuty = true, capacity = 1, transport = "car" });
        while (!enough.IsCancellationRequested)
        {
            var whole = random.Next(4) == 0;
            var intent = new Intent(Guid.CreateVersion7(), caller.UserId, "medical", _place.Latitude, _place.Longitude, $"writer {number}: {random.Next()}");
            await log.Intend(intent);
            if (whole) await Insist(responder, HttpMethod.Post, "responders/me/position", Position());
            var pressed = await Step(intent.Id, caller, "", new { id = intent.Id, kind = intent.Kind, position = Position(), note = intent.Note, holdSeconds = whole ? 0 : 10 });
            await log.Settle(intent.Id, pressed.Certainty);
            if (!whole || !await Help(intent.Id, enough)) await Step(intent.Id, caller, "/cancel", new { reason = "next" });
        }
    }

    /// <summary>The responder is asked, goes, helps; false when nobody asked her in time.</summary>
    private async Task<bool> Help(Guid alert, CancellationToken enough)
    {
        if (await Asked(alert, enough) is not { } version) return false;
        foreach (var move in (string[])["/accept", "/en-route", "/on-scene", "/resolve"])
        {
            var answer = await Step(alert, responder, move, new { version });
            // A repeat of a resolve whose first answer was lost finds an alert that is no longer hers to see.
            if (!answer.Succeeded) return move == "/resolve";
            version = answer.Read<AlertAnswer>().Version;
        }

        Resolved++;
        return true;
    }

    private async Task<long?> Asked(Guid alert, CancellationToken enough)
    {
        for (var look = 0; look < 200 && !enough.IsCancellationRequested; look++)
        {
            var answer = await Insist(responder, HttpMethod.Get, $"responders/me/inbox?after={_inbox}", null);
            var page = answer.Read<InboxPageAnswer>();
            foreach (var item in page.Items)
            {
                // What was about a closed alert is gone from the inbox, so numbers are missing; they never come twice or backwards.
                if (item.Seq <= _inbox) Refusals.Add($"inbox: {item.Seq} follows {_inbox}");
                _inbox = item.Seq;
            }

            if (page.Items.LastOrDefault(item => item.Delivery.AlertId == alert && item.Delivery.Kind is "offer" or "assigned") is { } asked) return asked.Delivery.Version;
            await Pause();
        }

        return null;
    }

    private async Task<ApiAnswer> Step(Guid alert, ApiClient who, string move, object body)
    {
        var before = Unknown;
        var answer = await Insist(who, HttpMethod.Post, move == "" ? "alerts" : $"alerts/{alert}{move}", body);
        if (answer.Succeeded)
        {
            var view = answer.Read<AlertAnswer>();
            if (view.Id != alert) Refusals.Add($"{alert}{move} was answered with {view.Id}");
            else acknowledged[alert] = view.Status;
        }
        else if (move is "" or "/cancel" && !(before < Unknown && answer.Status is HttpStatusCode.Conflict)) Refusals.Add($"{alert}{move}: {answer}");

        return answer;
    }

    private async Task<ApiAnswer> Insist(ApiClient who, HttpMethod method, string path, object? body)
    {
        while (true)
        {
            var answer = await who.Send(method, path, body, CancellationToken.None);
            if (answer.Certainty != Certainty.Unknown) return answer;
            Unknown++;
            await Pause();
        }
    }

    private object Position() => new { latitude = _place.Latitude, longitude = _place.Longitude, accuracy = 10, at = DateTimeOffset.UtcNow };

    private static async Task Pause()
    {
        using var timer = new PeriodicTimer(Between);
        await timer.WaitForNextTickAsync();
    }
}
