using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Relatives;
using Sos.Grains.Tests.Responders;
using Sos.TestKit;

namespace Sos.Grains.Tests.Relatives;

/// <summary>A silo in which people report where they are, with a clock that stands until it is moved.</summary>
internal sealed class NearbyBench : IAsyncDisposable
{
    /// <summary>The middle of a cell.</summary>
    public static readonly GeoPoint Here = GeocellId.Of(new GeoPoint(48.2, 16.37)).Bounds().Centre;

    private readonly SosTestHost _host;
    private long _version = 1;

    private NearbyBench(SosTestHost host, CallWatch calls) => (_host, Calls) = (host, calls);

    public CallWatch Calls { get; }

    public DateTimeOffset Now => _host.Time.GetUtcNow();

    /// <summary>A write that happens while this is set fails.</summary>
    public bool RefusesWrites
    {
        set => _host.Services.GetRequiredService<FaultyStorage>().Fault = value ? WriteFault.Refused : WriteFault.None;
    }

    public static async Task<NearbyBench> Start()
    {
        var calls = new CallWatch();
        return new NearbyBench(await SosTestHost.Start(new SosTestHostOptions
        {
            Time = new ManualTimeProvider(),
            Silo = silo =>
            {
                silo.AddSosGrains();
                silo.AddIncomingGrainCallFilter(calls);
                FaultyStorage.AddTo(silo, StorageNames.Records);
            },
        }), calls);
    }

    public Task Advance(double seconds) => _host.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Waits, with the clock standing still, until something is so; fails after a minute of real time.</summary>
    public static async Task Until(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            await Task.Yield();
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1)) throw new TimeoutException($"Waited a minute for: {what}");
        }
    }

    public IUserGrain User(Guid id) => _host.Grains.GetGrain<IUserGrain>(id);

    public ITrailGrain Trail(Guid id) => _host.Grains.GetGrain<ITrailGrain>(id);

    /// <summary>She shows herself to just these from now on.</summary>
    public Task Shows(Guid person, params ImmutableArray<ShareGrant> shares) => User(person).Share(new SharingPolicy(_version++, shares));

    /// <summary>Two people who show themselves to each other exactly.</summary>
    public async Task<(Guid One, Guid Other)> Relatives()
    {
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        await Shows(one, Family.To(other));
        await Shows(other, Family.To(one));
        return (one, other);
    }

    /// <summary>A report of where she is, and what it led to, which counts as told.</summary>
    public async Task<PositionOutcome> At(Guid person, GeoPoint point, double secondsAgo = 0)
    {
        var outcome = await User(person).Report([new PositionReport(point, Distance.FromMetres(10), Now.AddSeconds(-secondsAgo))]);
        await User(person).Noted(outcome.Changes);
        return outcome;
    }

    public Task<PositionOutcome> At(Guid person, double metresEast) => At(person, East(metresEast));

    public static GeoPoint East(double metres) => Here.Travel(metres < 0 ? 270 : 90, Distance.FromMetres(Math.Abs(metres)));

    /// <summary>What the cell of a place answers about a person to somebody whom she may show herself to.</summary>
    public Task<ImmutableArray<RelativeSighting>> Ask(GeoPoint place, Guid about, Guid viewer) =>
        _host.Grains.GetGrain<ISharingCellGrain>(SharingCells.Of(place).ToString())
            .Share(new SharingEntry(viewer, long.MaxValue, Now.Ticks + Calls.Count("ISharingCellGrain.Share"), place, place, default, Now, [Family.To(about)]));

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
