using System.Net;
using System.Text.Json;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Users;

public sealed class AdministrationTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _admin = await _server.Bootstrap();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_bootstrap_token_makes_one_administrator_and_no_other()
    {
        Assert.Equal(["user", "admin"], await Roles(_admin.User!.Id));
        using var second = await _server.Send(HttpMethod.Post, "api/v1/auth/bootstrap", $$"""{"token":"{{SosServerHost.BootstrapToken}}","phone":"+15559000077"}""");
        await SosServerHost.IsProblem(second, 401, "wrong-code");
        var other = await _server.SignIn(77);
        Assert.Equal(["user"], await Roles(other.User!.Id));
    }

    [Fact]
    public async Task The_first_administrator_may_repeat_a_lost_answer_also_after_a_restart()
    {
        await _server.Stop();
        await _server.Start();
        Assert.Equal(_admin.User!.Id, (await _server.Bootstrap()).User!.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("the token of the testS")]
    [InlineData("the token of the tests ")]
    public async Task A_wrong_bootstrap_token_makes_nobody(string token)
    {
        using var answer = await _server.Send(HttpMethod.Post, "api/v1/auth/bootstrap", $$"""{"token":"{{token}}","phone":"+15559000000"}""");
        await SosServerHost.IsProblem(answer, 401, "wrong-code");
    }

    [Fact]
    public async Task A_role_counts_at_once_in_the_sessions_that_are_open()
    {
        var person = await _server.SignIn(1);
        await SosServerHost.IsProblem(await Show(person, person.User!.Id), 403, "forbidden");
        await Grant(person.User.Id, """{"roles":["user","admin"]}""");
        Assert.Equal(HttpStatusCode.OK, (await Show(person, person.User.Id)).StatusCode);
        await Grant(person.User.Id, """{"roles":["user"]}""");
        await SosServerHost.IsProblem(await Show(person, person.User.Id), 403, "forbidden");
    }

    [Fact]
    public async Task Areas_and_roles_are_kept_over_a_restart()
    {
        var person = await _server.SignIn(1);
        await Grant(person.User!.Id, """{"roles":["operator"],"areas":["u33d","u33e"]}""");
        await _server.Stop();
        await _server.Start();
        var account = await SosServerHost.Json(await Show(_admin, person.User.Id));
        Assert.Equal(["user", "operator"], Strings(account, "roles"));
        Assert.Equal(["u33d", "u33e"], Strings(account, "areas"));
    }

    [Fact]
    public async Task An_inactive_account_loses_every_session_at_once_and_cannot_sign_in()
    {
        var person = await _server.SignIn(1);
        using (var before = await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + person.AccessToken)) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await Grant(person.User!.Id, """{"active":false}""");
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + person.AccessToken), 401, "unauthorized");
        await SosServerHost.IsProblem(await _server.Refresh(person.RefreshToken), 401, "session-ended");
        var ticket = await _server.AskForCode(TestNumbers.Number(9, 1));
        await SosServerHost.IsProblem(await _server.Verify(ticket, TestNumbers.Code), 403, "account-inactive");

        await Grant(person.User.Id, """{"active":true}""");
        await _server.SignIn(1);
    }

    [Fact]
    public async Task An_administrator_cannot_lock_herself_out()
    {
        foreach (var grant in new[] { """{"active":false}""", """{"roles":["user"]}""" })
            await SosServerHost.IsProblem(await Patch(_admin, _admin.User!.Id, grant), 422, "invalid");
        Assert.Equal(["user", "admin"], await Roles(_admin.User!.Id));
    }

    [Theory]
    [InlineData("""{"roles":["root"]}""")]
    [InlineData("""{"roles":["Admin"]}""")]
    [InlineData("""{"areas":["u3"]}""")]
    [InlineData("""{"areas":["u33a"]}""")]
    [InlineData("""{"areas":["../x"]}""")]
    public async Task Unknown_roles_and_areas_are_refused(string grant)
    {
        var person = await _server.SignIn(1);
        await SosServerHost.IsProblem(await Patch(_admin, person.User!.Id, grant), 422, "invalid");
        Assert.Equal(["user"], await Roles(person.User.Id));
    }

    [Fact]
    public async Task An_unknown_user_is_not_found_and_not_made()
    {
        var nobody = Guid.NewGuid();
        await SosServerHost.IsProblem(await Show(_admin, nobody), 404, "not-found");
        await SosServerHost.IsProblem(await Patch(_admin, nobody, """{"roles":["admin"]}"""), 404, "not-found");
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Get, "api/v1/admin/users/me", authorization: "Bearer " + _admin.AccessToken), 404, "not-found");
        await SosServerHost.IsProblem(await Show(_admin, nobody), 404, "not-found");
    }

    [Fact]
    public async Task Admitting_a_responder_gives_her_the_role_and_suspending_takes_it()
    {
        var person = await _server.SignIn(1);
        using var cleared = await Clear(person.User!.Id, """{"cleared":true,"capabilities":["medical","aed"],"displayName":"Ada"}""");
        Assert.Equal(HttpStatusCode.OK, cleared.StatusCode);
        Assert.Equal(["user", "responder"], await Roles(person.User.Id));
        using var suspended = await Clear(person.User.Id, """{"cleared":false,"capabilities":[],"displayName":"Ada"}""");
        Assert.Equal(HttpStatusCode.OK, suspended.StatusCode);
        Assert.Equal(["user"], await Roles(person.User.Id));
        await SosServerHost.IsProblem(await Clear(Guid.NewGuid(), """{"cleared":true,"capabilities":[],"displayName":"Ada"}"""), 404, "not-found");
        await SosServerHost.IsProblem(await Clear(person.User.Id, """{"cleared":true,"capabilities":["magic"],"displayName":"Ada"}"""), 422, "invalid");
    }

    [Fact]
    public async Task Only_administrators_administer()
    {
        var person = await _server.SignIn(1);
        foreach (var role in new[] { "user", "responder", "operator" })
        {
            await Grant(person.User!.Id, $$"""{"roles":["{{role}}"]}""");
            await SosServerHost.IsProblem(await Show(person, _admin.User!.Id), 403, "forbidden");
            await SosServerHost.IsProblem(await Patch(person, person.User.Id, """{"roles":["admin"]}"""), 403, "forbidden");
        }
    }

    private Task<HttpResponseMessage> Show(SessionAnswer by, Guid id) => _server.Send(HttpMethod.Get, $"api/v1/admin/users/{id}", authorization: "Bearer " + by.AccessToken);

    private Task<HttpResponseMessage> Patch(SessionAnswer by, Guid id, string json) => _server.Send(HttpMethod.Patch, $"api/v1/admin/users/{id}", json, "Bearer " + by.AccessToken);

    private Task<HttpResponseMessage> Clear(Guid id, string json) => _server.Send(HttpMethod.Post, $"api/v1/admin/responders/{id}", json, "Bearer " + _admin.AccessToken);

    private async Task Grant(Guid id, string json)
    {
        using var answer = await Patch(_admin, id, json);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<string[]> Roles(Guid id) => Strings(await SosServerHost.Json(await Show(_admin, id)), "roles");

    private static string[] Strings(JsonElement element, string member) => [.. element.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];
}
