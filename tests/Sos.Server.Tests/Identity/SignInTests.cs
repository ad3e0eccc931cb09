using System.Net;

namespace Sos.Server.Tests.Identity;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Phone = "+49301234567";

    private SosServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await SosServerHost.Start("--Sos:Identity:FailuresAnHourABlock=1000");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_code_of_the_message_signs_in_and_the_token_shows_the_account()
    {
        var ticket = await _server.AskForCode(Phone);
        using var verified = await _server.Verify(ticket, await _server.CodeOf(Phone), "my phone");
        var session = await SosServerHost.Session(verified);
        Assert.Equal(_server.Time.GetUtcNow().AddMinutes(10), session.ExpiresAt, TimeSpan.FromSeconds(1));

        using var me = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + session.AccessToken);
        var account = await SosServerHost.Json(me);
        Assert.Equal(Phone, account.GetProperty("phone").GetString());
        Assert.Equal("user", Assert.Single(account.GetProperty("roles").EnumerateArray().ToArray()).GetString());
        Assert.Equal(session.User!.Id, account.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        await SosServerHost.Session(await _server.Verify(ticket, code));
        await SosServerHost.IsProblem(await _server.Verify(ticket, code), 401, "wrong-code");
    }

    [Fact]
    public async Task Five_wrong_codes_kill_the_right_one()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        for (var i = 0; i < 5; i++) await SosServerHost.IsProblem(await _server.Verify(ticket, Other(code)), 401, "wrong-code");
        await SosServerHost.IsProblem(await _server.Verify(ticket, code), 401, "wrong-code");
    }

    [Fact]
    public async Task Two_hundred_tries_at_once_are_no_more_than_five()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        var guesses = Enumerable.Range(0, 200).Select(i => ((int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) + 1 + i) % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
        var answers = await Task.WhenAll(guesses.Select(guess => _server.Verify(ticket, guess)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        await SosServerHost.IsProblem(await _server.Verify(ticket, code), 401, "wrong-code");
    }

    [Fact]
    public async Task A_code_is_worthless_after_five_minutes()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        _server.Time.Advance(TimeSpan.FromMinutes(5));
        await SosServerHost.IsProblem(await _server.Verify(ticket, code), 401, "wrong-code");
    }

    [Fact]
    public async Task Whoever_else_asks_within_60_seconds_is_answered_alike_sends_nothing_and_kills_no_code()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        _server.Time.Advance(TimeSpan.FromSeconds(18));
        using var first = await _server.Send(HttpMethod.Post, "api/v1/auth/otp", """{"phone":"+49307654321"}""");
        using var again = await _server.Send(HttpMethod.Post, "api/v1/auth/otp", $$"""{"phone":"{{Phone}}"}""");
        Assert.Equal(await Shape(first), await Shape(again));
        Assert.Equal(code, await _server.CodeOf(Phone));
        await SosServerHost.Session(await _server.Verify(ticket, code));
    }

    [Fact]
    public async Task A_second_code_in_a_session_waits_60_seconds_and_kills_the_first()
    {
        var ticket = await _server.AskForCode(Phone);
        var firstCode = await _server.CodeOf(Phone);
        _server.Time.Advance(TimeSpan.FromSeconds(18));
        using var early = await Resend(ticket);
        await SosServerHost.IsProblem(early, 429, "too-many-requests");
        Assert.InRange(early.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 41, 42);

        _server.Time.Advance(TimeSpan.FromSeconds(42));
        using var resent = await Resend(ticket);
        Assert.Equal(HttpStatusCode.Accepted, resent.StatusCode);
        var newer = (await SosServerHost.Json(resent)).GetProperty("sessionId").GetString()!;
        var secondCode = await _server.CodeOf(Phone);
        if (secondCode != firstCode) await SosServerHost.IsProblem(await _server.Verify(newer, firstCode), 401, "wrong-code");
        await SosServerHost.Session(await _server.Verify(newer, secondCode));
    }

    [Fact]
    public async Task A_session_of_codes_ends_after_half_an_hour()
    {
        var ticket = await _server.AskForCode(Phone);
        _server.Time.Advance(TimeSpan.FromMinutes(30));
        await SosServerHost.IsProblem(await Resend(ticket), 401, "wrong-code");
        await SosServerHost.IsProblem(await Resend("AAAA"), 401, "wrong-code");
    }

    [Fact]
    public async Task A_code_is_worthless_with_the_ticket_of_another_number()
    {
        await _server.AskForCode(Phone);
        var other = await _server.AskForCode("+49307654321");
        await SosServerHost.IsProblem(await _server.Verify(other, await _server.CodeOf(Phone)), 401, "wrong-code");
    }

    [Fact]
    public async Task Known_and_unknown_numbers_are_answered_alike()
    {
        await SosServerHost.Session(await _server.Verify(await _server.AskForCode(Phone), await _server.CodeOf(Phone)));
        _server.Time.Advance(TimeSpan.FromMinutes(2));
        using var known = await _server.Send(HttpMethod.Post, "api/v1/auth/otp", $$"""{"phone":"{{Phone}}"}""");
        using var unknown = await _server.Send(HttpMethod.Post, "api/v1/auth/otp", """{"phone":"+49307654321"}""");
        Assert.Equal(await Shape(known), await Shape(unknown));
        await SosServerHost.IsProblem(await _server.Verify("AAAA", "123456"), 401, "wrong-code");
    }

    [Fact]
    public async Task Another_spelling_is_the_same_account()
    {
        var first = await SosServerHost.Session(await _server.Verify(await _server.AskForCode("0049 (0)30 / 123 45-67"), await _server.CodeOf(Phone)));
        _server.Time.Advance(TimeSpan.FromMinutes(2));
        var second = await SosServerHost.Session(await _server.Verify(await _server.AskForCode("+４９ 30 1234567"), await _server.CodeOf(Phone)));
        Assert.Equal(first.User!.Id, second.User!.Id);
    }

    [Fact]
    public async Task An_email_address_signs_in_too()
    {
        var ticket = await _server.AskForCode("Ada@Example.ORG");
        var session = await SosServerHost.Session(await _server.Verify(ticket, await _server.CodeOf("ada@example.org")));
        using var me = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + session.AccessToken);
        Assert.Equal("ada@example.org", (await SosServerHost.Json(me)).GetProperty("email").GetString());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"phone":"12"}""")]
    [InlineData("""{"phone":"+49 30 1234567 ext 3"}""")]
    [InlineData("""{"phone":"+49 900 1234567"}""")]
    [InlineData("""{"email":"nobody"}""")]
    [InlineData("""{"phone":"+49301234567","email":"ada@example.org"}""")]
    public async Task An_address_that_cannot_be_reached_is_refused(string body) =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Post, "api/v1/auth/otp", body), 422, "invalid");

    [Fact]
    public async Task A_started_sign_in_survives_a_restart()
    {
        var ticket = await _server.AskForCode(Phone);
        var code = await _server.CodeOf(Phone);
        await SosServerHost.IsProblem(await _server.Verify(ticket, Other(code)), 401, "wrong-code");
        await _server.Stop();
        await _server.Start();
        await SosServerHost.Session(await _server.Verify(ticket, code));
    }

    private Task<HttpResponseMessage> Resend(string ticket) => _server.Send(HttpMethod.Post, "api/v1/auth/otp/resend", $$"""{"sessionId":"{{ticket}}"}""");

    private static string Other(string code) => code == "111111" ? "222222" : "111111";

    private static async Task<string> Shape(HttpResponseMessage answer)
    {
        var json = await SosServerHost.Json(answer);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}={string.Join(',', header.Value)}").Order();
        return $"{(int)answer.StatusCode} {string.Join(';', headers)} {string.Join(',', json.EnumerateObject().Select(member => member.Name))}"
            + $" {json.GetProperty("sessionId").GetString()!.Length} {json.GetProperty("resendAfterSeconds").GetInt32()}";
    }
}
