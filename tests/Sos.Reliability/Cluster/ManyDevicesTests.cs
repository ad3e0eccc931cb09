using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Sos.Simulator.Reporting;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Reliability.Cluster;

/// <summary>Devices over three processes: a press reaches those who are asked, whichever process holds their connections.</summary>
public sealed class ManyDevicesTests
{
    /// <summary>Devices of one responder: over all processes in turn.</summary>
    private const int DevicesEach = 10;

    private const int SignInsAtOnce = 16;
    private const int Callers = 20;

    /// <summary>10,000 by default; SOS_DEVICES for fewer.</summary>
    private static readonly int Devices = int.TryParse(Environment.GetEnvironmentVariable("SOS_DEVICES"), out var devices) ? devices : 10_000;

    private static readonly int Presses = int.TryParse(Environment.GetEnvironmentVariable("SOS_PRESSES"), out var presses) ? presses : 300;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Nothing but the press makes an offer.</summary>
    private static readonly Dictionary<string, string> OneWave = new()
    {
        ["Sos:Dispatch:AutoAssignAfter"] = "06:00:00",
        ["Sos:Dispatch:AnswerTime"] = "06:00:00",
        ["Sos:Dispatch:RetryEvery"] = "06:00:00",
        ["Sos:Dispatch:NudgeAfter"] = "06:00:00",
    };

    [Fact]
    public async Task A_press_reaches_every_device_of_everybody_who_is_asked()
    {
        await using var silos = await ThreeSilos.Start(OneWave);
        var heard = new ConcurrentDictionary<Arrival, long>();
        var hubs = new ConcurrentBag<HubClient>();
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce };
            await Parallel.ForAsync(0, Devices / DevicesEach, parallel, async (i, token) =>
            {
                var responder = await silos.Population.Responder(i, token);
                (await responder.Put("responders/me", new { onDuty = true, capacity = 10, transport = "car" }, token)).Require();
                (await responder.Post("responders/me/position", Place(i), token)).Require();
                for (var device = 0; device < DevicesEach; device++)
                    {
                    var number = device;
                    var server = silos.Servers[(i + device) % silos.Servers.Count].Address;
                    hubs.Add(await responder.Connect("responders", message => Hear(message, responder.UserId, number, heard), server, token));
                }
            });
            var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => silos.Population.Caller(i)));

            var pressed = new ConcurrentDictionary<Guid, long>();
            using var timer = new PeriodicTimer(Between);
            for (var i = 0; i < Presses && await timer.WaitForNextTickAsync(); i++) await Press(callers[i % Callers], i, pressed);
            await Settled(heard, pressed);

            var times = new Histogram();
            foreach (var (arrival, at) in heard) times.Record(Stopwatch.GetElapsedTime(pressed[arrival.Alert], at));
            var asked = heard.Keys.CountBy(arrival => (arrival.Alert, arrival.Responder)).ToList();
            var whole = asked.Count(devices => devices.Value == DevicesEach);
            ServerUnderFire.Say(
                $"{hubs.Count} devices of {Devices / DevicesEach} responders over {silos.Servers.Count} processes: {Presses} presses, {asked.Count} asked, {whole} of them on all of their {DevicesEach} devices, "
                + $"{times.Count} arrivals; press → device p50 {times.Quantile(0.5).TotalMilliseconds:F0} ms, p99 {times.Quantile(0.99).TotalMilliseconds:F0} ms, longest {times.Longest.TotalMilliseconds:F0} ms");
            Assert.Equal(Presses, heard.Keys.Select(arrival => arrival.Alert).Distinct().Count());
            Assert.Equal(asked.Count, whole);
        }
        finally
        {
            await Parallel.ForEachAsync(hubs, async (hub, _) => await hub.DisposeAsync());
        }
    }

    private static async Task Press(ApiClient caller, int number, ConcurrentDictionary<Guid, long> pressed)
    {
        var id = Guid.CreateVersion7();
        pressed[id] = Stopwatch.GetTimestamp();
        (await caller.Post("alerts", new { id, kind = "medical", position = Place(number * 7), holdSeconds = 0 })).Require();

        // Called off a moment later, when her turn comes again: a caller has one open alert.
        _ = CancelLater(caller, id);
    }

    private static async Task CancelLater(ApiClient caller, Guid id)
    {
        using var timer = new PeriodicTimer(Between * (Callers - 5));
        await timer.WaitForNextTickAsync();
        (await caller.Post($"alerts/{id}/cancel", new { reason = "next" })).Require();
    }

    /// <summary>Waits until everybody who was asked has heard it everywhere, or nothing comes any more.</summary>
    private static async Task Settled(ConcurrentDictionary<Arrival, long> heard, ConcurrentDictionary<Guid, long> pressed)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Between);
        while (await timer.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(began) < Patience)
        {
            var asked = heard.Keys.CountBy(arrival => (arrival.Alert, arrival.Responder)).ToList();
            if (asked.All(devices => devices.Value == DevicesEach) && asked.DistinctBy(devices => devices.Key.Alert).Count() == pressed.Count) return;
        }
    }

    private static void Hear(HubMessage message, Guid responder, int device, ConcurrentDictionary<Arrival, long> heard)
    {
        if (message.Target != "inboxChanged") return;
        var item = message.Arguments[0].Deserialize<InboxItemAnswer>(ApiJson.Options)!;
        if (item.Delivery is { Kind: "offer" }) heard.TryAdd(new Arrival(item.Delivery.AlertId, responder, device), message.ReceivedAt);
    }

    /// <summary>A country of 30 × 30 places, 2 km apart.</summary>
    private static object Place(int number) => new { latitude = 45 + 0.02 * (number % 30), longitude = -29 + 0.03 * (number / 30 % 30), accuracy = 10, at = DateTimeOffset.UtcNow };

    /// <summary>An offer on a device.</summary>
    private readonly record struct Arrival(Guid Alert, Guid Responder, int Device);
}
