using System.Net.WebSockets;
using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Server.Identity;
using Sos.Server.Realtime;
using Sos.Server.Tests.Alerts;
using Sos.TestKit.Realtime;

namespace Sos.Server.Tests.Realtime;

/// <summary>What reaches devices, over hubs and event streams.</summary>
public sealed class DeviceTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Fact]
    public async Task From_press_to_resolved_each_device_hears_what_concerns_its_person()
    {
        var (victim, stranger) = (await city.Person(), await city.Person());
        await using var hers = await city.Connect("alerts", victim);
        await using var desk = await city.Connect("alerts", city.Operator);
        await using var rescuer = await city.Connect("responders", city.Rescuer);
        await using var outsider = await city.Connect("alerts", stranger);
        var alert = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Next(desk, "boardChanged", e => e.GetProperty("alertId").GetGuid() == alert);
        var version = (await city.Accept(alert)).GetProperty("version").GetInt64();
        await city.Next(rescuer, "inboxChanged", i => i.GetProperty("delivery").GetProperty("alertId").GetGuid() == alert);
        Assert.Null(await rescuer.Invoke("acknowledge", alert, true));
        await city.Next(hers, "alertChanged", e => e.GetProperty("kind").GetString() == "accepted");
        foreach (var (move, heard) in new[] { ("en-route", "en_route"), ("on-scene", "on_scene"), ("resolve", "resolved") })
        {
            version = (await city.Done(city.Rescuer, "POST", $"alerts/{alert}/{move}", $$"""{"version":{{version}}}""")).GetProperty("version").GetInt64();
            await city.Next(hers, "alertChanged", e => e.GetProperty("alertId").GetGuid() == alert && e.GetProperty("kind").GetString() == heard);
        }

        Assert.False(outsider.Messages.TryRead(out _));
    }

    [Fact]
    public async Task A_closed_alert_that_is_looked_at_again_tells_nothing_twice()
    {
        var victim = await city.Person();
        await using var device = await city.Connect("alerts", victim);
        var closed = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Done(victim, "POST", $"alerts/{closed}/cancel", "{}");
        await city.Next(device, "alertChanged", e => e.GetProperty("kind").GetString() == "cancelled");
        for (var i = 0; i < 10; i++)
        {
            await city.Done(victim, "GET", $"alerts/{closed}");
            city.Host.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        // Her next alert's event comes after whatever the closed one would have told.
        var next = (await city.Press(victim)).GetProperty("id").GetGuid();
        await city.Next(device, "alertChanged", e =>
        {
            Assert.Equal(next, e.GetProperty("alertId").GetGuid());
            return true;
        });
    }

    [Fact]
    public async Task A_responder_reports_over_the_hub_and_nonsense_is_refused_without_ending_the_connection()
    {
        await using var hub = await city.Connect("responders", city.Unasked);
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("report", new { latitude = 400, longitude = 0 }));
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("report", new { latitude = 1, longitude = 2, person = Guid.NewGuid() }));
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("acknowledge", Guid.NewGuid(), true));
        await Assert.ThrowsAsync<HubCallException>(() => hub.Invoke("alertChanged", new { }));
        Assert.Equal("accepted", (await hub.Invoke("report", new { latitude = 40.1, longitude = -75.3, accuracy = 5 }))!.Value.GetString());
        Assert.Equal("accepted", (await hub.Invoke("report", new { }))!.Value.GetString());
    }

    [Fact]
    public async Task Hubs_are_closed_to_strangers_and_to_other_roles()
    {
        await Assert.ThrowsAsync<WebSocketException>(() => HubClient.Connect(city.Hub("alerts"), null));
        var person = await city.Person();
        await Assert.ThrowsAsync<WebSocketException>(() => city.Connect("responders", person));
    }

    [Fact]
    public async Task An_oversized_message_ends_its_connection_only()
    {
        var person = await city.Person();
        await using var bad = await city.Connect("alerts", person);
        await using var good = await city.Connect("alerts", person);
        await bad.Send("updatePosition", Guid.NewGuid(), new { note = new string('a', 10_000) });
        await bad.Closed.WaitAsync(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<HubCallException>(() => good.Invoke("updatePosition", Guid.NewGuid(), new { latitude = 1, longitude = 2 }));
    }

    [Fact]
    public void A_device_that_does_not_read_loses_messages_is_told_to_pull_and_holds_nobody_up()
    {
        var connection = Connection(DeviceFeeds.Alerts);
        for (var i = 1; i <= DeviceConnection.QueueLength + 50; i++) connection.Offer(DeviceFeeds.Alerts, new DeviceMessage(Alert: Event(i)));
        for (var i = 1; i <= DeviceConnection.QueueLength; i++)
        {
            Assert.True(connection.TryTake(out var message));
            Assert.Equal(i, message.Alert!.Seq);
        }

        Assert.True(connection.TryTake(out var resync));
        Assert.Equal(default, resync);
        Assert.False(connection.TryTake(out _));
    }

    [Fact]
    public void A_connection_hears_only_what_it_asked_for()
    {
        var connection = Connection(DeviceFeeds.Inbox);
        connection.Offer(DeviceFeeds.Alerts, new DeviceMessage(Alert: Event(1)));
        Assert.False(connection.TryTake(out _));
    }

    [Fact]
    public void A_person_with_too_many_connections_loses_the_oldest()
    {
        var (people, closed) = (new ConnectedPeople(), new List<int>());
        var token = Token();
        for (var i = 0; i <= ConnectedPeople.MostPerPerson; i++)
        {
            var number = i;
            people.Add(new DeviceConnection(token, DeviceFeeds.Alerts, () => closed.Add(number)));
        }

        Assert.Equal([0], closed);
    }

    [Theory]
    [InlineData("17.01936b5e7c007abc8def0123456789ab.5", true)]
    [InlineData("0.00000000000000000000000000000000.0", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-1.01936b5e7c007abc8def0123456789ab.5", false)]
    [InlineData("1.2", false)]
    [InlineData("1.x.2", false)]
    [InlineData("99999999999999999999.01936b5e7c007abc8def0123456789ab.5", false)]
    public void A_cursor_reads_as_it_was_written_and_nothing_else_does(string? text, bool valid)
    {
        var cursor = StreamCursor.Parse(text);
        Assert.Equal(valid, cursor is not null);
        if (valid) Assert.Equal(text, cursor.ToString());
    }

    [Fact]
    public void A_cursor_drops_doubles_and_lets_news_through()
    {
        var cursor = new StreamCursor(3, Event(5).AlertId, 5);
        Assert.Null(cursor.After(new DeviceMessage(Alert: Event(5))));
        Assert.Equal(6, cursor.After(new DeviceMessage(Alert: Event(6)))!.Value.Seq);
        Assert.Equal(1, cursor.After(new DeviceMessage(Alert: Event(1) with { AlertId = Guid.NewGuid() }))!.Value.Seq);
    }

    private static DeviceConnection Connection(DeviceFeeds feeds) => new(Token(), feeds, () => { });

    private static VerifiedToken Token() => new(Guid.NewGuid(), Guid.NewGuid(), Roles.User, DateTimeOffset.MaxValue);

    private static AlertEvent Event(long seq) => new(Guid.Empty, seq, seq - 1, DateTimeOffset.UnixEpoch, AlertEventKind.Moved, AlertStatus.Raised, Actor.Victim);
}
