using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sos.Contracts.Geo;
using Sos.Grains.Zones.GeoJson;
using Sos.Grains.Zones.Geometry;

namespace Sos.Benchmarks.Zones;

/// <summary>10,000 zones of 50 points in a city: which of them hold a point, and how long reading them from GeoJSON takes.</summary>
internal static class ZonesBenchmark
{
    private const int Zones = 10_000;
    private const int Points = 50;
    private const int Questions = 1_000_000;
    private static readonly GeoPoint City = new(48.2, 16.37);

    public static async Task<int> Run(string[] args)
    {
        var random = new Random(1);
        var file = File(random, Zones);
        var outlines = await Read(file);
        var index = new ZoneIndex([.. outlines.Select(outline => outline.Box)]);
        Ask(index, outlines, random, 20_000);
        Ask(index, outlines, random, Questions);
        return 0;
    }

    private static async Task<List<ZoneOutline>> Read(byte[] file)
    {
        var outlines = new List<ZoneOutline>();
        for (var round = 0; round < 2; round++)
        {
            outlines.Clear();
            var (watch, points) = (Stopwatch.StartNew(), 0);
            await foreach (var item in ZoneGeoJsonReader.Read(new MemoryStream(file), new ZoneFileLimits()))
            {
                if (item.Draft is not { } draft) throw new InvalidOperationException(item.Fault!.Detail);
                points += draft.Shape.Points;
                outlines.Add(ZoneOutline.Of(draft.Shape));
            }

            Console.WriteLine($"read and checked: {outlines.Count:N0} zones, {points:N0} points, {file.Length >> 20} MiB of GeoJSON in {watch.Elapsed.TotalSeconds:F2} s");
        }

        return outlines;
    }

    private static void Ask(ZoneIndex index, List<ZoneOutline> outlines, Random random, int questions)
    {
        var places = Enumerable.Range(0, 4_096).Select(_ => Somewhere(random)).ToArray();
        Span<int> found = stackalloc int[64];
        var (inside, near, allocated, start) = (0L, 0L, GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.UserTime);
        for (var i = 0; i < questions; i++)
        {
            var point = places[i & 4_095];
            var count = Math.Min(found.Length, index.Find(ZoneBox.Of(point), found));
            near += count;
            foreach (var zone in found[..count])
            {
                if (outlines[zone].SignedDistance(point) <= 0) inside++;
            }
        }

        var micros = (Environment.CpuUsage.UserTime - start).TotalMicroseconds / questions;
        Console.WriteLine($"point in {outlines.Count:N0} zones with distance to the edge: {micros:F2} us of processor time, {GC.GetAllocatedBytesForCurrentThread() - allocated:N0} B in all; {(double)near / questions:F2} boxes, {(double)inside / questions:F2} zones a point");
    }

    /// <summary>A file of zones of 50 points around the city.</summary>
    internal static byte[] File(Random random, int zones)
    {
        var text = new StringBuilder("""{"type":"FeatureCollection","features":[""");
        for (var i = 0; i < zones; i++)
        {
            var middle = Somewhere(random);
            var ring = Enumerable.Range(0, Points).Select(k => middle.Travel(360.0 * k / Points, Distance.FromMetres(150 + 150 * random.NextDouble()))).ToList();
            text.Append(i == 0 ? "" : ",").Append("""{"type":"Feature","properties":{"name":"Zone","risk":3},"geometry":{"type":"Polygon","coordinates":[[""");
            foreach (var point in ring.Append(ring[0])) text.Append(CultureInfo.InvariantCulture, $"[{point.Longitude},{point.Latitude}],");
            text.Length--;
            text.Append("]]}}");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static GeoPoint Somewhere(Random random) => City.Travel(random.NextDouble() * 360, Distance.FromKilometres(15 * Math.Sqrt(random.NextDouble())));
}
