using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sos.Server.Hosting.Logs;
using Sos.Server.Tests.Hosting.Logs;
using Sos.Server.Tests.Privacy.Canaries;

namespace Sos.Server.Tests.Privacy;

/// <summary>S-15: whatever leaves the service in the whole life of an alert, and everybody's place, number, name and words are only where a table allows them.</summary>
public sealed class PrivacyCanaryTests
{
    private const double Latitude = 64.121357;
    private const double Longitude = -75.341246;
    private static readonly string[] Sent = ["http", "push", "text"];

    [Fact]
    public async Task S_15_in_every_output_of_a_whole_life_everything_personal_is_where_the_table_allows_it_and_nowhere_else()
    {
        var telemetry = new ConcurrentQueue<byte[]>();
        await using var collector = Collector(telemetry);
        await collector.StartAsync();
        var log = new LogProbe();
        var server = await SosServerHost.Start(
            services =>
            {
                services.PostConfigure<LineFormatterOptions>(lines => lines.Json = true);
                services.AddSingleton<ILoggerProvider>(given => log.With(given.GetServices<ConsoleFormatter>().OfType<LineFormatter>().Single()));
            },
            "--Logging:LogLevel:Default=Debug", "--Sos:PublicAddress=https://sos.example.org/", $"--Sos:Telemetry:Endpoint={collector.Urls.Single()}", "--Sos:Telemetry:TracedShare=1",
            "--Sos:Identity:CodesAnHourABlock=1000", "--Sos:Cap:Sender=warn@city.example");
        await using var life = new CanaryLife(server, log);
        await life.Live();
        foreach (var sent in telemetry) life.Recorder.Add("nobody", "telemetry", "collector", sent);

        var outputs = life.Recorder.Outputs;
        var found = OutputRecorder.Search(outputs, life.Canaries).ToList();
        var sinks = AllowedSinks.Read();
        var figures = string.Create(CultureInfo.InvariantCulture, $"S-15: {outputs.Count} outputs ({string.Join(", ", outputs.GroupBy(o => o.Channel).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}"))}), {life.Canaries.Count} canaries in {life.Canaries.Sum(c => c.Forms.Count)} forms, seen {found.Count} times, {found.Count(f => !sinks.Allows(f.Sighting))} outside of {sinks.Rows.Count} allowed sinks");
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);

        var leaks = found.Where(f => !sinks.Allows(f.Sighting)).GroupBy(f => f.Sighting).Select(g => $"{g.Key}  ({g.Count()}: {g.First().Form.What} in {g.First().Output.What})").Order().ToList();
        Assert.True(leaks.Count == 0, string.Join('\n', leaks));

        // Everything was there to be found, and no permission is one too many.
        foreach (var channel in new[] { "http", "push", "text", "log", "telemetry", "disk" }) Assert.Contains(outputs, output => output.Channel == channel);
        var unneeded = sinks.Rows.Where(row => !found.Exists(f => row.Allows(f.Sighting))).ToList();
        Assert.True(unneeded.Count == 0, "Allowed, and never seen:\n" + string.Join('\n', unneeded));
    }

    [Fact]
    public void S_15_a_planted_leak_is_found_in_whatever_form_it_is_written()
    {
        var canaries = new[] { Canary.Place("victim.place", Latitude, Longitude), Canary.Phone("victim.phone", "+12155550101"), Canary.Code("victim.code", "482913"), Canary.Text("victim.note", "the-words-of-victim") };
        var wkb = new byte[21];
        wkb[0] = 1;
        BitConverter.TryWriteBytes(wkb.AsSpan(5), Longitude);
        BitConverter.TryWriteBytes(wkb.AsSpan(13), Latitude);
        (string Form, byte[] Leak)[] leaks =
        [
            ("six decimals", """{"latitude":64.121357}"""u8.ToArray()), ("five", "lat=64.12136&"u8.ToArray()), ("four", "at 64.1214, -75"u8.ToArray()), ("three", "[-75.341,64]"u8.ToArray()),
            ("cut to four", "64.1213 N"u8.ToArray()), ("geohash", Encoding.ASCII.GetBytes($"cell {Canary.Geohash(Latitude, Longitude, 9)}")), ("WKB", wkb),
            ("WKB in hexadecimal digits", Encoding.ASCII.GetBytes(Convert.ToHexString(wkb))), ("WKB in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(wkb))),
            ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String("""{"latitude":64.121357,"longitude":-75.341246}"""u8))),
            ("in an address", "q=64.121357%2C-75.341246"u8.ToArray()), ("phone", "tel:+12155550101"u8.ToArray()), ("phone in an address", "%2B12155550101"u8.ToArray()),
            ("phone in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String("to +12155550101"u8))), ("code", "Your code: 482913."u8.ToArray()), ("note", "x the-words-of-victim y"u8.ToArray()),
        ];
        var sinks = AllowedSinks.Read();
        foreach (var (form, leak) in leaks)
        {
            var found = OutputRecorder.Search([new Output("stranger", "http", "raised", form, leak)], canaries).ToList();
            Assert.True(found.Count > 0, $"not found: {form}");
            Assert.All(found, f => Assert.False(sinks.Allows(f.Sighting), $"allowed: {f.Sighting}"));
        }

        // What only looks like one is none.
        foreach (var innocent in new[] { "1364.1213", "2026-11-21T20:13:40.4829131Z", "0.482913", "a482913b", "75.34", "64.12" })
            Assert.Empty(OutputRecorder.Search([new Output("stranger", "http", "raised", "", Encoding.ASCII.GetBytes(innocent))], canaries));
    }

    [Fact]
    public void S_15_the_table_allows_a_place_to_nobody_who_does_not_help()
    {
        var sinks = AllowedSinks.Read();
        foreach (var to in new[] { "asked", "unassigned", "elsewhere", "stranger", "anonymous", "nobody" })
        {
            foreach (var phase in new[] { "before", "raised", "accepted", "closing", "closed", "over", "ending", "erased" })
            {
                foreach (var channel in new[] { "http", "push", "text", "log", "telemetry", "disk" })
                    Assert.False(sinks.Allows(new Sighting("victim.place", to, channel, phase)), $"{to} {channel} {phase}");
            }
        }

        // When it is over nobody but its owner and staff, who says why; when it is erased nobody at all.
        foreach (var to in new[] { "rescuer", "carol" }) Assert.All(Sent, channel => Assert.False(sinks.Allows(new Sighting("victim.place", to, channel, "closed"))));
        foreach (var to in new[] { "victim", "rescuer", "operator", "admin", "carol" }) Assert.All(Sent, channel => Assert.False(sinks.Allows(new Sighting("victim.place", to, channel, "erased"))));
    }

    private static WebApplication Collector(ConcurrentQueue<byte[]> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue(body.ToArray());
        });
        return collector;
    }
}
