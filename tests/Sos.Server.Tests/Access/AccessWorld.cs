using System.Diagnostics;
using System.Text.Json;
using Sos.Server.Tests.Alerts;
using Sos.Server.Tests.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Access;

/// <summary>
/// Everybody who may call a route, as Production knows them (staff with second factors), and what is theirs: an open alert of the owner that
/// a responder has accepted and another was stood down from, a closed one, and everybody's own.
/// </summary>
public sealed class AccessWorld : IAsyncLifetime
{
    private const string Area = "dr4k";
    private const string Elsewhere = "9q8y";
    private const string Here = """{"latitude":40.12,"longitude":-75.34,"accuracy":10}""";
    private static readonly string[] People = ["admin", "owner", "other", "assigned", "unassigned", "operator", "elsewhere", "disabled", "spare"];

    private readonly Dictionary<string, string?> _credentials = [];
    private readonly Dictionary<string, SessionAnswer> _sessions = [];
    private readonly Dictionary<string, Authenticator> _apps = [];
    private readonly Dictionary<(string Kind, string Person), Guid> _things = [];
    private int _spare = 100;

    public SosServerHost Host { get; private set; } = null!;

    private Guid Closed { get; set; }

    private Guid Purged { get; set; }

    public async ValueTask InitializeAsync()
    {
        Host = await SosServerHost.Start("--Sos:Identity:SecondFactor=staff", "--Sos:Identity:CodesAnHourABlock=10000", "--Sos:Identity:FailuresAnHourABlock=10000", "--Sos:Identity:MaxSessions=100", "--Sos:Cap:Sender=warn@city.example");
        _sessions["admin"] = await Host.Bootstrap();
        await SetUp("admin");
        foreach (var person in People[1..]) _sessions[person] = await Host.SignIn(Array.IndexOf(People, person));
        foreach (var (person, area) in new[] { ("operator", Area), ("elsewhere", Elsewhere) }) await Done("admin", "PATCH", $"admin/users/{IdOf(person)}", $$"""{"roles":["user","operator"],"areas":["{{area}}"]}""");
        foreach (var person in new[] { "assigned", "unassigned" }) await Done("admin", "POST", $"admin/responders/{IdOf(person)}", """{"cleared":true,"capabilities":["medical"],"displayName":"Anna"}""");
        foreach (var person in new[] { "assigned", "unassigned", "operator", "elsewhere" }) await SetUp(person);

        // What is over later begins here: a token that expires, a proof that grows old.
        _credentials["expired"] = Bearer("assigned");
        var stale = _sessions["admin"];
        Host.Time.Advance(TimeSpan.FromMinutes(16));
        _credentials["stale"] = "Bearer " + (await SosServerHost.Session(await Host.Refresh(stale.RefreshToken))).AccessToken;
        foreach (var person in People) _sessions[person] = await SignIn(person);
        foreach (var person in _apps.Keys) _sessions[person] = await _apps[person].Prove(_sessions[person]);
        foreach (var person in People) _credentials[person] = Bearer(person);
        _credentials["anonymous"] = null;
        _credentials["sos"] = "Sos " + _sessions["owner"].SosCredential;
        _credentials["refresh"] = "Bearer " + _sessions["admin"].RefreshToken;
        _credentials["unproved"] = "Bearer " + (await SignIn("assigned")).AccessToken;
        var ended = await SignIn("assigned");
        _credentials["revoked"] = "Bearer " + ended.AccessToken;
        using (await Host.Send(HttpMethod.Post, "api/v1/auth/logout", authorization: "Bearer " + ended.AccessToken)) { }
        await Done("admin", "PATCH", $"admin/users/{IdOf("disabled")}", """{"active":false}""");
        await Happen();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>What a caller sends to say who she is; null: nothing.</summary>
    public string? Credential(string caller) => _credentials[caller];

    /// <summary>A person's session.</summary>
    internal SessionAnswer SessionOf(string person) => _sessions[person];

    /// <summary>The same for a route that ends sessions.</summary>
    internal async Task<string?> CredentialFor(string caller, AccessTarget target)
    {
        if (!AccessRequests.Ends(target) || caller is "anonymous" or "disabled" or "revoked" or "expired" or "refresh" or "sos") return _credentials[caller];
        var session = target.Method == "POST" ? await SignIn(PersonOf(caller)) : await Host.SignIn(Interlocked.Increment(ref _spare));
        return "Bearer " + session.AccessToken;
    }

    /// <summary>The object of a row for a caller.</summary>
    internal async Task<Guid> ObjectOf(AccessRow row, string caller)
    {
        var person = PersonOf(caller);
        var kind = row.Route switch
        {
            var route when route.Contains("/sessions/", StringComparison.Ordinal) => "session",
            var route when route.Contains("/contacts/", StringComparison.Ordinal) => "contact",
            var route when route.Contains("/groups/", StringComparison.Ordinal) => "group",
            var route when route.Contains("/relatives/{who}", StringComparison.Ordinal) => "relative",
            var route when route.Contains("/trackers/", StringComparison.Ordinal) => "tracker",
            var route when route.Contains("/zones/", StringComparison.Ordinal) => "zone",
            var route when route.Contains("/admin/cap/", StringComparison.Ordinal) => "warning",
            var route when route.Contains("/cap/", StringComparison.Ordinal) => "publication",
            var route when route.Contains("/admin/users/", StringComparison.Ordinal) || route.Contains("/admin/responders/", StringComparison.Ordinal) => "user",
            _ => "alert",
        };
        return (row.Object, kind) switch
        {
            ("missing", _) => Guid.CreateVersion7(),
            ("closed", _) => Closed,
            ("purged", _) => Purged,
            ("others", "user") => IdOf("spare"),
            ("others", "zone") => (await Done("admin", "POST", "zones", AccessRequests.Zone)).GetProperty("id").GetGuid(),
            ("others", "warning") => await Warned(),
            ("others", "publication") => await Published(),
            ("others", _) => await ThingOf(kind, person == "owner" ? "other" : "owner"),
            ("own", _) => await ThingOf(kind, person),
            // Who has an alert open gets that one again, whatever was called off before.
            _ when row.Route == "/api/v1/alerts" => await ThingOf("alert", person),
            _ => Guid.Empty,
        };
    }

    /// <summary>The caller's own object was used up.</summary>
    internal void Consume(AccessRow row, string caller)
    {
        if (row.Object != "own") return;
        foreach (var kind in new[] { "alert", "session", "contact", "relative", "group" })
        {
            if (row.Route.Contains(kind + "s/{", StringComparison.Ordinal)) _things.Remove((kind, PersonOf(caller)));
        }
    }

    private static string PersonOf(string caller) => caller switch
    {
        "expired" or "unproved" or "revoked" => "assigned",
        "stale" or "refresh" => "admin",
        "anonymous" or "sos" or "disabled" => "owner",
        _ => caller,
    };

    private async Task<Guid> ThingOf(string kind, string person)
    {
        if (_things.TryGetValue((kind, person), out var known)) return known;
        var made = kind switch
        {
            "alert" => person == "owner" ? await Accepted() : await PressAnew(person),
            "session" => TokenForge.Json((await SignIn(person)).AccessToken.Split('.')[1])["sid"]!.GetValue<Guid>(),
            "relative" => (await Done(person, "POST", "relatives/add", $$"""{"phoneNumber":"{{AccessRequests.Number()}}","name":"Vera"}""")).GetProperty("relative").GetProperty("id").GetGuid(),
            "group" => (await Done(person, "POST", "relatives/groups", AccessRequests.Group())).GetProperty("id").GetGuid(),
            "tracker" => (await Done(person, "POST", "users/me/trackers", """{"name":"Map","kind":"owntracks"}""")).GetProperty("tracker").GetProperty("id").GetGuid(),
            "contact" => (await Done(person, "POST", "users/me/contacts", $$"""{"name":"Vera","phone":"{{AccessRequests.Number()}}"}""")).GetProperty("id").GetGuid(),
            _ => IdOf(person),
        };
        return _things[(kind, person)] = made;
    }

    private async Task Happen()
    {
        foreach (var person in new[] { "assigned", "unassigned" }) await Done(person, "PUT", "responders/me", """{"onDuty":true,"capacity":10,"transport":"car"}""");
        await Done("owner", "PATCH", "users/me/privacy", """{"eraseAtClose":true}""");
        Purged = await Over();
        await Until("it is purged", async () =>
        {
            using var answer = await Host.Send(HttpMethod.Get, $"api/v1/alerts/{Purged}", authorization: Bearer("owner"));
            return answer.StatusCode == System.Net.HttpStatusCode.Gone;
        });
        await Done("owner", "PATCH", "users/me/privacy", """{"eraseAtClose":false}""");
        Closed = await Over();
        await Done("unassigned", "POST", "responders/me/position", Here);
        _things[("alert", "owner")] = await Accepted();
        foreach (var person in People.Except(["owner", "disabled", "spare"])) await ThingOf("alert", person);
    }

    /// <summary>An alert of the owner that a responder has accepted and an operator has closed.</summary>
    private async Task<Guid> Over()
    {
        var alert = await PressAnew("owner");
        await Accept(alert);
        await Done("operator", "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"close","reason":"over"}""");
        return alert;
    }

    /// <summary>An alert of the owner that one responder was asked about and another has accepted.</summary>
    private async Task<Guid> Accepted()
    {
        var alert = await PressAnew("owner");
        await Until("somebody near is asked", async () => (await Done("unassigned", "GET", "responders/me/inbox")).GetRawText().Contains(alert.ToString(), StringComparison.Ordinal));
        await Accept(alert);
        return alert;
    }

    private async Task Accept(Guid alert)
    {
        var assigned = await Done("operator", "POST", "admin/actions", $$"""{"alertId":"{{alert}}","action":"assign","responderId":"{{IdOf("assigned")}}","reason":"she is near"}""");
        await Done("assigned", "POST", $"alerts/{alert}/accept", $$"""{"version":{{assigned.GetProperty("version").GetInt64()}}}""");
    }

    /// <summary>An alert of its own; one that was closed a moment ago may still count as the open one.</summary>
    private async Task<Guid> PressAnew(string person)
    {
        var alert = Guid.Empty;
        await Until($"{person} has an alert open", async () =>
        {
            alert = (await Done(person, "POST", "alerts", $$"""{"kind":"medical","position":{{Here}}}""")).GetProperty("id").GetGuid();
            return !(await Done(person, "GET", $"alerts/{alert}")).TryGetProperty("closedAt", out _);
        });

        // Each has a photo of its own name.
        using var photo = await Host.Upload(Bearer(person), alert, Alerts.Media.SampleMedia.Jpeg(), key: alert.ToString());
        Assert.True(photo.IsSuccessStatusCode, $"{(int)photo.StatusCode} {await photo.Content.ReadAsStringAsync()}");
        return alert;
    }

    private Task<SessionAnswer> SignIn(string person) => Host.SignIn(Array.IndexOf(People, person));

    private async Task SetUp(string person) => (_apps[person], _sessions[person]) = await Authenticator.SetUp(Host, _sessions[person]);

    private string Bearer(string person) => "Bearer " + _sessions[person].AccessToken;

    private Guid IdOf(string person) => _sessions[person].User!.Id;

    private async Task<Guid> Published()
    {
        var zone = (await Done("admin", "POST", "zones", AccessRequests.Zone)).GetProperty("id").GetGuid();
        await Done("admin", "PUT", $"zones/{zone}/publication", "{}");
        return zone;
    }

    private async Task<Guid> Warned()
    {
        using var answer = await Host.Send(HttpMethod.Post, "api/v1/admin/cap", AccessRequests.Warning(), Bearer("admin"));
        return (await SosServerHost.Json(answer)).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> Done(string person, string method, string path, string? json = null)
    {
        using var answer = await Host.Send(new HttpMethod(method), "api/v1/" + path, json, Bearer(person));
        Assert.True(answer.IsSuccessStatusCode, $"{person} {method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Content.Headers.ContentLength is 0 || answer.StatusCode == System.Net.HttpStatusCode.NoContent ? default : await SosServerHost.Json(answer);
    }

    private async Task Until(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!await condition())
        {
            await pace.WaitForNextTickAsync();
            Host.Time.Advance(TimeSpan.FromMilliseconds(25));
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(60)) throw new TimeoutException($"Waited 60 s for: {what}");
        }
    }
}
