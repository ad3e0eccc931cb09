using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sos.Server.Tests.Trackers;

namespace Sos.Server.Tests.Fuzz;

/// <summary>
/// S-08 for trackers: their protocols are none of OpenAPI's, so what real clients send is spoilt by itself, under a token that is good. Set <c>SOS_FUZZ</c> to a number of
/// requests for a longer run; <c>SOS_SEED</c> repeats one.
/// </summary>
public sealed class IngestFuzzTests
{
    private const int Quick = 2_000;
    private const int AtOnce = 8;
    private static readonly int Requests = int.TryParse(Environment.GetEnvironmentVariable("SOS_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : Quick;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOS_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
    private static readonly string[] Types = ["application/json", "application/json", "application/x-www-form-urlencoded", "text/plain", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "image/png", ""];

    [Fact]
    public async Task Nothing_that_a_tracker_sends_is_answered_with_500_or_without_a_problem_and_help_can_be_called_after_it()
    {
        await using var server = await SosServerHost.Start("--Sos:Limits:PerTracker=100000000");
        var device = await Device.Add(server, await server.SignIn(1), "owntracks");
        var (wrong, statuses) = (new ConcurrentBag<string>(), new ConcurrentDictionary<int, int>());
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(worker => Task.Run(async () =>
        {
            var random = new Random(unchecked(Seed + worker * 7919));
            for (var i = 0; i < Requests / AtOnce && wrong.IsEmpty; i++)
            {
                using var request = Next(device, random);
                using var answer = await server.Http.SendAsync(request);
                var body = await answer.Content.ReadAsStringAsync();
                var status = (int)answer.StatusCode;
                statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
                if (status >= 500 || status >= 400 && !IsProblem(answer, body, status)) wrong.Add($"seed {Seed}: {request.Method} {request.RequestUri!.OriginalString}: {status} {body}\n{await Sent(request)}");
            }
        })));
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        var figures = $"S-08, trackers: {statuses.Values.Sum()} messages, seed {Seed}: 0 x 500; {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        foreach (var status in new[] { 200, 400 }) Assert.True(statuses.GetValueOrDefault(status) > 50, figures);
        Assert.Equal("raised", (await Device.Taken(device.Get("alarm=sos"))).GetProperty("status").GetString());
    }

    private static HttpRequestMessage Next(Device device, Random random)
    {
        var at = DateTimeOffset.UtcNow;
        string[] samples =
        [
            RealMessages.Traccar(at), RealMessages.OwnTracks(at), RealMessages.Overland(RealMessages.OverlandPoint(at), RealMessages.OverlandPoint(at)), """{"_type":"waypoints","waypoints":[{"_type":"waypoint","desc":"x","lat":1,"lon":2,"rad":3,"tst":4}]}""",
            """{"_type":"transition","event":"enter","wtst":1700000000,"tst":1700000001,"acc":5,"desc":"x","lat":1,"lon":2,"t":"c"}""", "id=1&lat=48.2&lon=16.3&timestamp=1700000000&accuracy=5&speed=3&batt=80", """{"location":{"latitude":1,"longitude":2},"battery":0.5}""",
        ];
        var text = samples[random.Next(samples.Length)];
        for (var times = random.Next(3); times > 0; times--) text = Swapped(text, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var times = random.Next(3); times > 0; times--) bytes = Spoilage.Spoil(bytes, random);
        var (method, path) = random.Next(5) switch
        {
            0 => (HttpMethod.Get, $"ingest/osmand/{device.Token}?{Query(random)}"),
            1 => (HttpMethod.Post, $"ingest/osmand/{device.Token}?{Query(random)}"),
            2 => (HttpMethod.Post, $"ingest/osmand/{device.Token}"),
            3 => (HttpMethod.Post, "ingest/owntracks"),
            _ => (HttpMethod.Post, "ingest/overland"),
        };
        var request = new HttpRequestMessage(method, path);
        if (path == "ingest/owntracks") request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("sos:" + device.Token)));
        if (path == "ingest/overland") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", device.Token);
        if (method == HttpMethod.Get) return request;
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Types[random.Next(Types.Length)]);
        return request;
    }

    private static string Query(Random random) => string.Join('&', Enumerable.Range(0, random.Next(6)).Select(_ =>
        $"{Pick(["lat", "lon", "location", "timestamp", "accuracy", "hdop", "speed", "batt", "valid", "alarm", "cell", ""], random)}={Pick(NastyValues.Escaped, random)}"));

    /// <summary>A value of a JSON text in the place of which something nasty stands.</summary>
    private static string Swapped(string text, Random random)
    {
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':').ToList();
        if (colons.Count == 0) return text;
        var from = colons[random.Next(colons.Count)] + 1;
        var to = text.IndexOfAny([',', '}', ']'], from);
        return to < 0 ? text : text[..from] + Pick(NastyValues.Literals, random) + text[to..];
    }

    private static string Pick(string[] choices, Random random) => choices[random.Next(choices.Length)];

    private static bool IsProblem(HttpResponseMessage answer, string body, int status)
    {
        // What is wrong with the head is answered by Kestrel, before any of our code.
        if (status == 400 && body.Length == 0) return answer.Headers.ConnectionClose == true;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return false;
        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.GetProperty("status").GetInt32() == status;
    }

    private static async Task<string> Sent(HttpRequestMessage request) => request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync());
}
