using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sos.Contracts.Geo;
using Sos.Grains.Messaging;
using Sos.Server.Tests.Alerts.Media;
using Sos.Server.Tests.Hosting.Logs;

namespace Sos.Server.Tests.Privacy.Canaries;

/// <summary>
/// The whole life of an alert with everybody in it: at each stage everybody asks for everything, and whatever comes out of the service is written
/// down. Everybody has a place, a number, a name and words that are nobody else's.
/// </summary>
internal sealed partial class CanaryLife(SosServerHost server, LogProbe log) : IAsyncDisposable
{
    private const string PressedAt = "victim.place";
    private const string MovedTo = "victim.moved";

    private static readonly Dictionary<string, (string Phone, string Name)> Numbers = new()
    {
        ["victim"] = ("+12155550101", "Veranna Quillfeather"),
        ["rescuer"] = ("+12155550102", "Rosalinn Oakenshade"),
        ["asked"] = ("+12155550103", "Askelina Thornbury"),
        ["unassigned"] = ("+12155550104", "Unaturia Wetherby"),
        ["operator"] = ("+12155550105", "Operanda Lockhart"),
        ["elsewhere"] = ("+12155550106", "Elsewina Farnham"),
        ["stranger"] = ("+12155550107", "Strangelle Nobody"),
        ["carol"] = ("+12155550108", "Carolinda Sisterly"),
        ["sister"] = ("+12155550109", "Sisterine Fernhollow"),
        ["brother"] = ("+12155550110", "Broderick Fernhollow"),
        ["suitor"] = ("+12155550111", "Suitorus Grimwald"),
    };

    private static readonly Dictionary<string, (double Latitude, double Longitude)> Places = new()
    {
        [PressedAt] = (64.121357, -75.341246),
        [MovedTo] = (64.118642, -75.338753),
        ["rescuer.place"] = (64.124579, -75.344681),
        ["asked.place"] = (64.127913, -75.347135),
        ["unassigned.place"] = (65.931246, -76.912468),
        ["stranger.place"] = (64.131579, -75.351357),
        ["sister.place"] = (64.134681, -75.354813),
        ["brother.place"] = (64.136924, -75.357246),
        ["suitor.place"] = (64.138135, -75.359579),
    };

    private static readonly string[] Responders = ["rescuer", "asked", "unassigned"];
    private readonly Dictionary<string, CanaryPerson> _people = [];
    private readonly string _area = AreaId.Of(new GeoPoint(64.121357, -75.341246)).Value;
    private Guid _alert;
    private Guid _photo;
    private string _follow = "";

    public OutputRecorder Recorder { get; } = new();

    public List<Canary> Canaries { get; } = [];

    /// <summary>Lets it all happen.</summary>
    public async Task Live()
    {
        await SignIn();
        await Prepare();
        await Raise();
        await EverybodyAsksForEverything();
        await Accept();
        await EverybodyAsksForEverything();
        await Close();
        await EverybodyAsksForEverything();
        foreach (var person in _people.Values) await person.StopListening();
        await Restart();
        Recorder.Phase = "over";
        server.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        await Renew();
        await EverybodyAsksForEverything();
        Recorder.Phase = "ending";
        server.Time.Advance(TimeSpan.FromDays(7));
        await Renew();
        await Minutes("the alert is destroyed", async () => (await Of("victim").Ask("GET", $"alerts/{_alert}")).Status == 410);
        Recorder.Phase = "erased";
        await Renew();
        await EverybodyAsksForEverything();
        await Written();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people.Values) await person.DisposeAsync();
        await server.DisposeAsync();
    }

    private CanaryPerson Of(string name) => _people.TryGetValue(name, out var known) ? known : _people[name] = new CanaryPerson(name, server, Recorder);

    private async Task SignIn()
    {
        using (var answer = await server.Send(HttpMethod.Post, "api/v1/auth/bootstrap", $$"""{"token":"{{SosServerHost.BootstrapToken}}","phone":"{{TestKit.Client.TestNumbers.Number(9, 0)}}"}""")) await Of("admin").Take(answer);
        foreach (var (name, (phone, fullName)) in Numbers)
        {
            Canaries.Add(Canary.Phone($"{name}.phone", phone));
            Canaries.Add(Canary.Text($"{name}.name", fullName));
            if (name == "carol") continue;
            var asked = JsonDocument.Parse(await Of(name).Done("POST", "auth/otp", $$"""{"phone":"{{phone}}"}""")).RootElement;
            var code = server.Services.GetRequiredService<DevelopmentOutbox>().Read(phone)[0].Body[..6];
            Canaries.Add(Canary.Code($"{name}.code", code));
            using (var answer = await server.Verify(asked.GetProperty("sessionId").GetString()!, code, $"device-of-{name}")) await Of(name).Take(answer);
            await Of(name).Done("PATCH", "users/me", $$"""{"fullName":"{{fullName}}"}""");
        }

        foreach (var (name, person) in _people) Know(name, person.Session!);
        foreach (var (name, (latitude, longitude)) in Places) Canaries.Add(Canary.Place(name, latitude, longitude));
        foreach (var name in _people.Keys) Canaries.Add(Canary.Text($"{name}.said", $"reason-said-by-{name}"));
        foreach (var words in new[] { "victim.note", "victim.more", "rescuer.note", "operator.reason", "operator.note" }) Canaries.Add(Canary.Text(words, Words(words)));
        foreach (var name in Responders) Canaries.Add(Canary.Text($"{name}.first", First(name)));
        Canaries.Add(Canary.Text("victim.relation", "sister-of-the-quillfeathers"));
        Canaries.Add(Canary.Text("victim.exif", SampleMedia.Canary));
    }

    private async Task Prepare()
    {
        var admin = Of("admin");
        await admin.Done("PATCH", $"admin/users/{Of("operator").Id}", $$"""{"roles":["user","operator"],"areas":["{{_area}}"]}""");
        await admin.Done("PATCH", $"admin/users/{Of("elsewhere").Id}", """{"roles":["user","operator"],"areas":["9q8y"]}""");
        foreach (var name in Responders)
        {
            await admin.Done("POST", $"admin/responders/{Of(name).Id}", $$"""{"cleared":true,"capabilities":["medical"],"displayName":"{{First(name)}}"}""");
            await Of(name).Done("PUT", "responders/me", """{"onDuty":true,"capacity":3,"transport":"car"}""");
            await Of(name).Done("POST", "responders/me/position", Json($"{name}.place"));
        }

        await Of("stranger").Done("POST", "users/me/position", Json("stranger.place"));
        await Of("victim").Done("POST", "users/me/contacts", $$"""{"name":"{{Numbers["carol"].Name}}","phone":"{{Numbers["carol"].Phone}}","relationship":"sister-of-the-quillfeathers"}""");
        var invitation = Link("contact#");
        Canaries.Add(Canary.Text("carol.invitation", invitation));
        await Of("carol").Done("POST", "contact-links/invitation", $$"""{"token":"{{invitation}}"}""");
        await Of("carol").Done("POST", "contact-links/answer", $$"""{"token":"{{invitation}}","accepts":true}""");
        await Relate();
        await AddTrackers();
        await PublishZone();
        foreach (var name in _people.Keys.Where(name => name != "carol")) await Of(name).Listen("alerts");
        foreach (var name in Responders) await Of(name).Listen("responders");
        foreach (var name in new[] { "victim", "rescuer", "asked", "operator", "elsewhere", "stranger" }) await Of(name).Stream();
    }

    private async Task Raise()
    {
        Recorder.Phase = "raised";
        var victim = Of("victim");
        var pressed = await victim.Done("POST", "alerts", $$"""{"kind":"medical","note":"{{Words("victim.note")}}","position":{{Json(PressedAt)}},"holdSeconds":0}""");
        _alert = JsonDocument.Parse(pressed).RootElement.GetProperty("id").GetGuid();
        await Until("somebody near is asked", async () => (await Of("asked").Done("GET", "responders/me/inbox")).Contains(_alert.ToString(), StringComparison.Ordinal));
        await Until("the contact is told", () => Task.FromResult(server.Services.GetRequiredService<DevelopmentOutbox>().Read(Numbers["carol"].Phone)[0].Body.Contains("follow#", StringComparison.Ordinal)));
        _follow = Link("follow#");
        Canaries.Add(Canary.Text("carol.follow", _follow));
        await victim.Done("POST", $"alerts/{_alert}/position", Json(MovedTo));
        await victim.Done("PATCH", $"alerts/{_alert}", $$"""{"note":"{{Words("victim.more")}}"}""");

        // A picture that is this one and no other.
        var unique = new byte[24];
        new Random(7).NextBytes(unique);
        unique = [.. unique.Select(one => (byte)(one % 200 + 1))];
        var photo = SampleMedia.Jpeg();
        var scan = photo.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x3F, 0xFF, 0xD9]);
        Canaries.Add(Canary.Bytes("victim.photo", unique));
        var body = new ByteArrayContent([.. photo[..scan], .. unique, .. photo[(scan + 1)..]]);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("image/jpeg");
        var (status, listed) = await victim.Send("POST", $"api/v1/alerts/{_alert}/attachments", body);
        Assert.True(status == 201, listed);
        _photo = JsonDocument.Parse(listed).RootElement.GetProperty("id").GetGuid();
    }

    private async Task Accept()
    {
        var assigned = await Of("operator").Done("POST", "admin/actions", $$"""{"alertId":"{{_alert}}","action":"assign","responderId":"{{Of("rescuer").Id}}","reason":"{{Words("operator.reason")}}"}""");
        await Of("operator").Done("POST", "admin/actions", $$"""{"alertId":"{{_alert}}","action":"note","reason":"{{Words("operator.note")}}"}""");
        Recorder.Phase = "accepted";
        var accepted = await Of("rescuer").Done("POST", $"alerts/{_alert}/accept", $$"""{"version":{{Version(assigned)}},"note":"{{Words("rescuer.note")}}"}""");
        await Of("rescuer").Done("POST", $"alerts/{_alert}/en-route", $$"""{"version":{{Version(accepted)}},"note":"{{Words("rescuer.note")}}"}""");
        await Of("victim").Done("POST", $"alerts/{_alert}/position", Json(PressedAt));
        await Until("the way is kept", async () => (await Of("rescuer").Ask("GET", $"alerts/{_alert}/track")).Body.Contains("latitude", StringComparison.Ordinal));

        // What was told waits for the clock: nobody hears of it in the next phase.
        await Until("every board shows it", () => Task.FromResult(Heard("operator", "en_route") >= 2 && Heard("admin", "en_route") >= 1 && Heard("victim", "en_route") >= 2));
    }

    private async Task Close()
    {
        var view = await Of("rescuer").Done("GET", $"alerts/{_alert}");
        var there = await Of("rescuer").Done("POST", $"alerts/{_alert}/on-scene", $$"""{"version":{{Version(view)}}}""");
        await Until("every board shows it", () => Task.FromResult(Heard("operator", "on_scene") >= 2 && Heard("admin", "on_scene") >= 1 && Heard("victim", "on_scene") >= 2));
        Recorder.Phase = "closing";
        await Of("rescuer").Done("POST", $"alerts/{_alert}/resolve", $$"""{"version":{{Version(there)}},"note":"{{Words("rescuer.note")}}"}""");
        await Until("everybody has heard of it", () => Task.FromResult(
            Heard("victim", "resolved") >= 2 && Heard("operator", "resolved") >= 2 && Heard("admin", "resolved") >= 1
            && server.Services.GetRequiredService<DevelopmentOutbox>().Read(Numbers["carol"].Phone)[0].Body.Contains("is safe", StringComparison.Ordinal)));
        Recorder.Phase = "closed";
    }

    /// <summary>Everybody tries every way to know something.</summary>
    private async Task EverybodyAsksForEverything()
    {
        string[] paths =
        [
            "users/me", "users/me/contacts", "users/me/trackers", "users/me/privacy", "auth/sessions", "auth/second-factor", "alerts", $"alerts?area={_area}", $"alerts/{_alert}", $"alerts/{_alert}/events",
            $"alerts/{_alert}/track", $"alerts/{_alert}/candidates/1", $"alerts/{_alert}/tombstone", $"alerts/{_alert}/attachments/{_photo}/url", "responders/me", "responders/me/inbox",
            "responders?latitude=64.2&longitude=-75.3&radiusMetres=50000", "admin/board", "admin/audit", $"admin/users/{Of("victim").Id}", $"admin/users/{Of("rescuer").Id}",
            $"alerts/{Places[PressedAt].Latitude}", "alerts?limit=x", "nothing", "relatives", "relatives/alerts", "users/me/trail", $"relatives/{Uri.EscapeDataString(Numbers["sister"].Phone)}/trail", "admin/cap", "admin/cap/feeds", "cap/feed", $"cap/{_zone}",
        ];
        await Meet();
        await ReportTrackers();
        foreach (var person in _people.Values)
        {
            foreach (var path in paths)
            {
                var (status, body) = await person.Ask("GET", path);
                if (status != 200 || !path.EndsWith("/url", StringComparison.Ordinal)) continue;
                var url = JsonDocument.Parse(body).RootElement.GetProperty("url").GetString()!;
                Canaries.Add(Canary.Text($"{person.Name}.address", url[url.LastIndexOf('/')..]));
                Assert.Equal(200, (await person.Send("GET", url.TrimStart('/'), null)).Status);
            }

            await person.Ask("PATCH", "users/me", $$"""{"fullName":{{Places[PressedAt].Latitude.ToString(CultureInfo.InvariantCulture)}}""");
            await person.Ask("POST", $"alerts/{_alert}/accept", """{"version":0}""");
            await person.Ask("POST", "contact-links/alert", $$"""{"token":"{{(person.Name == "carol" ? _follow : _follow[..^3])}}"}""");
        }

        await Of("anonymous").Send("GET", "openapi/v1.json", null);
        await Of("anonymous").Send("GET", "health/ready", null);
        foreach (var page in new[] { "follow", "contact", "relative", "bootstrap" }) await Of("anonymous").Send("GET", page, null);
    }

    /// <summary>What lies on disk, and what was written and sent beside: everything so far, in this phase.</summary>
    private async Task Written()
    {
        foreach (var message in server.Services.GetRequiredService<DevelopmentOutbox>().Read(null))
            Recorder.Add(Numbers.FirstOrDefault(number => number.Value.Phone == message.To).Key ?? "admin", "text", "text message", message.Body);
        await server.Stop();
        foreach (var line in log.Lines) Recorder.Add("nobody", "log", "log", line);
        foreach (var file in Directory.EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories)) Recorder.Add("nobody", "disk", file, await File.ReadAllBytesAsync(file));
    }

    private async Task Restart()
    {
        await Written();
        await server.Start();
    }

    // Access tokens end with the clock.
    private async Task Renew()
    {
        foreach (var person in _people.Values.Where(person => person.Session is not null))
        {
            using var answer = await server.Refresh(person.Session!.RefreshToken, $"device-of-{person.Name}");
            Know(person.Name, await person.Take(answer));
        }
    }

    private void Know(string name, TestKit.Client.SessionAnswer session)
    {
        foreach (var (what, secret) in new[] { ("access", session.AccessToken), ("refresh", session.RefreshToken), ("sos", session.SosCredential) })
        {
            if (secret is not null) Canaries.Add(Canary.Text($"{name}.{what}", secret.Split('.')[^1]));
        }
    }

    // On both of her connections, where she has two.
    private int Heard(string name, string status) => Recorder.Outputs.Where(output => output.To == name && output.Channel == "push" && System.Text.Encoding.UTF8.GetString(output.Content).Contains($"\"status\":\"{status}\"", StringComparison.Ordinal))
        .Select(output => output.What.Split(' ')[0]).Distinct().Count();

    private string Link(string kind)
    {
        var body = server.Services.GetRequiredService<DevelopmentOutbox>().Read(Numbers["carol"].Phone).First(message => message.Body.Contains(kind, StringComparison.Ordinal)).Body;
        return body[(body.IndexOf(kind, StringComparison.Ordinal) + kind.Length)..].Trim();
    }

    private static string First(string name) => Numbers[name].Name.Split(' ')[0] + "-on-duty";

    private static string Words(string what) => $"the-words-of-{what.Replace('.', '-')}-are-these";

    private static string Json(string place) => string.Create(CultureInfo.InvariantCulture, $$"""{"latitude":{{Places[place].Latitude}},"longitude":{{Places[place].Longitude}},"accuracy":10}""");

    private static long Version(string view) => JsonDocument.Parse(view).RootElement.GetProperty("version").GetInt64();

    private Task Minutes(string what, Func<Task<bool>> condition) => Until(what, condition, TimeSpan.FromMinutes(1));

    private Task Until(string what, Func<Task<bool>> condition) => Until(what, condition, TimeSpan.FromMilliseconds(25));

    private async Task Until(string what, Func<Task<bool>> condition, TimeSpan step)
    {
        var started = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!await condition())
        {
            await pace.WaitForNextTickAsync();
            server.Time.Advance(step);
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(40)) throw new TimeoutException($"Waited 40 s for: {what}");
        }
    }
}
