using System.Diagnostics;
using System.Globalization;
using Orleans;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Contracts.Zones;
using Sos.Grains.Geo;
using Sos.Grains.Relatives;

namespace Sos.Benchmarks.Geo;

/// <summary>
/// The whole evaluation of a report: plausibility, way, 100 zones around, the cell and 20 relatives in it; people in cells by the million and by the stadium.
/// </summary>
internal static class NearbyBenchmark
{
    private const int Places = 5;
    private const int FamiliesAPlace = 20;
    private const int FamilySize = 21;
    private const int ZonesAPlace = 100;
    private const int Callers = 64;
    private static readonly GeoPoint City = new(48.1374, 11.5755);

    private static int _met;

    public static async Task<int> Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        await WholeReports(seconds);
        Memory();
        Stadium(seconds);
        return 0;
    }

    private static async Task WholeReports(double seconds)
    {
        await using var silo = await GeoSilo.Start();
        var random = new Random(42);
        var people = await Settle(silo.Grains, random);
        Console.WriteLine($"{people.Count:N0} people, each of {FamilySize - 1} relatives and {ZonesAPlace} zones around, {seconds} s each");
        Console.WriteLine($"{"",-52}{"reports/s",12}{"µs of work",12}{"B/report",10}");
        await Measure("first reports", people, 1, 0);
        await Measure("one after the other (warm-up)", people, 1, seconds);
        await Measure("one after the other", people, 1, seconds);
        await Measure($"{Callers} callers (warm-up)", people, Callers, seconds);
        await Measure($"{Callers} callers", people, Callers, seconds);
        if (_met < 0.95 * people.Count * (FamilySize - 1) / 2) throw new InvalidOperationException($"Only {_met} pairs have met.");
    }

    // Every place has its zones, within a kilometre, and everybody is in two or three of them.
    private static async Task<List<(IUserGrain Grain, GeoPoint Home)>> Settle(IGrainFactory grains, Random random)
    {
        var people = new List<(Guid Id, GeoPoint Home)>();
        for (var place = 0; place < Places; place++)
        {
            var middle = City.Travel(72 * place, Distance.FromKilometres(8));
            for (var zone = 0; zone < ZonesAPlace; zone++)
            {
                var shape = ZoneShape.Circle(Somewhere(middle, 1_000), Distance.FromMetres(150));
                var added = await grains.GetGrain<IZoneGrain>(Guid.CreateVersion7()).Put(new ZoneDraft($"Zone {zone}", "crime", 3, shape, ZoneSource.Drawn));
                if (added.Zone is null) throw new InvalidOperationException($"A zone was not taken: {added.Refusal}.");
            }

            for (var i = 0; i < FamiliesAPlace * FamilySize; i++) people.Add((Guid.NewGuid(), Somewhere(middle, 300)));
        }

        await Parallel.ForAsync(0, people.Count, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, _) =>
        {
            var (user, family) = (grains.GetGrain<IUserGrain>(people[i].Id), i / FamilySize * FamilySize);
            await user.Register(new UserRegistration(string.Create(CultureInfo.InvariantCulture, $"+1555{i:D7}"), null, Roles.User));
            await user.WatchZones(true);
            await user.Share(new SharingPolicy(1, [.. people.Skip(family).Take(FamilySize).Where(p => p.Id != people[i].Id).Select(p => new ShareGrant(p.Id, SharePrecision.Exact, null))]));
        });
        return [.. people.Select(p => (grains.GetGrain<IUserGrain>(p.Id), p.Home))];

        GeoPoint Somewhere(GeoPoint around, double metres) => around.Travel(random.NextDouble() * 360, Distance.FromMetres(metres * Math.Sqrt(random.NextDouble())));
    }

    private static async Task Measure(string name, List<(IUserGrain Grain, GeoPoint Home)> people, int callers, double seconds)
    {
        var (watch, allocated, work) = (Stopwatch.StartNew(), GC.GetTotalAllocatedBytes(precise: true), Environment.CpuUsage.TotalTime);
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var (reports, step) = (0L, 0);
            for (var person = caller; watch.Elapsed.TotalSeconds < seconds || reports < people.Count / callers; person = (person + callers) % people.Count)
            {
                var (grain, home) = people[person];
                var point = home with { Latitude = home.Latitude + ((++step & 1) == 0 ? 0.0001 : -0.0001) };
                var outcome = await grain.Report([new PositionReport(point, Distance.FromMetres(10), DateTimeOffset.UtcNow)]);
                if (!outcome.Changes.IsEmpty)
                {
                    Interlocked.Add(ref _met, outcome.Changes.Count(change => change.Move == NearbyMove.Entering));
                    await grain.Noted(outcome.Changes);
                }

                if (!outcome.Entries.IsEmpty) await grain.Noted(outcome.Entries);
                reports++;
            }

            return reports;
        })));
        var reported = counts.Sum();
        var micros = (Environment.CpuUsage.TotalTime - work).TotalMicroseconds / reported;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / reported;
        Console.WriteLine($"{name,-52}{reported / watch.Elapsed.TotalSeconds,12:N0}{micros,12:F1}{bytes,10:N0}");
    }

    private static void Memory()
    {
        const int people = 1_000_000;
        const int cells = 1_000;
        var random = new Random(7);
        var now = DateTimeOffset.UtcNow;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var responders = Enumerable.Range(0, cells).Select(_ => new GeocellIndex(City, new GeoOptions())).ToArray();
        for (var i = 0; i < people; i++)
        {
            var traits = new ResponderTraits(Capabilities.Medical, Transport.Walk, 1, 0.5, now);
            responders[i % cells].Upsert(new CellEntry(Guid.NewGuid(), 1, 1, City.Travel(random.NextDouble() * 360, Distance.FromMetres(2_000)), now, now.AddMinutes(30), traits), now);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"{people:N0} responders in {cells:N0} cells: {(after - before) / (double)people:F0} B each, with what dispatch scores by");
        GC.KeepAlive(responders);

        // What she has consented to is kept by her grain, and only pointed to from here.
        var consent = new ShareGrant[] { new(Guid.NewGuid(), SharePrecision.Exact, null) };
        var grants = System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(consent);
        before = GC.GetTotalMemory(forceFullCollection: true);
        var sharing = Enumerable.Range(0, cells).Select(_ => new SharingIndex(GeocellId.Of(City), new ProximityOptions())).ToArray();
        for (var i = 0; i < people; i++)
        {
            var point = City.Travel(random.NextDouble() * 360, Distance.FromMetres(2_000));
            sharing[i % cells].Put(new SharingEntry(Guid.NewGuid(), 1, 1, point, point, Distance.FromMetres(10), now, grants), now);
        }

        foreach (var cell in sharing)
        {
            cell.News(now);
            cell.Sweep(now);
        }

        after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine($"{people:N0} people who share in {cells:N0} cells: {(after - before) / (double)people:F0} B each");
        GC.KeepAlive(sharing);
    }

    private static void Stadium(double seconds)
    {
        const int people = 100_000;
        var random = new Random(9);
        var now = DateTimeOffset.UtcNow;
        var ids = Enumerable.Range(0, people).Select(_ => Guid.NewGuid()).ToArray();
        var index = new SharingIndex(GeocellId.Of(City), new ProximityOptions());
        var crowd = Enumerable.Range(0, people).Select(i =>
        {
            var family = i / FamilySize * FamilySize;
            var point = City.Travel(random.NextDouble() * 360, Distance.FromMetres(200));
            return new SharingEntry(ids[i], 1, 1, point, point, Distance.FromMetres(10), now, [.. ids.Skip(family).Take(FamilySize).Where(id => id != ids[i]).Select(id => new ShareGrant(id, SharePrecision.Exact, null))]);
        }).ToArray();
        foreach (var entry in crowd) index.Put(entry, now);
        index.News(now);
        var (watch, reports, near, news, longest) = (Stopwatch.StartNew(), 0L, 0L, 0L, 0.0);
        for (var nextNews = 1.0; watch.Elapsed.TotalSeconds < seconds; reports++)
        {
            var entry = crowd[reports % people];
            index.Put(entry with { Seq = 2 + reports }, now);
            near += index.Near(entry, now).Length;
            if ((reports & 255) != 0 || watch.Elapsed.TotalSeconds < nextNews) continue;
            var start = Stopwatch.GetTimestamp();
            news += index.News(now).Values.Sum(border => border.Entries.Length);
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            nextNews = watch.Elapsed.TotalSeconds + 1;
        }

        Console.WriteLine($"{people:N0} in one cell, {near / (double)reports:F1} relatives found each: {reports / watch.Elapsed.TotalSeconds:N0} reports/s on one thread; a second's borders are told in at most {longest:F0} ms ({(double)news / reports:F2} copies a report)");
    }
}
