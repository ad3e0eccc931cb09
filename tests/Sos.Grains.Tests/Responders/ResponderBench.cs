using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;
using Sos.TestKit;

namespace Sos.Grains.Tests.Responders;

/// <summary>A silo with the geo and responders slices, a clock that stands still, and one place in the middle of a cell.</summary>
internal sealed class ResponderBench : IAsyncDisposable
{
    private ResponderBench(SosTestHost host, CallWatch watch) => (Host, Watch) = (host, watch);

    /// <summary>The middle of a cell.</summary>
    public static GeoPoint Here { get; } = GeocellId.Of(new GeoPoint(48.1374, 11.5755)).Bounds().Centre;

    /// <summary>The middle of the cell east of it.</summary>
    public static GeoPoint Next { get; } = GeocellId.Of(new GeoPoint(Here.Latitude, Here.Longitude + 360.0 / 8192)).Bounds().Centre;

    public SosTestHost Host { get; }

    public CallWatch Watch { get; }

    public NearbySearch Search => Host.Services.GetRequiredService<NearbySearch>();

    public DateTimeOffset Now => Host.Time.GetUtcNow();

    /// <summary>Starts the silo; on the system's clock where a test waits for streams, which deliver by polling.</summary>
    public static async Task<ResponderBench> Start(TimeProvider? time = null)
    {
        var watch = new CallWatch();
        var host = await SosTestHost.Start(new SosTestHostOptions
        {
            Time = time ?? new ManualTimeProvider(),
            Silo = silo =>
            {
                silo.AddSosGrains();
                silo.AddIncomingGrainCallFilter(watch);
            },
        });
        return new ResponderBench(host, watch);
    }

    public IResponderGrain Responder(Guid id) => Host.Grains.GetGrain<IResponderGrain>(id);

    /// <summary>Somebody cleared and on duty, with no position yet.</summary>
    public async Task<(Guid Id, IResponderGrain Grain)> OnDuty(int capacity = 1)
    {
        var id = Guid.CreateVersion7();
        await Responder(id).Clear(new ResponderClearance(true, Capabilities.Medical, "Ada"));
        Assert.True((await Responder(id).SetDuty(new DutyChange(true, capacity, Transport.Car))).View!.OnDuty);
        return (id, Responder(id));
    }

    public Task<ReportOutcome> Report(IResponderGrain grain, GeoPoint? point, TimeSpan age = default) => grain.Report(new PositionReport(point, null, Now - age));

    public Task<NearbyResult> Find(GeoPoint centre, double metres = 2_000, bool freeOnly = false) =>
        Search.Find(centre, Distance.FromMetres(metres), 50, freeOnly);

    /// <summary>Who stands in one cell.</summary>
    public async Task<IReadOnlyList<CellHit>> In(GeoPoint place)
    {
        var answer = await Host.Grains.GetGrain<IGeocellGrain>(GeocellId.Of(place).ToString())
            .Nearest(new CellQuery(place, Distance.FromKilometres(10), 200));
        return answer.Hits;
    }

    public async Task Restart()
    {
        await Host.Crash();
        await Host.Start();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
