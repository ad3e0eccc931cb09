using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Sos.Contracts.Operations;
using Sos.Server.Hosting.Logs;
using Sos.TestKit;
using Sos.TestKit.Client;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Hosting.Logs;

/// <summary>S-15 and S-16 for the log: a whole SOS with trouble on the way, and nothing of the people in it is in any line.</summary>
public sealed class LogCanaryTests
{
    private const string Phone = "+12155550147";
    private const string ContactPhone = "+12155550188";
    private const string Note = "canary-in-the-note";
    private const string Reason = "canary-in-the-reason";
    private const string Name = "Canaria";
    private const string Latitude = "40.123457";
    private const string Longitude = "-75.345679";

    [Fact]
    public async Task S16_nothing_of_people_is_in_any_line_of_a_whole_SOS()
    {
        var log = new LogProbe();
        await using var server = await SosServerHost.Start(
            services =>
            {
                FaultyStorage.AddTo(services, StorageNames.Records);
                services.PostConfigure<LineFormatterOptions>(lines => lines.Json = true);
                services.AddSingleton<ILoggerProvider>(given => log.With(given.GetServices<ConsoleFormatter>().OfType<LineFormatter>().Single()));
            },
            "--Logging:LogLevel:Default=Debug");
        var canaries = new List<string> { Phone[1..], ContactPhone[1..], Note, Reason, Name, Latitude, Longitude, Latitude[..^1], Longitude[1..^1], Latitude[..^2], Longitude[1..^2] };

        // Signing in with a code that was sent, after two wrong ones.
        var ticket = await server.AskForCode(Phone);
        var code = await server.CodeOf(Phone);
        foreach (var wrong in (string[])["000001", "not a code"]) await Unchecked(server.Verify(ticket, wrong));
        using var verified = await server.Verify(ticket, code);
        var victim = await SosServerHost.Session(verified);
        var admin = await server.Bootstrap();
        var responder = await server.SignIn(1);
        canaries.AddRange([ticket, victim.AccessToken, victim.RefreshToken, victim.SosCredential!, admin.AccessToken, responder.RefreshToken, SosServerHost.BootstrapToken]);

        async Task<JsonElement> Done(SessionAnswer who, string method, string path, string? json = null)
        {
            using var answer = await server.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {await answer.Content.ReadAsStringAsync()}");
            return answer.Content.Headers.ContentLength is 0 ? default : await SosServerHost.Json(answer);
        }

        await Done(admin, "POST", $"admin/responders/{responder.User!.Id}", $$"""{"cleared":true,"capabilities":["medical"],"displayName":"{{Name}}"}""");
        await Done(responder, "PUT", "responders/me", """{"onDuty":true,"capacity":1,"transport":"walk"}""");
        await Done(responder, "POST", "responders/me/position", $$"""{"latitude":{{Latitude}},"longitude":{{Longitude}},"accuracy":10}""");
        await Done(victim, "POST", "users/me/contacts", $$"""{"name":"{{Name}}","phone":"{{ContactPhone}}"}""");

        // Devices with tickets in their addresses, one of them used twice.
        var opened = (await Done(victim, "POST", "auth/tickets")).GetProperty("ticket").GetString()!;
        canaries.Add(opened);
        var hub = new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = "/ws/alerts" }.Uri;
        await using (await HubClient.Connect(hub, opened))
        {
            await Unchecked(server.Send(HttpMethod.Get, $"api/v1/users/me/stream?ticket={opened}"));
            var press = await Done(victim, "POST", "alerts", $$$"""{"kind":"medical","note":"{{{Note}}}","position":{"latitude":{{{Latitude}}},"longitude":{{{Longitude}}},"accuracy":10}}""");
            var alert = press.GetProperty("id").GetGuid();
            await Done(victim, "POST", $"alerts/{alert}/position", $$"""{"latitude":{{Latitude}},"longitude":{{Longitude}},"accuracy":5}""");
            var assigned = await Done(admin, "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"assign","responderId":"{{responder.User.Id}}","reason":"{{Reason}}"}""");
            await Done(responder, "POST", $"alerts/{alert}/accept", $$"""{"version":{{assigned.GetProperty("version").GetInt64()}},"note":"{{Note}}"}""");

            // Nonsense of every kind, with what must not be in a log in all of it.
            foreach (var (path, json) in ((string, string?)[])
            [
                ($"alerts?area={Phone}&day={Latitude}", null), ($"relatives/{Uri.EscapeDataString(Phone)}", null), ($"alerts/{Latitude}", null),
                ("auth/otp", $$"""{"phone":"{{Phone}}","{{Note}}":1}"""), ("auth/otp", $$"""{"phone":{{Phone}}"""), ("users/me/contacts", $$"""{"name":"{{Name}}\r\n{{Note}}","phone":"{{Latitude}}"}"""),
                ("auth/refresh", $$"""{"refreshToken":"{{victim.RefreshToken}}x"}"""), ("alerts", $$"""{"position":{"latitude":"{{Latitude}}","note":["""),
            ]) await Unchecked(server.Send(json is null ? HttpMethod.Get : HttpMethod.Post, "api/v1/" + path, json, "Bearer " + victim.AccessToken));
            await Unchecked(server.Send(HttpMethod.Get, "api/v1/users/me", (string?)null, "Bearer " + victim.AccessToken + "x"));
            await Unchecked(server.Send(HttpMethod.Get, "api/v1/admin/board", (string?)null, "Bearer " + victim.AccessToken));

            // A tracker, whose token stands in an address.
            var tracker = (await Done(victim, "POST", "users/me/trackers", $$"""{"name":"{{Name}}","kind":"traccar"}""")).GetProperty("token").GetString()!;
            var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"sos:{tracker}"));
            canaries.AddRange([tracker, tracker[8..], basic]);
            foreach (var path in (string[])[$"ingest/osmand/{tracker}?lat={Latitude}&lon={Longitude}", $"ingest/osmand/{tracker}?lat={Latitude}&lon={Longitude}&alarm=sos", $"ingest/osmand/{tracker[..^3]}?lat=x", $"ingest/nothing/{tracker}"])
                await Unchecked(server.Http.GetAsync(path));
            foreach (var credential in (string[])["Basic " + basic, "Bearer " + tracker])
            {
                await Unchecked(server.Send(HttpMethod.Post, "ingest/owntracks", $$"""{"_type":"location","lat":{{Latitude}},"lon":{{Longitude}}""", credential));
                await Unchecked(server.Send(HttpMethod.Post, "ingest/overland", $$"""{"locations":[{{Latitude}}]}""", credential));
            }

            // The disk refuses: exceptions are logged.
            var storage = server.Services.GetRequiredService<FaultyStorage>();
            storage.Fault = WriteFault.Refused;
            await Unchecked(server.Send(HttpMethod.Post, $"api/v1/alerts/{alert}/cancel", $$"""{"reason":"{{Note}}"}""", "Bearer " + victim.AccessToken));
            await Unchecked(server.Http.GetAsync($"ingest/osmand/{tracker}?lat={Latitude}&lon={Longitude}&alarm=sos"));
            await Unchecked(server.Send(HttpMethod.Patch, "api/v1/users/me", $$"""{"displayName":"{{Name}}"}""", "Bearer " + victim.AccessToken));
            storage.Fault = WriteFault.None;
            await Unchecked(server.Send(HttpMethod.Post, $"api/v1/alerts/{alert}/cancel", "{}", "Bearer " + victim.AccessToken));
        }

        // What a library might write goes through the same hands.
        var planted = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Planted");
        Plant(planted, Phone, $"{Latitude}, {Longitude}", code, canaries.First(canary => canary.StartsWith("sosT1_", StringComparison.Ordinal)), new FormatException("/ingest/osmand/" + canaries.First(canary => canary.StartsWith("sosT1_", StringComparison.Ordinal))));
        Plant(planted, Phone, $"{Latitude}, {Longitude}", code, victim.AccessToken, new FormatException($"'{Phone}' at {Latitude}"));
        await Done(victim, "POST", "auth/logout");
        await server.Stop();

        var lines = log.Lines.ToList();
        Assert.True(lines.Count(line => !line.Contains("Planted", StringComparison.Ordinal)) > 10, $"Only {lines.Count} lines were written.");
        Assert.Contains(lines, line => line.Contains("Planted", StringComparison.Ordinal) && line.Contains("[number]", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("The disk refuses", StringComparison.Ordinal));
        // What happened at the doors (ASVS 16.3.1, 16.3.2).
        Assert.Equal(1, lines.Count(line => line.Contains("A proof by Code from block", StringComparison.Ordinal) && line.Contains("was wrong", StringComparison.Ordinal)));
        foreach (var told in (string[])[$"User {victim.User!.Id} signed in by Code", $"of user {victim.User.Id} was ended", $"User {victim.User.Id} may not GET /api/v1/admin/board"])
            Assert.Contains(lines, line => line.Contains(told, StringComparison.Ordinal));
        foreach (var line in lines)
        {
            Assert.Single(line, '\n');
            using var parsed = JsonDocument.Parse(line);
            Assert.Equal(JsonValueKind.Object, parsed.RootElement.ValueKind);
            Assert.All(canaries, canary => Assert.False(line.Contains(canary, StringComparison.OrdinalIgnoreCase), $"'{canary}' is in the log: {line}"));
            Assert.False(Regex.IsMatch(line, $"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])"), $"The code is in the log: {line}");
        }
    }

    private static async Task Unchecked(Task<HttpResponseMessage> answer) => (await answer).Dispose();

    private static void Plant(ILogger logger, string phone, string place, string code, string token, Exception trouble) =>
        logger.Log(LogLevel.Error, 1, new List<KeyValuePair<string, object?>> { new("phone", phone), new("place", place) }, trouble, (_, _) => $"{phone} is at {place}, {code}, {token}");
}
