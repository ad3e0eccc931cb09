using System.Net;
using Sos.TestKit.Client;

namespace Sos.Server.Tests.Users;

public sealed class OwnAccountTests : IAsyncLifetime
{
    private SosServerHost _server = null!;
    private SessionAnswer _me = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SosServerHost.Start();
        _me = await _server.SignIn(1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_changed_stays_and_what_is_left_out_too()
    {
        await Patch("""{"fullName":" Ada Lovelace ","company":"Engines"}""");
        await Patch("""{"language":"pt-BR"}""");
        await _server.Stop();
        await _server.Start();
        var account = await SosServerHost.Json(await _server.Send(HttpMethod.Get, "api/v1/users/me", authorization: "Bearer " + _me.AccessToken));
        Assert.Equal(("Ada Lovelace", "Engines", "pt-BR"), (account.GetProperty("fullName").GetString(), account.GetProperty("company").GetString(), account.GetProperty("language").GetString()));
    }

    [Theory]
    [InlineData("""{"language":"x"}""")]
    [InlineData("""{"language":"en;q=1"}""")]
    [InlineData("""{"fullName":"A\u0000B"}""")]
    [InlineData("""{"fullName":"A\r\nB"}""")]
    public async Task A_value_out_of_its_range_is_refused(string body) =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Patch, "api/v1/users/me", body, "Bearer " + _me.AccessToken), 422, "invalid");

    [Fact]
    public async Task A_very_long_name_is_refused() =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Patch, "api/v1/users/me", $$"""{"fullName":"{{new string('a', 201)}}"}""", "Bearer " + _me.AccessToken), 422, "invalid");

    [Theory]
    [InlineData("""{"latitude":91,"longitude":0}""", 422, "invalid")]
    [InlineData("""{"latitude":0,"longitude":-180.1}""", 422, "invalid")]
    [InlineData("""{"latitude":0,"longitude":0,"accuracy":-1}""", 422, "invalid")]
    [InlineData("""{"latitude":1e400,"longitude":0}""", 422, "invalid")]
    [InlineData("""{"latitude":NaN,"longitude":0}""", 400, "bad-json")]
    [InlineData("""{"latitude":"52","longitude":"13"}""", 400, "bad-json")]
    [InlineData("""{"latitude":52}""", 400, "bad-json")]
    [InlineData("""{"latitude":52,"longitude":13,"userId":"01890000-0000-7000-8000-000000000001"}""", 400, "bad-json")]
    public async Task An_impossible_position_is_refused(string body, int status, string slug) =>
        await SosServerHost.IsProblem(await _server.Send(HttpMethod.Post, "api/v1/users/me/position", body, "Bearer " + _me.AccessToken), status, slug);

    private async Task Patch(string body)
    {
        using var answer = await _server.Send(HttpMethod.Patch, "api/v1/users/me", body, "Bearer " + _me.AccessToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
