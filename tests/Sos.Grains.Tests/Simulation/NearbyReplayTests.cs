using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Embedded.Reminders;
using Sos.Embedded.Simulation;
using Sos.Embedded.State;
using Sos.Embedded.Storage;
using Sos.Embedded.Streams;
using Sos.Grains.Relatives;
using Sos.TestKit;

namespace Sos.Grains.Tests.Simulation;

/// <summary>
/// Hours of real cabs as families, through the real grains of users and cells at the times that they really reported, or half a second after the one before: every
/// meeting, nearness and parting is the one of a reference that knows no cells, no borders and no messages.
/// </summary>
public sealed class NearbyReplayTests
{
    private const string Traces = "traces/sf-cabs-2008-06-06.csv.gz";

    /// <summary>Families of cabs in every run, and with SOS_LONG=1.</summary>
    private static readonly int Families = Environment.GetEnvironmentVariable("SOS_LONG") == "1" ? 60 : 5;

    private const int Members = 4;
    private static readonly TimeSpan Span = TimeSpan.FromHours(2);

    /// <summary>Between two reports, so that the cells have told each other what was reported.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.5);

    [Fact]
    public void Every_meeting_and_parting_of_real_cabs_is_the_references()
    {
        var traces = SharedData.Find(Traces);
        Assert.SkipWhen(traces is null, $"{Traces} is not beside the project.");
        var fixes = Fixes(traces!);
        var start = fixes[0].At;
        using var silo = new SimulatedSilo(new SimulationOptions { Seed = 1, StartTime = start, Patience = TimeSpan.FromDays(3) }, builder =>
        {
            builder.AddRecordStore(_ => new MemoryRecordStore(new RecordStoreOptions()))
                .AddRecordGrainStorage(StorageNames.Records)
                .AddRecordGrainStorage(StorageNames.Large)
                .AddRecordReminders()
                .AddEmbeddedStreams(StreamNames.Provider)
                .AddSosGrains();
            builder.Services.AddSingleton(TestKeyRing.Instance).Configure<ProximityOptions>(options => options.BorderEvery = Apart / 2.5);
        });

        var found = silo.Run(() => Drive(silo, fixes));
        var expected = NearbyReference.Of(fixes.Select(f => new NearbyReference.Fix(f.Cab, f.Cab / Members, f.Point, f.At)));

        var figures = $"{fixes.Count:N0} fixes of {Families * Members} cabs in {Families} families: {string.Join(", ", found.GroupBy(f => f.Move).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count():N0}"))}";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        var (missing, wrong) = (expected.Except(found).ToList(), found.Except(expected).ToList());
        Assert.True(missing.Count + wrong.Count == 0, $"{figures}\nmissing {missing.Count}: {string.Join("\n", missing.Take(5))}\nfalse {wrong.Count}: {string.Join("\n", wrong.Take(5))}");
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.True(found.Count(f => f.Move == NearbyMove.Entering) > 2 * Families, figures);
        Assert.True(found.Count(f => f.Move == NearbyMove.Exiting) > 2 * Families, figures);
    }

    private static async Task<List<NearbyReference.Change>> Drive(SimulatedSilo silo, List<(int Cab, GeoPoint Point, DateTimeOffset At)> fixes)
    {
        var found = new List<NearbyReference.Change>();
        foreach (var (cab, point, at) in fixes)
        {
            if (at - silo.TimeProvider.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait + TimeSpan.FromMilliseconds(1), silo.TimeProvider);
            // A grain that was idle for long forgets it, and has no record of relatives here to ask.
            await User(cab).Share(Policy(cab));
            var outcome = await User(cab).Report([new PositionReport(point, null, at)]);
            await User(cab).Noted(outcome.Changes);
            found.AddRange(outcome.Changes.Select(change => new NearbyReference.Change(cab, change.Relative.ToByteArray()[0], change.Move, change.At)));
        }

        return found;

        static SharingPolicy Policy(int cab) =>
            new(1, [.. Enumerable.Range(cab / Members * Members, Members).Where(other => other != cab).Select(other => new ShareGrant(Id(other), SharePrecision.Exact, null))]);

        IUserGrain User(int cab) => silo.Client.GetGrain<IUserGrain>(Id(cab));
    }

    private static Guid Id(int cab) => new((byte)cab, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);

    // The busiest cabs.
    private static List<(int Cab, GeoPoint Point, DateTimeOffset At)> Fixes(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        text.ReadLine();
        var rows = new List<(string Cab, GeoPoint Point, DateTimeOffset At)>();
        while (text.ReadLine() is { } row)
        {
            var cells = row.Split(',');
            var point = new GeoPoint(double.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture));
            rows.Add((cells[1], point, DateTimeOffset.FromUnixTimeSeconds(long.Parse(cells[0], CultureInfo.InvariantCulture))));
        }

        var end = rows[0].At + Span;
        var busiest = rows.Where(row => row.At < end).GroupBy(row => row.Cab).OrderByDescending(cab => cab.Count()).Take(Families * Members).Select((cab, place) => (cab.Key, place)).ToDictionary();
        var fixes = rows.Where(row => row.At < end && busiest.ContainsKey(row.Cab)).Select(row => (Cab: busiest[row.Cab], row.Point, row.At)).OrderBy(row => row.At).ToList();
        for (var i = 1; i < fixes.Count; i++)
        {
            if (fixes[i].At < fixes[i - 1].At + Apart) fixes[i] = fixes[i] with { At = fixes[i - 1].At + Apart };
        }

        return fixes;
    }
}
