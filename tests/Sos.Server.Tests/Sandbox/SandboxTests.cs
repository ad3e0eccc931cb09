using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Grains.Messaging;
using Sos.Server.Hosting;
using Sos.Server.Sandbox;
using Sos.Server.Tests.Identity;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Sandbox;

public sealed class SandboxTests
{
    /// <summary>As a deployment starts it: Production, with settings that are the real service's.</summary>
    private static readonly string[] Settings =
    [
        "--sandbox", "--environment=Production", "--Sos:Server:DrainTime=00:00:00", "--Sos:Orleans:AllowMemory=true", "--Sos:Messaging:Gateway=outbox",
        "--Sos:Identity:TestNumbers=", "--Sos:Identity:Issuer=sos-orleans", "--Sos:Dispatch:OnCallNumbers:0=+4915112345678",
    ];

    [Fact]
    public async Task A_press_meets_the_scene_of_its_numbers_last_digit()
    {
        await using var host = await SosServerHost.Start(Settings);
        var lives = new List<Life>();
        for (var digit = 0; digit < 5; digit++) lives.Add(await Press(host, digit));
        Life help = lives[0], declined = lives[1], assigned = lives[2], nobody = lives[3], gaveUp = lives[4];

        await Until(host, "the four that end have ended", lives, () => lives.Where(life => life != nobody).All(life => life.Has(AlertEventKind.Resolved)));

        AlertEventKind[] way = [AlertEventKind.Accepted, AlertEventKind.EnRoute, AlertEventKind.OnScene, AlertEventKind.Resolved];
        Assert.Equal(way, help.Kinds.Where(way.Contains));
        Assert.True(declined.At(AlertEventKind.Declined) < declined.At(AlertEventKind.Accepted), "The first declines, then another accepts.");
        Assert.True(assigned.At(AlertEventKind.Assigned) < assigned.At(AlertEventKind.Accepted) && assigned.TimeOf(AlertEventKind.Assigned) - assigned.TimeOf(AlertEventKind.Raised) >= TimeSpan.FromSeconds(30), "Only the assigned one comes.");
        Assert.Equal(2, gaveUp.Kinds.Count(kind => kind == AlertEventKind.Accepted));
        Assert.True(gaveUp.At(AlertEventKind.Accepted) < gaveUp.At(AlertEventKind.Declined) && gaveUp.At(AlertEventKind.Declined) < gaveUp.Kinds.LastIndexOf(AlertEventKind.Accepted), "She gives it back, then another comes.");
        Assert.DoesNotContain(AlertEventKind.Accepted, nobody.Kinds);
        Assert.Contains(AlertEventKind.Seen, nobody.Kinds);

        await Until(host, "what nobody ends is closed", [nobody], () => nobody.Has(AlertEventKind.Resolved));
        Assert.InRange(nobody.TimeOf(AlertEventKind.Resolved) - nobody.TimeOf(AlertEventKind.Raised), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(16));
    }

    [Fact]
    public async Task An_app_goes_through_the_whole_flow_and_presses_for_its_user()
    {
        await using var host = await SosServerHost.Start(Settings);
        var user = await host.SignIn(10);
        var app = await AppFlow.Register(host, await host.SignIn(19));
        var token = (await app.LetIn(user, "alerts:raise alerts:read")).AccessToken;
        var life = await Press(host, token, 0);
        await Until(host, "help comes", [life], () => life.Has(AlertEventKind.EnRoute));
    }

    [Fact]
    public async Task Nobody_real_can_sign_in_and_nobody_can_administer()
    {
        await using var host = await SosServerHost.Start(Settings);
        foreach (var address in (string[])["{\"phone\":\"+4915112345678\"}", "{\"phone\":\"+12025550123\"}", "{\"email\":\"ann@example.org\"}"])
        {
            using var refused = await host.Send(HttpMethod.Post, "api/v1/auth/otp", address);
            await SosServerHost.IsProblem(refused, 422, "invalid");
            Assert.Equal("true", refused.Headers.GetValues("Sos-Sandbox").Single());
        }

        using var bootstrap = await host.Send(HttpMethod.Post, "api/v1/auth/bootstrap", $$"""{"token":"{{SosServerHost.BootstrapToken}}","phone":"{{TestNumbers.Number(9, 0)}}"}""");
        Assert.Equal(401, (int)bootstrap.StatusCode);
    }

    [Fact]
    public async Task No_message_leaves_and_what_went_to_a_made_up_number_can_be_read_by_who_is_signed_in()
    {
        await using var host = await SosServerHost.Start(Settings);
        var user = "Bearer " + (await host.SignIn(10)).AccessToken;
        using var named = await host.Send(HttpMethod.Patch, "api/v1/users/me", """{"fullName":"Ann"}""", user);
        Assert.Equal(200, (int)named.StatusCode);
        foreach (var phone in (string[])[TestNumbers.Number(8, 1), "+4915112345678"])
        {
            using var added = await host.Send(HttpMethod.Post, "api/v1/users/me/contacts", $$"""{"name":"Bea","phone":"{{phone}}"}""", user);
            Assert.True(added.IsSuccessStatusCode);
        }

        Assert.All(host.Services.GetRequiredService<DevelopmentOutbox>().Read(null), message => Assert.StartsWith("+1555", message.To, StringComparison.Ordinal));
        Assert.Equal(1, (await Messages(host, TestNumbers.Number(8, 1), user)).GetArrayLength());
        using var real = await host.Send(HttpMethod.Get, "api/v1/sandbox/messages?to=%2B4915112345678", authorization: user);
        await SosServerHost.IsProblem(real, 422, "invalid");
        using var stranger = await host.Http.GetAsync("api/v1/sandbox/messages?to=" + Uri.EscapeDataString(TestNumbers.Number(8, 1)));
        Assert.Equal(401, (int)stranger.StatusCode);
        using var development = await host.Http.GetAsync("dev/messages");
        Assert.Equal(404, (int)development.StatusCode);
    }

    [Fact]
    public async Task A_token_of_one_side_opens_nothing_on_the_other_even_under_the_same_keys()
    {
        // All hosts of the tests sign with the same keys: what is left is the wall itself.
        await using var sandbox = await SosServerHost.Start(Settings);
        await using var real = await SosServerHost.Start();
        var (there, here) = (await sandbox.SignIn(1), await real.SignIn(1));
        foreach (var (host, foreign) in new[] { (real, there), (sandbox, here) })
        {
            foreach (var authorization in (string[])["Bearer " + foreign.AccessToken, "Sos " + foreign.SosCredential])
            {
                using var answer = await host.Send(HttpMethod.Get, $"api/v1/alerts/{Guid.CreateVersion7()}", authorization: authorization);
                Assert.Equal(401, (int)answer.StatusCode);
            }

            using var refreshed = await host.Refresh(foreign.RefreshToken);
            Assert.Equal(401, (int)refreshed.StatusCode);
        }
    }

    [Fact]
    public async Task Neither_service_opens_the_others_data_folder()
    {
        await using var sandbox = await SosServerHost.Start(Settings);
        await sandbox.Stop();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build([$"--Sos:DataDirectory={sandbox.DataDirectory}", "--environment=Development"]));
        Assert.Contains("a sandbox's", refusal.Message, StringComparison.Ordinal);

        await using var real = await SosServerHost.Start();
        await real.Stop();
        refusal = Assert.Throws<StartupException>(() => SosApplication.Build([.. Settings, $"--Sos:DataDirectory={real.DataDirectory}"]));
        Assert.Contains("not a sandbox's", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--demo", "two different things")]
    [InlineData("--Sos:Orleans:Database=Host=db", "in no database")]
    public void A_setting_that_leads_out_of_it_ends_the_start_with_a_sentence(string setting, string words)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(["--sandbox", "--environment=Development", $"--Sos:DataDirectory={folder.Path}", setting]));
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_what_it_is_and_the_real_service_says_where_it_is()
    {
        await using var sandbox = await SosServerHost.Start(Settings);
        using var guide = await sandbox.Http.GetAsync("api/v1/sandbox");
        Assert.Equal("true", guide.Headers.GetValues("Sos-Sandbox").Single());
        var text = await SosServerHost.Json(guide);
        Assert.Equal(("+1555", "000000", 5), (text.GetProperty("numbers").GetString(), text.GetProperty("code").GetString(), text.GetProperty("scenes").GetArrayLength()));
        Assert.Equal("0123456789", string.Concat(text.GetProperty("scenes").EnumerateArray().SelectMany(scene => scene.GetProperty("lastDigits").GetString()!).Order()));
        using var missing = await sandbox.Http.GetAsync("nowhere");
        Assert.Equal("true", missing.Headers.GetValues("Sos-Sandbox").Single());

        await using var real = await SosServerHost.Start("--Sos:Server:SandboxAddress=https://sandbox.example.org");
        using var none = await real.Http.GetAsync("api/v1/sandbox");
        Assert.Equal(404, (int)none.StatusCode);
        Assert.False(none.Headers.Contains("Sos-Sandbox"));
        using var description = await real.Http.GetAsync("openapi/v1.json");
        Assert.Contains("https://sandbox.example.org", (await SosServerHost.Json(description)).GetProperty("servers").EnumerateArray().Select(server => server.GetProperty("url").GetString()));
    }

    private static async Task<JsonElement> Messages(SosServerHost host, string to, string authorization)
    {
        using var answer = await host.Send(HttpMethod.Get, "api/v1/sandbox/messages?to=" + Uri.EscapeDataString(to), authorization: authorization);
        return (await SosServerHost.Json(answer)).GetProperty("messages");
    }

    private static async Task<Life> Press(SosServerHost host, int digit) => await Press(host, (await host.SignIn(20 + digit)).AccessToken, digit);

    // Each in a part of the world of its own.
    private static async Task<Life> Press(SosServerHost host, string token, int place)
    {
        var id = Guid.CreateVersion7();
        using var answer = await host.Send(
            HttpMethod.Post, "api/v1/alerts", $$"""{"id":"{{id}}","kind":"medical","position":{"latitude":{{10 * place}},"longitude":{{20 * place}} } }""", "Bearer " + token);
        Assert.Equal(201, (int)answer.StatusCode);
        return new Life(host, id);
    }

    /// <summary>Moves the clock a second, looks until the crew has lived it, and so on: on a busy machine the clock waits for the crew.</summary>
    private static async Task Until(SosServerHost host, string what, IReadOnlyList<Life> lives, Func<bool> condition)
    {
        var crew = host.Services.GetRequiredService<SandboxCrew>();
        await crew.Awake;
        for (var second = 0; second < 1000; second++)
        {
            var lived = crew.Seconds;
            host.Time.Advance(TimeSpan.FromSeconds(1));
            do foreach (var life in lives) await life.Look();
            while (crew.Seconds == lived);
            if (condition()) return;
        }

        Assert.Fail($"Never: {what}. {string.Join(" | ", lives.Select(life => string.Join(' ', life.Kinds)))}");
    }

    private sealed class Life(SosServerHost host, Guid id)
    {
        private readonly List<AlertEvent> _events = [];

        public List<AlertEventKind> Kinds => [.. _events.Select(e => e.Kind)];

        public bool Has(AlertEventKind kind) => _events.Any(e => e.Kind == kind);

        public int At(AlertEventKind kind) => _events.FindIndex(e => e.Kind == kind);

        public DateTimeOffset TimeOf(AlertEventKind kind) => _events.First(e => e.Kind == kind).At;

        public async Task Look()
        {
            // As staff sees it: the person herself is not told who declined.
            var alert = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertGrain>(id);
            var page = await alert.Events(new AlertReader(Guid.Empty, true, ["*"]), _events.Count == 0 ? 0 : _events[^1].Seq, 100);
            _events.AddRange(page!.Events);
        }
    }
}
