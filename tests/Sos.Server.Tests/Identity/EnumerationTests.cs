using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Users;
using Sos.Server.Identity;

namespace Sos.Server.Tests.Identity;

/// <summary>S-06: nobody learns by asking whether a number has an account.</summary>
public sealed class EnumerationTests
{
    /// <summary>200 in a quick run; SOS_PAIRS=2000 for the figure of a release.</summary>
    private static readonly int Pairs = int.TryParse(Environment.GetEnvironmentVariable("SOS_PAIRS"), CultureInfo.InvariantCulture, out var pairs) ? pairs : 200;

    [Fact]
    public async Task Known_and_unknown_numbers_are_answered_with_the_same_bytes_in_the_same_time()
    {
        await using var server = await SosServerHost.Start("--Sos:Identity:CodesAnHourABlock=10000", "--Sos:Identity:CodesAnHourAPrefix=10000", "--Sos:Identity:CodesAnHour=100000");
        var codes = server.Services.GetRequiredService<OneTimeCodes>();
        var grains = server.Services.GetRequiredService<IGrainFactory>();
        await Task.WhenAll(Enumerable.Range(0, Pairs).Select(async i =>
        {
            var user = await codes.Phone(Known(i)).Claim();
            await grains.GetGrain<IUserGrain>(user).Register(new UserRegistration(Known(i), null, Roles.User));
        }));

        for (var i = 0; i < 20; i++) await Ask(server, string.Create(CultureInfo.InvariantCulture, $"+4366012{i:D5}"));
        // A busy machine can tell the two apart by chance; a leak does so every time.
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (shapes, seen) = (new HashSet<string>(), new List<string>());
        var even = false;
        for (var round = 0; round < 3 && !even; round++)
        {
            var (known, unknown) = await Compare(server, random, shapes, round);
            var t = Welch(known, unknown);
            seen.Add($"t = {t:F2}, medians {Median(known):F3} and {Median(unknown):F3} ms");
            even = Math.Abs(t) < 4.5;
        }

        Assert.Single(shapes);
        var figures = $"S-06: {Pairs} pairs, seed {seed}: {string.Join("; ", seen)}";
        TestContext.Current.SendDiagnosticMessage(figures);
        Assert.True(even, figures);
    }

    private static async Task<(List<double> Known, List<double> Unknown)> Compare(SosServerHost server, Random random, HashSet<string> shapes, int round)
    {
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < Pairs; i++)
        {
            // Which one comes first is left to chance, or whatever the first pays for would look like a difference.
            var knownFirst = random.Next(2) == 0;
            for (var turn = 0; turn < 2; turn++)
            {
                var isKnown = knownFirst == (turn == 0);
                var (time, shape) = await Ask(server, isKnown ? Known(i) : string.Create(CultureInfo.InvariantCulture, $"+49171{3 + round}{i:D6}"));
                (isKnown ? known : unknown).Add(time);
                shapes.Add(shape);
            }
        }

        return (known, unknown);
    }

    private static string Known(int i) => string.Create(CultureInfo.InvariantCulture, $"+4917012{i:D5}");

    private static async Task<(double Milliseconds, string Shape)> Ask(SosServerHost server, string phone)
    {
        using var content = new StringContent($$"""{"phone":"{{phone}}"}""", Encoding.UTF8, "application/json");
        var started = Stopwatch.GetTimestamp();
        using var answer = await server.Http.PostAsync("api/v1/auth/otp", content);
        var body = await answer.Content.ReadAsStringAsync();
        var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        using var json = JsonDocument.Parse(body);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}").Order();
        // The ticket is sealed anew each time; its length is what could speak. The clock stands, so the rest is the same text.
        var ticket = json.RootElement.GetProperty("sessionId").GetString()!;
        return (time, $"{(int)answer.StatusCode} {string.Join(';', headers)} {body.Replace(ticket, $"({ticket.Length})", StringComparison.Ordinal)}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Welch(List<double> a, List<double> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var (varianceA, varianceB) = (a.Sum(x => (x - meanA) * (x - meanA)) / (a.Count - 1), b.Sum(x => (x - meanB) * (x - meanB)) / (b.Count - 1));
        return (meanA - meanB) / Math.Sqrt(varianceA / a.Count + varianceB / b.Count);
    }
}
