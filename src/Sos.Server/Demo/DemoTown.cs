using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Server.MadeUp;

namespace Sos.Server.Demo;

/// <summary>Start → everybody is hired and the links are printed; then a second of everybody's life each second.</summary>
internal sealed class DemoTown(
    DemoCity city, DemoCast cast, DemoScene scene, IGrainFactory grains, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DemoTown> logger)
    : BackgroundService
{
    private const int QuietEach = 8;

    private readonly Random _random = new(11);
    private readonly Channel<(GeoPoint Near, TaskCompletionSource<bool> Pressed)> _wishes = Channel.CreateUnbounded<(GeoPoint, TaskCompletionSource<bool>)>();

    private readonly TaskCompletionSource _awake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when everybody is hired.</summary>
    public Task Awake => _awake.Task;

    /// <summary>Has somebody press a few hundred metres away within the next second; false when everybody has an alert open.</summary>
    public Task<bool> PressNear(GeoPoint place)
    {
        var pressed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wishes.Writer.TryWrite((place, pressed));
        return pressed.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        await cast.Hire();
        var responders = cast.MadeUpResponders.Select(Live).ToList();
        foreach (var responder in responders) await responder.GoOnDuty(time.GetUtcNow());
        var callers = new MadeUpCallers(cast, city, grains, _random);
        _awake.SetResult();
        Print();

        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            await Task.WhenAll(responders.Select(responder => PlayedStep.Try(logger, () => responder.Step(now))));
            await PlayedStep.Try(logger, () => callers.Step(now));
            while (_wishes.Reader.TryRead(out var wish)) await PlayedStep.Try(logger, () => Grant(wish.Near, wish.Pressed, callers, now));
            await PlayedStep.Try(logger, () => scene.Look(responders, now));
        }
    }

    private MadeUpResponder Live(CastMember member, int number)
    {
        var random = new Random(100 + number);
        return new MadeUpResponder(member, new Islander(city, random), grains, random, quiet: number % QuietEach == QuietEach - 1);
    }

    private async Task Grant(GeoPoint near, TaskCompletionSource<bool> pressed, MadeUpCallers callers, DateTimeOffset now)
    {
        try
        {
            pressed.SetResult(await callers.Press(city.SomewhereOnAStreet(_random, Distance.FromMetres(500), near), now));
        }
        catch (Exception trouble)
        {
            pressed.TrySetException(trouble);
            throw;
        }
    }

    // A step that fails is one second of one made-up life: told, and the next second is tried.
    private void Print()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("[::]", "localhost", StringComparison.Ordinal).TrimEnd('/');
        Console.WriteLine($"\n{DemoCity.Name} is awake: {cast.MadeUpResponders.Length} responders on duty, people who press. Open a side in the browser:\n");
        Console.WriteLine($"  {"the city",-10} {address}/demo");
        foreach (var side in cast.Visitors) Console.WriteLine($"  {side.Role,-10} {address}/demo#{side.Role}.{side.Key}   {side.Words}");
        Console.WriteLine("\nCtrl+C ends it.\n");
    }
}
