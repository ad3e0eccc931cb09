using System.Net;
using System.Text;
using Sos.Server.Hosting;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

/// <summary>Staff's second factor as Production asks for it.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private const string Staff = "--Sos:Identity:SecondFactor=staff";

    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start(Staff, "--Sos:Identity:FailuresAnHourABlock=1000");
        _admin = await _server.Bootstrap();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Without_one_an_administrator_is_a_plain_user_and_is_told_what_to_do()
    {
        await SosServerHost.IsProblem(await Administer(_admin), 403, "second-factor-not-set-up");
        await SosServerHost.IsProblem(await Ask(_admin, "GET", "admin/board"), 403, "second-factor-not-set-up");
        Assert.Equal(HttpStatusCode.OK, (await Ask(_admin, "GET", "users/me")).StatusCode);
        Assert.Equal(["user"], TokenForge.Json(_admin.AccessToken.Split('.')[1])["role"]!.AsArray().Select(role => (string)role!));
        var status = await SosServerHost.Json(await Ask(_admin, "GET", "auth/second-factor"));
        Assert.Equal("""{"needed":true,"active":false,"recoveryLeft":0}""", status.GetRawText());

        var stranger = await _server.SignIn(1);
        await SosServerHost.IsProblem(await Administer(stranger), 403, "forbidden");
    }

    [Fact]
    public async Task Its_first_code_opens_the_roles_and_every_later_session_proves_it_again()
    {
        var (app, proved) = await Authenticator.SetUp(_server, _admin);
        Assert.Equal(["user", "admin"], TokenForge.Json(proved.AccessToken.Split('.')[1])["role"]!.AsArray().Select(role => (string)role!));
        foreach (var session in new[] { proved, _admin }) Assert.Equal(HttpStatusCode.OK, (await Administer(session)).StatusCode);

        using var signedIn = await _server.Verify(await _server.AskForCode(TestNumbers.Number(9, 0)), TestNumbers.Code);
        Assert.Equal("verify", (await SosServerHost.Json(signedIn)).GetProperty("secondFactor").GetString());
        var later = await SosServerHost.Session(signedIn);
        await SosServerHost.IsProblem(await Administer(later), 403, "second-factor-required");
        Assert.Equal(HttpStatusCode.OK, (await Administer(await app.Prove(later))).StatusCode);
        var refreshed = await SosServerHost.Session(await _server.Refresh(later.RefreshToken));
        Assert.Equal(HttpStatusCode.OK, (await Administer(refreshed)).StatusCode);
    }

    [Fact]
    public async Task A_code_is_good_once_also_when_fifty_bring_it_and_after_a_restart()
    {
        var (app, _) = await Authenticator.SetUp(_server, _admin);
        var session = await _server.SignIn(0);
        await SosServerHost.IsProblem(await Authenticator.Try(_server, session, app.Code()), 422, "wrong-second-factor");
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        // Five may be looked at, the others wait; one of the five is right.
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Authenticator.Try(_server, session, app.Code())));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        await _server.Stop();
        await _server.Start();
        Assert.NotEqual(HttpStatusCode.OK, (await Authenticator.Try(_server, session, app.Code())).StatusCode);
    }

    [Fact]
    public async Task A_proof_lets_a_session_administer_for_fifteen_minutes_and_work_for_longer()
    {
        var (app, session) = await Authenticator.SetUp(_server, _admin);
        _server.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        session = await SosServerHost.Session(await _server.Refresh(session.RefreshToken));
        Assert.Equal(HttpStatusCode.OK, (await Administer(session)).StatusCode);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var (method, path, body) in new[] { ("GET", $"admin/users/{_admin.User!.Id}", null), ("PATCH", $"admin/users/{_admin.User.Id}", "{}"), ("DELETE", $"admin/users/{_admin.User.Id}/sessions", null), ("POST", "auth/second-factor/recovery-codes", null), ("POST", "auth/second-factor/enrol", (string?)null) })
            await SosServerHost.IsProblem(await Ask(session, method, path, body), 403, "step-up-required");
        Assert.Equal(HttpStatusCode.OK, (await Ask(session, "GET", "admin/board")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Administer(await app.Prove(session))).StatusCode);
    }

    [Fact]
    public async Task Five_wrong_codes_make_the_right_one_wait_and_a_recovery_code_does_not()
    {
        var (app, _) = await Authenticator.SetUp(_server, _admin);
        var session = await _server.SignIn(0);
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 5; i++) await SosServerHost.IsProblem(await Authenticator.Try(_server, session, app.Wrong()), 422, "wrong-second-factor");
        using var waits = await Authenticator.Try(_server, session, app.Code());
        await SosServerHost.IsProblem(waits, 429, "too-many-requests");
        Assert.InRange(waits.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(60));

        using var recovered = await Authenticator.Try(_server, session, app.Recovery[0].ToLowerInvariant().Replace('-', ' '));
        Assert.Equal(HttpStatusCode.OK, recovered.StatusCode);
        await SosServerHost.IsProblem(await Authenticator.Try(_server, session, app.Recovery[0]), 422, "wrong-second-factor");
        Assert.Equal(9, (await SosServerHost.Json(await Ask(session, "GET", "auth/second-factor"))).GetProperty("recoveryLeft").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await Authenticator.Try(_server, session, app.Code())).StatusCode);
    }

    [Fact]
    public async Task Recovery_codes_are_ten_of_120_bits_and_new_ones_replace_them()
    {
        var (app, session) = await Authenticator.SetUp(_server, _admin);
        Assert.Equal(10, app.Recovery.Distinct().Count());
        Assert.All(app.Recovery, code => Assert.Matches("^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$", code));
        var renewed = (await SosServerHost.Json(await Ask(session, "POST", "auth/second-factor/recovery-codes"))).GetProperty("codes").EnumerateArray().Select(code => code.GetString()!).ToArray();
        Assert.Equal(20, renewed.Concat(app.Recovery).Distinct().Count());
        await SosServerHost.IsProblem(await Authenticator.Try(_server, session, app.Recovery[0]), 422, "wrong-second-factor");
        Assert.Equal(HttpStatusCode.OK, (await Authenticator.Try(_server, session, renewed[9])).StatusCode);
    }

    [Fact]
    public async Task Setting_one_up_needs_a_fresh_sign_in_and_replacing_it_a_fresh_proof()
    {
        _server.Time.Advance(TimeSpan.FromMinutes(15));
        var old = await SosServerHost.Session(await _server.Refresh(_admin.RefreshToken));
        await SosServerHost.IsProblem(await Ask(old, "POST", "auth/second-factor/enrol"), 403, "recent-sign-in-required");
        await SosServerHost.IsProblem(await Ask(old, "POST", "auth/second-factor/confirm", """{"code":"123456"}"""), 403, "recent-sign-in-required");

        var (first, proved) = await Authenticator.SetUp(_server, await _server.SignIn(0));
        var unproved = await _server.SignIn(0);
        await SosServerHost.IsProblem(await Ask(unproved, "POST", "auth/second-factor/enrol"), 403, "step-up-required");
        var second = await Authenticator.Propose(_server, proved);
        await first.Prove(proved);
        await second.Confirm(proved);
        await SosServerHost.IsProblem(await Authenticator.Try(_server, unproved, first.Recovery[0]), 422, "wrong-second-factor");
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        await SosServerHost.IsProblem(await Authenticator.Try(_server, unproved, first.Code()), 422, "wrong-second-factor");
        await second.Prove(unproved);
    }

    [Fact]
    public async Task An_administrator_resets_it_for_a_reason_and_every_session_ends()
    {
        var (_, admin) = await Authenticator.SetUp(_server, _admin);
        var person = await _server.SignIn(1);
        using (await Ask(admin, "PATCH", $"admin/users/{person.User!.Id}", """{"roles":["user","operator"],"areas":["*"]}""")) { }
        var (_, proved) = await Authenticator.SetUp(_server, person);
        Assert.Equal(HttpStatusCode.OK, (await Ask(proved, "GET", "admin/board")).StatusCode);

        var path = $"admin/users/{person.User.Id}/second-factor/reset";
        using (var silent = new HttpRequestMessage(HttpMethod.Post, "api/v1/" + path))
        {
            silent.Headers.Add("Authorization", "Bearer " + admin.AccessToken);
            await SosServerHost.IsProblem(await _server.Http.SendAsync(silent), 422, "reason-required");
        }

        await SosServerHost.IsProblem(await Ask(proved, "POST", path), 403, "forbidden");
        await SosServerHost.IsProblem(await Ask(admin, "POST", $"admin/users/{Guid.NewGuid()}/second-factor/reset"), 404, "not-found");
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.NoContent, (await Ask(admin, "POST", path)).StatusCode);
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        await SosServerHost.IsProblem(await Ask(proved, "GET", "users/me"), 401, "unauthorized");
        var again = await _server.SignIn(1);
        await SosServerHost.IsProblem(await Ask(again, "GET", "admin/board"), 403, "second-factor-not-set-up");
        await Authenticator.SetUp(_server, again);
        Assert.Equal(3, (await Messages(TestNumbers.Number(9, 1))).Count(text => text.StartsWith("How you sign in has changed", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.NoContent, (await Ask(admin, "DELETE", $"admin/users/{person.User.Id}/sessions")).StatusCode);
        await SosServerHost.IsProblem(await Ask(again, "GET", "users/me"), 401, "unauthorized");
        var acts = (await SosServerHost.Json(await Ask(admin, "GET", "admin/audit"))).GetRawText();
        Assert.Contains("reset_second_factor", acts, StringComparison.Ordinal);
        Assert.Contains("ended_sessions", acts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_waits_for_it_with_an_sos()
    {
        Assert.Equal(HttpStatusCode.Created, (await Ask(_admin, "POST", "alerts", "{}")).StatusCode);
        using var bySos = await _server.Send(HttpMethod.Post, "api/v1/users/me/position", """{"latitude":52.5,"longitude":13.4}""", "Sos " + _admin.SosCredential);
        Assert.Equal(HttpStatusCode.Accepted, bySos.StatusCode);
    }

    [Fact]
    public async Task What_is_stored_holds_no_secret_and_no_recovery_code()
    {
        Assert.SkipUnless(SosSilo.Runtime == "embedded", "The files of the embedded store are looked through.");
        var (app, _) = await Authenticator.SetUp(_server, _admin);
        await _server.Stop();
        var texts = app.Recovery.Concat(app.Recovery.Select(code => code.Replace("-", "", StringComparison.Ordinal))).Append(app.Secret).ToList();
        var files = Directory.GetFiles(_server.DataDirectory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => File.ReadAllBytes(file).AsSpan().IndexOf("second-factor"u8) >= 0);
        foreach (var file in files)
        {
            var content = File.ReadAllBytes(file);
            Assert.All(texts, text => Assert.True(content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) < 0, file));
        }

        await _server.Start();
    }

    [Theory]
    [InlineData("Sos:Identity:SecondFactor", "off")]
    [InlineData("Sos:Identity:PasswordCost", "13")]
    public void Production_refuses_what_is_weak(string setting, string value)
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<StartupException>(() => SosApplication.Build(
            ["--environment=Production", "--Sos:Messaging:Gateway=none", "--Sos:Orleans:AllowMemory=true", $"--Sos:DataDirectory={folder.Path}", $"--{setting}={value}"]));
        Assert.Contains(setting, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", 403)]
    [InlineData("Development", 200)]
    public async Task It_is_asked_for_outside_development_when_nothing_is_set(string environment, int status)
    {
        await using var server = await SosServerHost.Start($"--environment={environment}", "--Sos:Server:DrainTime=00:00:00", "--Sos:Messaging:Gateway=none", "--Sos:Orleans:AllowMemory=true", $"--{TestNumbers.Setting}=");
        var admin = await server.Bootstrap();
        using var answer = await server.Send(HttpMethod.Get, "api/v1/admin/board", authorization: "Bearer " + admin.AccessToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private Task<HttpResponseMessage> Administer(SessionAnswer by) => Ask(by, "GET", $"admin/users/{_admin.User!.Id}");

    private Task<HttpResponseMessage> Ask(SessionAnswer who, string method, string path, string? json = null) =>
        _server.Send(new HttpMethod(method), "api/v1/" + path, json, "Bearer " + who.AccessToken);

    private async Task<string[]> Messages(string to)
    {
        using var answer = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(to));
        return [.. (await SosServerHost.Json(answer)).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!)];
    }
}
