using System.Net.WebSockets;
using System.Text.Json;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Simulator.City;

/// <summary>A responder's phone and the person who holds it: on duty, on the move, asked, and sometimes on the way to somebody.</summary>
internal sealed class ResponderAgent(Person me, Mover mover, CallsOptions options, Pace pace, Journal journal)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromMilliseconds(500);

    private readonly ResponderMission _mission = new(me, mover, pace, journal);
    private long _inbox;

    /// <summary>Goes on duty; from then on she can be found.</summary>
    public async Task GoOnDuty(CancellationToken cancellationToken)
    {
        (await me.Api.Put("responders/me", new { onDuty = true, capacity = 1, transport = "car" }, cancellationToken)).Require();
        (await me.Api.Post("responders/me/position", Report(), cancellationToken)).Require();
    }

    /// <summary>Connects, and again whenever the connection ends; what was missed in between is pulled.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var hub = await me.Api.Connect("responders", cancellationToken: cancellationToken);
                using var whileConnected = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var reporting = ReportPositions(hub, whileConnected.Token);
                await Pull(hub, cancellationToken);
                await Listen(hub, cancellationToken);
                await whileConnected.CancelAsync();
                await reporting;
            }
            catch (Exception trouble) when (trouble is WebSocketException or HubCallException or IOException)
            {
                journal.CountRetry(new ApiAnswer(0, [], trouble.Message));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await pace.Pause(ReconnectAfter, CancellationToken.None);
        }
    }

    private object Report()
    {
        var here = mover.Here();
        return new { latitude = here.Latitude, longitude = here.Longitude, accuracy = 10, at = pace.Clock.GetUtcNow() };
    }

    private async Task ReportPositions(HubClient hub, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await hub.Send("report", Report());
                await pace.Pause(ReportEvery, cancellationToken);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The connection has ended; Run connects again.
        }
    }

    private async Task Listen(HubClient hub, CancellationToken cancellationToken)
    {
        await foreach (var message in hub.Messages.ReadAllAsync(cancellationToken))
        {
            if (message.Target != "inboxChanged") continue;
            var item = JsonSerializer.Deserialize<InboxItemAnswer>(message.Arguments[0], ApiJson.Options)!;
            if (item.Seq > _inbox + 1) await Pull(hub, cancellationToken);
            else Take(item, hub);
        }
    }

    /// <summary>Reads what the durable inbox holds beyond what has been seen.</summary>
    private async Task Pull(HubClient hub, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await me.Insist(HttpMethod.Get, $"responders/me/inbox?after={_inbox}", null, journal, pace, cancellationToken);
            var page = answer.Read<InboxPageAnswer>();
            if (page.Items.Length == 0) return;
            foreach (var item in page.Items) Take(item, hub);
        }
    }

    private void Take(InboxItemAnswer item, HubClient hub)
    {
        if (item.Seq <= _inbox) return;
        _inbox = item.Seq;
        switch (item.Delivery.Kind)
        {
            case "offer" or "assigned":
                journal.Reached(item.Delivery.AlertId);
                _ = _mission.Answer(item.Delivery, options, hub);
                break;
            case "stand_down":
                _mission.StandDown(item.Delivery.AlertId);
                break;
        }
    }
}
