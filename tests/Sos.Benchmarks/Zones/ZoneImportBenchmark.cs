using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Sos.Benchmarks.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones;
using Sos.Grains.Zones.GeoJson;

namespace Sos.Benchmarks.Zones;

/// <summary>A file of 10,000 zones of 50 points read, checked and made in the store of one process; then the same again under its key, as after a kill.</summary>
internal static class ZoneImportBenchmark
{
    public static async Task<int> Run(string[] args)
    {
        var zones = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 10_000;
        var file = ZonesBenchmark.File(new Random(1), zones);
        await using var silo = await GeoSilo.Start();
        var (listing, key) = (silo.Services.GetRequiredService<ZoneListing>(), Guid.CreateVersion7());
        foreach (var what in new[] { "made", "there already" })
        {
            var (watch, drafts) = (Stopwatch.StartNew(), new List<(Guid Id, ZoneDraft Draft)>());
            await foreach (var item in ZoneGeoJsonReader.Read(new MemoryStream(file), new ZoneFileLimits())) drafts.Add((ZoneListing.IdOf(key, item.Feature, item.Draft!), item.Draft!));
            var read = watch.Elapsed;
            var outcomes = await listing.Make(drafts, keep: true);
            Console.WriteLine($"{outcomes.Count(outcome => outcome.Refusal == ZoneRefusal.None):N0} zones of {file.Length >> 20} MiB {what}: {watch.Elapsed.TotalSeconds:F2} s, of which {read.TotalSeconds:F2} s reading");
        }

        return 0;
    }
}
