using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sos.Server.Tests.Access;

namespace Sos.Server.Tests.Fuzz;

/// <summary>
/// S-08: whatever is sent to whichever route by whomever is answered, never with 500, and what is refused is refused as a problem. Set
/// <c>SOS_FUZZ</c> to a number of requests for a longer run, alone in its process, which also holds the limits of time and memory; <c>SOS_SEED</c> repeats one.
/// </summary>
public sealed class ParserFuzzTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private const int Quick = 20_000;
    private const int AtOnce = 8;

    /// <summary>Counts what was cut off, beside the statuses.</summary>
    private const int CutOff = 0;
    private static readonly int? Asked = int.TryParse(Environment.GetEnvironmentVariable("SOS_FUZZ"), CultureInfo.InvariantCulture, out var asked) ? asked : null;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SOS_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();
    private static readonly string[] Callers = ["owner", "assigned", "operator", "admin", "sos", "anonymous"];

    /// <summary>What ends sessions or accounts would leave nobody to fuzz the rest with.</summary>
    private static readonly HashSet<string> Ending = ["POST /api/v1/auth/logout", "DELETE /api/v1/auth/sessions", "DELETE /api/v1/users/me"];

    /// <summary>A password is hashed for a quarter of a second, and few at once: these routes are sent one in a hundred of what the others are.</summary>
    private static bool IsDear(string method, string path) => (method, path) is ("PUT", "/api/v1/auth/password") or ("POST", "/api/v1/auth/login");

    [Fact]
    public async Task Nothing_that_is_sent_to_any_route_is_answered_with_500_or_without_a_problem()
    {
        var document = await SosServerHost.Json(await world.Host.Http.GetAsync("openapi/v1.json"));
        var operations = new ApiOperations(document);
        var targets = operations.All.Where(operation => !Ending.Contains($"{operation.Method} {operation.Path}")).ToList();
        Assert.True(targets.Count > 50, $"only {targets.Count} operations");
        var ids = await Ids();
        var mutators = Enumerable.Range(0, AtOnce).Select(worker => new Random(unchecked(Seed + worker * 7919))).Select(random => (Random: random, Mutator: new RequestMutator(operations, random, operation =>
            ids[operation.Path.Contains("/users/", StringComparison.Ordinal) || operation.Path.Contains("/responders/", StringComparison.Ordinal) ? "user" : "alert"][random.Next(2)]))).ToList();
        var (wrong, statuses, times) = (new ConcurrentBag<string>(), new ConcurrentDictionary<int, int>(), new ConcurrentBag<(TimeSpan Took, string Route)>());
        Task Send(int requests) => Task.WhenAll(mutators.Select(by => Task.Run(async () =>
        {
            for (var i = 0; i < requests / AtOnce && wrong.Count < 10; i++)
            {
                var target = targets[by.Random.Next(targets.Count)];
                while (IsDear(target.Method, target.Path) && by.Random.Next(100) != 0) target = targets[by.Random.Next(targets.Count)];
                using var request = by.Mutator.Next(target, world.Host.Http.BaseAddress!);
                var caller = Callers[by.Random.Next(Callers.Length)];
                if (world.Credential(caller) is { } credential) request.Headers.TryAddWithoutValidation("Authorization", credential);
                var started = Stopwatch.GetTimestamp();
                if (await Ask(request, statuses) is { } complaint) wrong.Add($"{caller} {request.Method} {Cut(request.RequestUri!.PathAndQuery)}: {complaint}\n{await Sent(request)}");
                times.Add((Stopwatch.GetElapsedTime(started), $"{target.Method} {target.Path}"));
            }
        })));

        var whole = Asked ?? Quick;
        await Send(whole / 10);
        var before = Resident();
        await Send(whole - whole / 10);
        Assert.True(wrong.IsEmpty, $"seed {Seed}\n{string.Join("\n\n", wrong)}");

        var (grown, longest) = ((Resident() - before) / 1_048_576, times.Max());
        var figures = $"S-08: {statuses.Values.Sum()} requests to {targets.Count} operations, seed {Seed}: 0 x 500; {string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}; longest {longest.Took.TotalMilliseconds:N0} ms ({longest.Route}), {grown:N0} MB more";
        TestContext.Current.SendDiagnosticMessage(figures);
        TestContext.Current.TestOutputHelper?.WriteLine(figures);
        // It has come through the door, and has been taken, refused for its form and refused for who sends it.
        foreach (var status in new[] { 200, 400, 403, 404, 422 }) Assert.True(statuses.GetValueOrDefault(status) > 100, figures);
        Assert.True(statuses.GetValueOrDefault(CutOff) < statuses.Values.Sum() / 100, figures);
        Assert.True(statuses.GetValueOrDefault(401) < statuses.Values.Sum() / 2, figures);
        if (Asked is not null) Assert.True(grown <= 100 && longest.Took <= TimeSpan.FromSeconds(1), figures);

        using var pressed = await world.Host.Send(HttpMethod.Post, "api/v1/alerts", """{"kind":"medical"}""", world.Credential("owner"));
        Assert.True(pressed.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Nothing_that_is_sent_as_a_request_head_is_answered_with_500_or_kept_open()
    {
        var random = new Random(Seed);
        const int Heads = 400;
        for (var i = 0; i < Heads; i++)
        {
            var head = Encoding.Latin1.GetBytes(Spoilt(random));
            using var client = new TcpClient();
            await client.ConnectAsync(world.Host.Http.BaseAddress!.Host, world.Host.Http.BaseAddress.Port);
            var (stream, answer) = (client.GetStream(), "");
            try
            {
                await stream.WriteAsync(head);
                client.Client.Shutdown(SocketShutdown.Send);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                answer = await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync(patience.Token);
            }
            catch (Exception cut) when (cut is IOException or SocketException)
            {
                // Cut off: that is an answer too.
            }

            Assert.False(answer.Contains("HTTP/1.1 500", StringComparison.Ordinal), $"seed {Seed}, head {i}:\n{Encoding.Latin1.GetString(head)}\n{answer}");
        }
    }

    /// <summary>The right head of a request, spoilt in one to three places; some are two requests or a body of two lengths (S-09).</summary>
    private static string Spoilt(Random random)
    {
        string[] heads =
        [
            "GET /api/v1/users/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer a.b.c\r\n\r\n",
            "POST /api/v1/auth/otp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            "POST /api/v1/auth/otp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "POST /api/v1/auth/otp HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2;a=\nb\r\n{}\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "GET /ws/alerts HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\n",
        ];
        string[] pieces = ["\r", "\n", "\r\n", " ", "\t", "\0", ":", "\r\n X: folded", "HTTP/1.1", "HTTP/9.9", "http://a/", "*", "%00", "\u00ff", "Host: b\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: chunked, identity\r\n", "ffffffffffffffff\r\n", new string('a', 9_000), "X: " + new string('b', 40_000) + "\r\n", string.Concat(Enumerable.Repeat("Y: z\r\n", 200))];
        var text = heads[random.Next(heads.Length)];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text[..at] + pieces[random.Next(pieces.Length)] + text[at..],
                1 => text[..at] + text[Math.Min(text.Length, at + random.Next(1, 8))..],
                _ => text[..at] + (char)random.Next(256) + text[(at + 1)..],
            };
            if (text.Length == 0) text = "\r\n";
        }

        return text;
    }

    private async Task<Dictionary<string, string[]>> Ids()
    {
        var alert = await world.ObjectOf(AccessMatrix.Rows.First(row => row is { Route: "/api/v1/alerts/{id:guid}", Object: "own" }), "owner");
        var user = await world.ObjectOf(AccessMatrix.Rows.First(row => row is { Route: "/api/v1/admin/users/{id:guid}", Object: "others" }), "admin");
        return new() { ["alert"] = [alert.ToString(), Guid.CreateVersion7().ToString()], ["user"] = [user.ToString(), Guid.CreateVersion7().ToString()] };
    }

    /// <summary>What is wrong with an answer, or null.</summary>
    private async Task<string?> Ask(HttpRequestMessage request, ConcurrentDictionary<int, int> statuses)
    {
        using var answer = await Send(request, statuses);
        if (answer is null) return null;
        var status = (int)answer.StatusCode;
        statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
        if (status < 400) return status is >= 300 and not 304 ? $"a redirection: {status}" : null;
        var body = await answer.Content.ReadAsStringAsync();
        // What is wrong with the head is answered by Kestrel, before any of our code.
        if (status is 400 or 414 or 431 && body.Length == 0 && answer.Headers.ConnectionClose == true) return null;
        // So many passwords at once wait no longer than others can bear.
        if (status == 503 && IsDear(request.Method.Method, request.RequestUri!.AbsolutePath)) return null;
        if (status >= 500) return $"{status} {body}";
        // It speaks the OAuth way (RFC 6749, 5.2).
        if (request.RequestUri!.AbsolutePath == "/api/v1/oauth/token" && status < 500 && body.StartsWith("{\"error\":", StringComparison.Ordinal)) return null;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json") return $"{status} is no problem: {answer.Content.Headers.ContentType} {body}";
        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.GetProperty("status").GetInt32() == status ? null : $"{status} and says {body}";
    }

    /// <summary>Null when the connection was cut while the request was still on its way: head or body was refused before all of it was read.</summary>
    private async Task<HttpResponseMessage?> Send(HttpRequestMessage request, ConcurrentDictionary<int, int> statuses)
    {
        try
        {
            return await world.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException cut) when (cut.InnerException is IOException)
        {
            statuses.AddOrUpdate(CutOff, 1, static (_, count) => count + 1);
            return null;
        }
    }

    private static async Task<string> Sent(HttpRequestMessage request)
    {
        if (request.Content is not { } content) return "";
        return $"{content.Headers.ContentType} {Cut(Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync()))}";
    }

    private static string Cut(string text) => text.Length > 400 ? text[..400] + "…" : text;

    private static long Resident()
    {
        // Alone in the process only: it stops everybody.
        if (Asked is not null) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
