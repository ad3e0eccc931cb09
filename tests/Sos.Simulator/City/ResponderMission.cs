using System.Net;
using System.Net.WebSockets;
using Sos.Contracts.Geo;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Simulator.City;

/// <summary>What a responder does about an alert: looks, decides, goes, helps, reports; or stops when she is no longer needed.</summary>
internal sealed class ResponderMission(Person me, Mover mover, Pace pace, Journal journal)
{
    private static readonly TimeSpan CareOnScene = TimeSpan.FromMinutes(12);

    private readonly Lock _gate = new();
    private Guid? _alert;
    private CancellationTokenSource? _stop;

    /// <summary>Answers an offer or an assignment; never fails, whatever comes of it.</summary>
    public async Task Answer(DeliveryAnswer delivery, CallsOptions options, HubClient hub)
    {
        try
        {
            await Acknowledge(hub, delivery.AlertId, seen: false);
            var luck = me.Chance();
            await pace.Pause(me.Reaction(1), CancellationToken.None);
            await Acknowledge(hub, delivery.AlertId, seen: true);
            await pace.Pause(me.Reaction(1.5), CancellationToken.None);
            if (luck < options.Accept) await Help(delivery);
            else if (luck < options.Accept + options.Decline) await Say(delivery.AlertId, "decline", delivery.Version, CancellationToken.None);
        }
        catch (Exception trouble) when (trouble is not OutOfMemoryException)
        {
            // Nobody awaits this task: what went wrong is told at the end of the run.
            journal.Fault($"{delivery.AlertId}: a responder's {trouble.GetType().Name}: {trouble.Message}");
        }
    }

    /// <summary>She is no longer needed at this alert.</summary>
    public void StandDown(Guid alert)
    {
        lock (_gate)
            if (_alert == alert) _stop?.Cancel();
    }

    private static async Task Acknowledge(HubClient hub, Guid alert, bool seen)
    {
        try
        {
            await hub.Send("acknowledge", alert, seen);
        }
        catch (Exception ended) when (ended is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A receipt may be lost; the service asks again or sends a text message.
        }
    }

    private async Task Help(DeliveryAnswer delivery)
    {
        using var stop = new CancellationTokenSource();
        lock (_gate)
        {
            if (_alert is not null) return; // on the way to somebody else: silence is an answer too
            _alert = delivery.AlertId;
            _stop = stop;
        }

        try
        {
            var accepted = await Say(delivery.AlertId, "accept", delivery.Version, CancellationToken.None);
            if (accepted.Succeeded) await Go(accepted.Read<AlertAnswer>(), stop.Token);
            else if (accepted.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound) journal.CountLostRace();
            else journal.Fault($"{delivery.AlertId}: accept was answered {accepted}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stood down on the way.
        }
        finally
        {
            lock (_gate)
            {
                _alert = null;
                _stop = null;
            }

            mover.Release();
        }
    }

    private async Task Go(AlertAnswer alert, CancellationToken cancellationToken)
    {
        journal.CountAccepted();
        await pace.Pause(me.Reaction(1), cancellationToken);
        if (await Advance(alert, "en-route", cancellationToken) is not { } underWay) return;
        var target = underWay.Position is { } position ? new GeoPoint(position.Latitude, position.Longitude) : mover.Here();
        await pace.Pause(mover.GoTo(target), cancellationToken);
        if (await Advance(underWay, "on-scene", cancellationToken) is not { } there) return;
        await pace.Wait(CareOnScene, cancellationToken);
        if (await Advance(there, "resolve", cancellationToken) is not null) journal.CountFinished();
    }

    /// <summary>The next step; null when it is no longer hers to take.</summary>
    private async Task<AlertAnswer?> Advance(AlertAnswer alert, string move, CancellationToken cancellationToken)
    {
        var answer = await Say(alert.Id, move, alert.Version, cancellationToken);
        if (answer.Succeeded) return answer.Read<AlertAnswer>();
        if (answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound)) journal.Fault($"{alert.Id}: {move} was answered {answer}");
        return null;
    }

    private Task<ApiAnswer> Say(Guid alert, string move, long version, CancellationToken cancellationToken) =>
        me.Insist(HttpMethod.Post, $"alerts/{alert}/{move}", new { version }, journal, pace, cancellationToken);
}
