using System.Net;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Identity;

public sealed class SessionTests : IAsyncLifetime
{
    private const string Position = """{"latitude":52.5,"longitude":13.4}""";

    private SosServerHost _server = null!;

    public async ValueTask InitializeAsync() => _server = await SosServerHost.Start("--Sos:Identity:MaxSessions=3");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_and_a_new_refresh_token()
    {
        var first = await _server.SignIn(1);
        var second = await SosServerHost.Session(await _server.Refresh(first.RefreshToken));
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Null(second.User);
        Assert.Equal(HttpStatusCode.OK, await Me(second));
        await SosServerHost.Session(await _server.Refresh(second.RefreshToken));
    }

    [Fact]
    public async Task A_repeat_within_30_seconds_gets_the_same_successor()
    {
        var first = await _server.SignIn(1);
        var second = await SosServerHost.Session(await _server.Refresh(first.RefreshToken, "phone"));
        _server.Time.Advance(TimeSpan.FromSeconds(29));
        var repeated = await SosServerHost.Session(await _server.Refresh(first.RefreshToken, "phone"));
        Assert.Equal(second.RefreshToken, repeated.RefreshToken);
        await SosServerHost.Session(await _server.Refresh(second.RefreshToken, "phone"));
    }

    [Fact]
    public async Task Reuse_after_the_grace_ends_the_session_with_all_its_tokens()
    {
        var first = await _server.SignIn(1);
        var second = await SosServerHost.Session(await _server.Refresh(first.RefreshToken));
        _server.Time.Advance(TimeSpan.FromSeconds(31));
        await SosServerHost.IsProblem(await _server.Refresh(first.RefreshToken), 401, "session-ended");
        await SosServerHost.IsProblem(await _server.Refresh(second.RefreshToken), 401, "session-ended");
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(second));
        Assert.Equal(HttpStatusCode.Unauthorized, await Report("Sos " + first.SosCredential));
    }

    [Fact]
    public async Task Whoever_owns_a_session_that_was_ended_for_reuse_is_told_once()
    {
        const string Phone = "+49301234567";
        var first = await SosServerHost.Session(await _server.Verify(await _server.AskForCode(Phone), await _server.CodeOf(Phone)));
        var second = await SosServerHost.Session(await _server.Refresh(first.RefreshToken, "phone"));
        for (var i = 0; i < 3; i++) await SosServerHost.IsProblem(await _server.Refresh(first.RefreshToken, "laptop"), 401, "session-ended");
        await SosServerHost.IsProblem(await _server.Refresh(second.RefreshToken, "phone"), 401, "session-ended");
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(second));

        using var answer = await _server.Http.GetAsync("dev/messages?to=" + Uri.EscapeDataString(Phone));
        var texts = (await SosServerHost.Json(answer)).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("body").GetString()!).ToList();
        Assert.Equal(2, texts.Count);
        Assert.StartsWith("One of your devices was signed out", texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_my_other_devices_are_signed_out_in_one_go()
    {
        var (phone, laptop, tablet) = (await _server.SignIn(1, "phone"), await _server.SignIn(1, "laptop"), await _server.SignIn(1, "tablet"));
        var stranger = await _server.SignIn(2);
        using var answer = await _server.Send(HttpMethod.Delete, "api/v1/auth/sessions", authorization: "Bearer " + phone.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await Me(phone), await Me(laptop), await Me(tablet)));
        Assert.Equal(HttpStatusCode.OK, await Me(stranger));
    }

    [Fact]
    public async Task A_thief_on_another_device_has_no_grace()
    {
        var first = await _server.SignIn(1, "phone");
        var second = await SosServerHost.Session(await _server.Refresh(first.RefreshToken, "phone"));
        await SosServerHost.IsProblem(await _server.Refresh(first.RefreshToken, "laptop"), 401, "session-ended");
        await SosServerHost.IsProblem(await _server.Refresh(second.RefreshToken, "phone"), 401, "session-ended");
    }

    [Fact]
    public async Task Fifty_exchanges_at_once_give_one_and_the_same_successor()
    {
        var first = await _server.SignIn(1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => await SosServerHost.Session(await _server.Refresh(first.RefreshToken, "phone"))));
        Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        await SosServerHost.Session(await _server.Refresh(answers[0].RefreshToken, "phone"));
    }

    [Fact]
    public async Task A_lost_answer_is_given_again_after_a_restart()
    {
        var first = await _server.SignIn(1);
        var lost = await SosServerHost.Session(await _server.Refresh(first.RefreshToken));
        await _server.Stop();
        await _server.Start();
        var repeated = await SosServerHost.Session(await _server.Refresh(first.RefreshToken));
        Assert.Equal(lost.RefreshToken, repeated.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, await Me(lost));
    }

    [Fact]
    public async Task Sign_out_kills_access_refresh_and_sos_credential_at_once()
    {
        var session = await _server.SignIn(1);
        Assert.Equal(HttpStatusCode.OK, await Me(session));
        Assert.Equal(HttpStatusCode.Accepted, await Report("Sos " + session.SosCredential));
        using var bye = await _server.Send(HttpMethod.Post, "api/v1/auth/logout", authorization: "Bearer " + session.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, bye.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(session));
        Assert.Equal(HttpStatusCode.Unauthorized, await Report("Sos " + session.SosCredential));
        Assert.Equal(HttpStatusCode.Unauthorized, await Report("Bearer " + session.AccessToken));
        await SosServerHost.IsProblem(await _server.Refresh(session.RefreshToken), 401, "session-ended");
    }

    [Fact]
    public async Task An_expired_token_is_refused_everywhere_but_where_an_sos_may_need_it()
    {
        var session = await _server.SignIn(1);
        _server.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.OK, await Me(session)); // the skew
        _server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(session));
        Assert.Equal(HttpStatusCode.Accepted, await Report("Bearer " + session.AccessToken));
        _server.Time.Advance(TimeSpan.FromDays(20));
        Assert.Equal(HttpStatusCode.Accepted, await Report("Bearer " + session.AccessToken));
        Assert.Equal(HttpStatusCode.Accepted, await Report("Sos " + session.SosCredential));
    }

    [Fact]
    public async Task The_sos_credential_opens_nothing_else()
    {
        var session = await _server.SignIn(1);
        using var asSos = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Sos " + session.SosCredential);
        await SosServerHost.IsProblem(asSos, 401, "unauthorized");
        using var asBearer = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + session.SosCredential);
        await SosServerHost.IsProblem(asBearer, 401, "unauthorized");
        Assert.Equal(HttpStatusCode.Unauthorized, await Report("Sos " + session.RefreshToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await Report("Sos " + session.AccessToken));
    }

    [Fact]
    public async Task My_devices_are_listed_and_one_of_them_can_be_signed_out()
    {
        var phone = await _server.SignIn(1, "phone");
        var laptop = await _server.SignIn(1, "laptop");
        var sessions = await Sessions(phone);
        Assert.Equal(["phone:True", "laptop:False"], sessions.Select(entry => $"{entry.Device}:{entry.Current}"));

        var other = sessions.Single(entry => !entry.Current).Id;
        Assert.Equal(HttpStatusCode.NoContent, await End(phone, other));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(laptop));
        Assert.Equal(HttpStatusCode.OK, await Me(phone));
        Assert.Single(await Sessions(phone));
    }

    [Fact]
    public async Task A_strangers_session_is_answered_like_a_missing_one_and_stays_open()
    {
        var mine = await _server.SignIn(1);
        var theirs = await _server.SignIn(2);
        var id = (await Sessions(theirs)).Single().Id;
        using var strange = await _server.Send(HttpMethod.Delete, $"api/v1/auth/sessions/{id}", authorization: "Bearer " + mine.AccessToken);
        using var missing = await _server.Send(HttpMethod.Delete, $"api/v1/auth/sessions/{Guid.NewGuid()}", authorization: "Bearer " + mine.AccessToken);
        await SosServerHost.IsProblem(strange, 404, "not-found");
        Assert.Equal(await missing.Content.ReadAsStringAsync(), await strange.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, await Me(theirs));
    }

    [Fact]
    public async Task One_sign_in_too_many_signs_the_oldest_device_out()
    {
        var oldest = await _server.SignIn(1, "0");
        for (var i = 1; i <= 2; i++) await _server.SignIn(1, $"{i}");
        Assert.Equal(HttpStatusCode.OK, await Me(oldest));
        var newest = await _server.SignIn(1, "3");
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(oldest));
        Assert.Equal(["1", "2", "3"], (await Sessions(newest)).Select(entry => entry.Device));
    }

    private async Task<HttpStatusCode> Me(SessionAnswer session)
    {
        using var answer = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + session.AccessToken);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> Report(string authorization)
    {
        using var answer = await _server.Send(HttpMethod.Post, "api/v1/users/me/position", Position, authorization);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> End(SessionAnswer session, Guid id)
    {
        using var answer = await _server.Send(HttpMethod.Delete, $"api/v1/auth/sessions/{id}", authorization: "Bearer " + session.AccessToken);
        return answer.StatusCode;
    }

    private async Task<(Guid Id, string? Device, bool Current)[]> Sessions(SessionAnswer session)
    {
        using var answer = await _server.Send(HttpMethod.Get, "api/v1/auth/sessions", authorization: "Bearer " + session.AccessToken);
        return [.. (await SosServerHost.Json(answer)).GetProperty("sessions").EnumerateArray().Select(entry => (
            entry.GetProperty("id").GetGuid(),
            entry.TryGetProperty("device", out var device) ? device.GetString() : null,
            entry.GetProperty("current").GetBoolean()))];
    }
}
