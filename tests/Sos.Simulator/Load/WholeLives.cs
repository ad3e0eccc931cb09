using System.Diagnostics;
using Sos.Contracts.Geo;
using Sos.Simulator.Reporting;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Simulator.Load;

/// <summary>Whole lives: raised, offered over the hub, accepted, under way, there, resolved. Each worker is a caller and a responder, 10 km apart from the next.</summary>
internal static class WholeLives
{
    private const int Pairs = 64;
    private static readonly TimeSpan OfferLimit = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(Population population, ApiClient[] callers, LoadOptions options, CancellationToken cancellationToken)
    {
        var pairs = Math.Min(Math.Min(Pairs, options.Workers), callers.Length);
        var responders = await LoadRun.SignIn(pairs, "Pairs", (i, token) => population.Responder(90_000 + i, token), cancellationToken);
        var times = new Histogram();
        var offers = new Histogram();
        var failed = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, pairs).Select(async i =>
        {
            var place = new GeoPoint(47 + 0.1 * (i / 8), -28 + 0.15 * (i % 8));
            await using var pair = await LifePair.Meet(callers[i], responders[i], place, cancellationToken);
            while (Stopwatch.GetElapsedTime(began) < options.Duration)
                if (!await pair.Live(times, offers, OfferLimit)) Interlocked.Increment(ref failed);
        }));
        var took = Stopwatch.GetElapsedTime(began);
        Console.WriteLine($"Whole lives: {times.Count} in {took.TotalSeconds:F1} s by {pairs} pairs: {times.Count / took.TotalSeconds:F0}/s, {failed} failed");
        Console.WriteLine($"  {"",-26}{"n",8}{"p50",11}{"p90",11}{"p99",11}{"longest",11}");
        Console.WriteLine($"  {"press → offer on device",-26}{offers.Count,8}{offers}");
        Console.WriteLine($"  {"press → resolved",-26}{times.Count,8}{times}");
        return failed;
    }
}

/// <summary>A caller and the one responder near her.</summary>
internal sealed class LifePair : IAsyncDisposable
{
    private readonly ApiClient _caller;
    private readonly ApiClient _responder;
    private readonly GeoPoint _place;
    private readonly HubClient _hub;

    private LifePair(ApiClient caller, ApiClient responder, GeoPoint place, HubClient hub) => (_caller, _responder, _place, _hub) = (caller, responder, place, hub);

    public static async Task<LifePair> Meet(ApiClient caller, ApiClient responder, GeoPoint place, CancellationToken cancellationToken)
    {
        (await responder.Put("responders/me", new { onDuty = true, capacity = 1, transport = "car" }, cancellationToken)).Require();
        var position = new { latitude = place.Latitude, longitude = place.Longitude, accuracy = 10, at = DateTimeOffset.UtcNow };
        (await responder.Post("responders/me/position", position, cancellationToken)).Require();
        return new LifePair(caller, responder, place, await responder.Connect("responders", cancellationToken: cancellationToken));
    }

    /// <summary>One alert from press to resolved; false when a step was refused or nobody was asked in time.</summary>
    public async Task<bool> Live(Histogram times, Histogram offers, TimeSpan offerLimit)
    {
        var began = Stopwatch.GetTimestamp();
        var pressed = await _caller.Post("alerts", new { id = Guid.CreateVersion7(), kind = "medical", position = new { latitude = _place.Latitude, longitude = _place.Longitude }, holdSeconds = 0 });
        if (!pressed.Succeeded) return false;
        var id = pressed.Read<AlertAnswer>().Id;
        if (await Asked(id, offerLimit) is not { } version) return false;
        offers.Record(Stopwatch.GetElapsedTime(began));
        foreach (var move in (string[])["accept", "en-route", "on-scene", "resolve"])
        {
            var answer = await _responder.Post($"alerts/{id}/{move}", new { version });
            if (!answer.Succeeded) return false;
            version = answer.Read<AlertAnswer>().Version;
        }

        times.Record(Stopwatch.GetElapsedTime(began));
        return true;
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private async Task<long?> Asked(Guid alert, TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await foreach (var message in _hub.Messages.ReadAllAsync(patience.Token))
            {
                if (message.Target != "inboxChanged") continue;
                var item = System.Text.Json.JsonSerializer.Deserialize<InboxItemAnswer>(message.Arguments[0], ApiJson.Options)!;
                if (item.Delivery.AlertId == alert && item.Delivery.Kind is "offer" or "assigned") return item.Delivery.Version;
            }
        }
        catch (OperationCanceledException)
        {
            // Not asked in time: counted as failed.
        }

        return null;
    }
}
