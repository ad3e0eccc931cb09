using System.Net;
using System.Net.WebSockets;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Realtime;

/// <summary>S-18: what opens a connection is good once, for 30 s, and is no token.</summary>
public sealed class TicketTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task A_ticket_opens_one_connection_of_many_that_try()
    {
        var ticket = await city.Ticket(await city.Person());
        var tries = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryConnect(ticket)));
        await using var opened = Assert.Single(tries, client => client is not null);
        Assert.Null(await TryConnect(ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await Stream("?ticket=" + ticket));
    }

    [Fact]
    public async Task A_ticket_is_worthless_after_30_seconds()
    {
        var person = await city.Person();
        var ticket = await city.Ticket(person);
        city.Host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await TryConnect(ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await Stream("?ticket=" + ticket));
        Assert.Equal(HttpStatusCode.OK, await Stream("?ticket=" + await city.Ticket(person)));
    }

    [Fact]
    public async Task A_ticket_dies_with_its_session()
    {
        var person = await city.Person();
        var ticket = await city.Ticket(person);
        await city.Done(person, "POST", "auth/logout");
        Assert.Null(await TryConnect(ticket));
    }

    [Fact]
    public async Task Any_changed_character_makes_a_ticket_worthless_and_uses_none_up()
    {
        var ticket = await city.Ticket(await city.Person());
        for (var i = 0; i < ticket.Length; i += 7)
            Assert.Equal(HttpStatusCode.Unauthorized, await Stream($"?ticket={ticket[..i]}{(ticket[i] == 'A' ? 'B' : 'A')}{ticket[(i + 1)..]}"));
        Assert.Equal(HttpStatusCode.OK, await Stream("?ticket=" + ticket));
    }

    [Fact]
    public async Task A_ticket_opens_no_ordinary_route_and_is_no_token()
    {
        var ticket = await city.Ticket(await city.Person());
        foreach (var (query, authorization) in new[] { ("?ticket=" + ticket, null), ("", "Bearer " + ticket), ("", "Sos " + ticket) })
        {
            using var answer = await city.Host.Send(HttpMethod.Get, "api/v1/users/me" + query, authorization: authorization);
            await SosServerHost.IsProblem(answer, 401, "unauthorized");
        }
    }

    [Fact]
    public async Task A_token_in_an_address_opens_nothing()
    {
        var person = await city.Person();
        foreach (var token in new[] { person.AccessToken, person.SosCredential!, person.RefreshToken })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Stream("?access_token=" + token));
            Assert.Equal(HttpStatusCode.Unauthorized, await Stream("?ticket=" + token));
            Assert.Null(await TryConnect(token));
        }
    }

    [Fact]
    public async Task A_ticket_carries_no_role_that_its_owner_does_not_have_now()
    {
        await Assert.ThrowsAsync<WebSocketException>(async () => await city.Connect("responders", await city.Person()));
        var sos = await city.Person();
        using var answer = await city.Host.Send(HttpMethod.Post, "api/v1/auth/tickets", authorization: "Sos " + sos.SosCredential);
        await SosServerHost.IsProblem(answer, 401, "unauthorized");
    }

    [Fact]
    public async Task A_connection_ends_with_the_token_that_its_ticket_was_made_with()
    {
        await using var device = await city.Connect("alerts", await city.Person());
        var started = city.Host.Time.GetUtcNow();
        city.Host.Time.Advance(TimeSpan.FromMinutes(10));
        await city.Until("the connection has ended", TimeSpan.FromMilliseconds(500), () => Task.FromResult(device.Closed.IsCompleted));
        Assert.InRange(city.Host.Time.GetUtcNow() - started, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public async Task A_connection_of_a_session_that_was_ended_is_cut_within_a_minute_and_others_stay()
    {
        var (lost, kept) = (await city.Person(), await city.Person());
        await using var device = await city.Connect("alerts", lost);
        await using var other = await city.Connect("alerts", kept);
        await city.Done(lost, "POST", "auth/logout");
        var started = city.Host.Time.GetUtcNow();
        await city.Until("the connection has ended", TimeSpan.FromMilliseconds(500), () => Task.FromResult(device.Closed.IsCompleted));
        Assert.InRange(city.Host.Time.GetUtcNow() - started, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.False(other.Closed.IsCompleted);
    }

    private async Task<HubClient?> TryConnect(string ticket)
    {
        try
        {
            return await HubClient.Connect(city.Hub("alerts"), ticket);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    private async Task<HttpStatusCode> Stream(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/users/me/stream" + query);
        using var answer = await city.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
