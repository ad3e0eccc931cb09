using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones;

/// <summary>One day of 503 real cabs through the pipeline, against 117 real neighbourhoods, and against a reference that knows no index and no outline.</summary>
public sealed class RealReplayTests
{
    /// <summary>Every 25th cab in every run, all of them with SOS_LONG=1.</summary>
    private static readonly int Every = Environment.GetEnvironmentVariable("SOS_LONG") == "1" ? 1 : 25;

    private const string Traces = "traces/sf-cabs-2008-06-06.csv.gz";
    private const string Neighbourhoods = "zones/sf-neighborhoods.geojson";

    [Fact]
    public async Task Every_enter_leave_and_crossing_of_a_day_of_real_cabs_is_the_references()
    {
        var (traces, zones) = (SharedData.Find(Traces), SharedData.Find(Neighbourhoods));
        Assert.SkipWhen(traces is null || zones is null, $"{Traces} and {Neighbourhoods} are not beside the project.");
        var map = await Map(zones!);
        var (fixes, believed) = (0, 0);
        var found = new Dictionary<ZoneMove, int>();
        var (missing, wrong) = (new List<string>(), new List<string>());
        foreach (var (cab, trace) in Cabs(traces!).Where((_, number) => number % Every == 0))
        {
            var watch = new RecordingWatch(map);
            var pipeline = new PositionPipeline(NullLogger.Instance, new PlausibilityStep(new GeoOptions()), new MotionStep(new GeoOptions()), watch);
            foreach (var fix in trace)
            {
                fixes++;
                await pipeline.Run(new PositionWork(new PositionReport(fix.Point, null, fix.At), fix.At));
            }

            believed += watch.Fixes.Count;
            var expected = map.Zones.SelectMany(zone => PresenceReference.Of(zone, watch.Fixes)).Select(p => (p.Name, p.Move, p.At.ToUnixTimeSeconds())).ToHashSet();
            var seen = watch.Passages.Select(p => (p.Zone.Zone.Name, p.Move, p.At.ToUnixTimeSeconds())).ToHashSet();
            Assert.Equal(watch.Passages.Count, seen.Count);
            missing.AddRange(expected.Except(seen).Select(p => $"{cab} {p}"));
            wrong.AddRange(seen.Except(expected).Select(p => $"{cab} {p}"));
            foreach (var passage in seen) found[passage.Move] = found.GetValueOrDefault(passage.Move) + 1;
        }

        var figures = $"{fixes:N0} fixes, {believed:N0} believed, {map.Zones.Count} zones: {string.Join(", ", found.OrderBy(f => f.Key).Select(f => $"{f.Key} {f.Value:N0}"))}; {missing.Count} missing, {wrong.Count} false";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        Assert.True(missing.Count + wrong.Count == 0, $"{figures}\nmissing: {string.Join("\n", missing.Take(5))}\nfalse: {string.Join("\n", wrong.Take(5))}");
        Assert.InRange(fixes, 400_000 / Every, 507_231);
        Assert.True(found[ZoneMove.Entered] > 50_000 / Every, figures);
    }

    private static async Task<ZoneMap> Map(string path)
    {
        await using var file = File.OpenRead(path);
        var zones = new List<MapZone>();
        await foreach (var item in ZoneGeoJsonReader.Read(file, new ZoneFileLimits())) zones.Add(new MapZone(Guid.CreateVersion7(), item.Draft! with { Name = $"{item.Feature} {item.Draft!.Name}" }));
        return new ZoneMap(zones);
    }

    private static Dictionary<string, List<PositionFix>> Cabs(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var cabs = new Dictionary<string, List<PositionFix>>();
        text.ReadLine();
        while (text.ReadLine() is { } row)
        {
            var cells = row.Split(',');
            if (!cabs.TryGetValue(cells[1], out var trace)) cabs[cells[1]] = trace = [];
            var point = new GeoPoint(double.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture));
            trace.Add(new PositionFix(point, null, DateTimeOffset.FromUnixTimeSeconds(long.Parse(cells[0], CultureInfo.InvariantCulture))));
        }

        return cabs;
    }

    private sealed class RecordingWatch(ZoneMap map) : IPositionStep
    {
        private readonly ZonePresence _presence = new();
        private readonly ZoneMap[] _maps = [map];

        public List<ZonePassage> Passages { get; } = [];

        public List<PositionFix> Fixes { get; } = [];

        public ValueTask<bool> Take(PositionWork work)
        {
            Fixes.Add(work.Fix!);
            _presence.Take(work.Fix!, work.Motion is { IsOneWay: true } motion ? motion.From : null, _maps, Passages);
            return ValueTask.FromResult(true);
        }
    }
}
