using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Sos.Contracts.Trackers;
using Sos.Server.Tests.Alerts;

namespace Sos.Server.Tests.Trackers;

/// <summary>A tracker's call for help is an alert, once, whatever comes beside it.</summary>
public sealed class TrackerSosTests(AlertCity city) : IClassFixture<AlertCity>
{
    [Theory]
    [InlineData("query")]
    [InlineData("form")]
    [InlineData("json")]
    [InlineData("owntracks")]
    public async Task Each_protocol_raises_an_alert_where_the_device_is_and_the_same_message_again_is_the_same_alert(string protocol)
    {
        var person = await city.Person();
        var device = await Device.Add(city.Host, person);
        var at = city.Host.Time.GetUtcNow().AddSeconds(-5);
        Func<Task<HttpResponseMessage>> send = protocol switch
        {
            "query" => () => device.Get($"id=1&lat=40.12&lon=-75.34&timestamp={at.ToUnixTimeMilliseconds()}&accuracy=5&alarm=sos"),
            "form" => () => device.Post($"id=1&lat=40.12&lon=-75.34&timestamp={at.ToUnixTimeMilliseconds()}&accuracy=5&alarm=sos", "application/x-www-form-urlencoded"),
            "json" => () => device.Post(RealMessages.Traccar(at, 40.12, -75.34, ",\"alarm\":\"sos\"")),
            _ => () => device.OwnTracks(RealMessages.OwnTracks(at, 40.12, -75.34, ",\"tag\":\"sos\"")),
        };
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => send()));
        Assert.All(answers, answer => Assert.Equal(200, (int)answer.StatusCode));
        var alert = Assert.Single(await Alerts(person));
        var view = await city.Done(person, "GET", $"alerts/{alert}");
        Assert.Equal((40.12, -75.34, false, "other"), (view.GetProperty("position").GetProperty("latitude").GetDouble(), view.GetProperty("position").GetProperty("longitude").GetDouble(),
            view.GetProperty("position").GetProperty("lastKnown").GetBoolean(), view.GetProperty("kind").GetString()));
        var events = (await city.Done(person, "GET", $"alerts/{alert}/events")).GetProperty("events").EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ToList();
        Assert.DoesNotContain("appended", events);
        if (protocol != "owntracks") Assert.Equal((alert, "raised"), ((await SosServerHost.Json(answers[0])).GetProperty("alertId").GetGuid(), (await SosServerHost.Json(answers[0])).GetProperty("status").GetString()!));
        await city.Close(alert);
    }

    [Fact]
    public async Task The_app_first_then_the_tracker_and_the_other_way_round_are_one_alert()
    {
        foreach (var appFirst in new[] { true, false })
        {
            var person = await city.Person();
            var device = await Device.Add(city.Host, person);
            if (appFirst) await city.Press(person);
            await Device.Taken(device.Get("lat=40.12&lon=-75.34&alarm=sos"));
            city.Host.Time.Advance(TimeSpan.FromSeconds(40));
            if (!appFirst) await city.Press(person);
            await Device.Taken(device.Get("alarm=sos"));
            await city.Close(Assert.Single(await Alerts(person)));
        }
    }

    [Fact]
    public async Task At_once_from_app_and_two_trackers_they_are_one_alert()
    {
        for (var round = 0; round < 10; round++)
        {
            var person = await city.Person();
            var (watch, phone) = (await Device.Add(city.Host, person), await Device.Add(city.Host, person, "owntracks"));
            var at = city.Host.Time.GetUtcNow();
            await Task.WhenAll(
                city.Press(person),
                Device.Taken(watch.Post(RealMessages.Traccar(at, 40.12, -75.34, ",\"alarm\":\"sos\""))),
                Device.Taken(phone.OwnTracks(RealMessages.OwnTracks(at, 40.12, -75.34, ",\"poi\":\"SOS\""))),
                Device.Taken(watch.Get("alarm=sos")));
            await city.Close(Assert.Single(await Alerts(person)));
        }
    }

    [Fact]
    public async Task Without_a_place_the_last_known_one_is_used_and_marked_and_what_comes_after_moves_the_alert()
    {
        var person = await city.Person();
        var device = await Device.Add(city.Host, person);
        await Device.Taken(device.Get("lat=40.12&lon=-75.34"));
        city.Host.Time.Advance(TimeSpan.FromSeconds(20));
        var alert = (await Device.Taken(device.Get("id=1&alarm=sos"))).GetProperty("alertId").GetGuid();
        var position = (await city.Done(person, "GET", $"alerts/{alert}")).GetProperty("position");
        Assert.Equal((40.12, true), (position.GetProperty("latitude").GetDouble(), position.GetProperty("lastKnown").GetBoolean()));
        await city.Until("her account knows of it", async () => (await city.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<Contracts.Users.IUserGrain>(person.User!.Id).OpenAlert()) == alert);
        city.Host.Time.Advance(TimeSpan.FromSeconds(20));
        await Device.Taken(device.Get("lat=40.13&lon=-75.35"));
        position = (await city.Done(person, "GET", $"alerts/{alert}")).GetProperty("position");
        Assert.Equal((40.13, false), (position.GetProperty("latitude").GetDouble(), position.GetProperty("lastKnown").GetBoolean()));
        await city.Close(alert);
    }

    [Theory]
    [InlineData("""{"location":{"alarm":"sos","coords":{"latitude":NaN,"longitude":16.3},"mock":true""")]
    [InlineData("""{"location":{"alarm":"sos","timestamp":"the year 9","coords":{"latitude":9999,"longitude":"x"}}}""")]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]],"location":{"extras":{"alarm":"SOS"}}}""")]
    [InlineData("""{"location":{"alarm":"sos","timestamp":"2126-01-01T00:00:00Z"}}""")]
    [InlineData("""{"location":{"alarm":"sos","timestamp":"1999-01-01T00:00:00Z"}}""")]
    public async Task Whatever_else_is_wrong_with_the_body_help_is_called(string body)
    {
        var person = await city.Person();
        var device = await Device.Add(city.Host, person);
        var alert = (await Device.Taken(device.Post(body, "text/plain; charset=utf-7"))).GetProperty("alertId").GetGuid();
        await city.Close(alert);
    }

    [Fact]
    public async Task A_body_that_is_too_large_and_a_tracker_that_sent_too_much_hold_no_SOS_up()
    {
        var person = await city.Person();
        var device = await Device.Add(city.Host, person);
        for (var i = 0; i < 130; i++) (await device.Get("id=1")).Dispose();
        await SosServerHost.IsProblem(await device.Get("id=1"), 429, "too-many-requests");
        var huge = $$$"""{"location":{"alarm":"sos","x":"{{{new string('y', 400_000)}}}"}}""";
        await city.Close((await Device.Taken(device.Post(huge))).GetProperty("alertId").GetGuid());
    }

    [Fact]
    public async Task Where_the_trackers_of_a_person_cannot_be_asked_the_seal_of_the_token_is_enough()
    {
        var trouble = new Trouble();
        await using var host = await SosServerHost.Start(services => services.AddSingleton<IIncomingGrainCallFilter>(trouble));
        var person = await host.SignIn(1);
        var device = await Device.Add(host, person);
        trouble.Fails = true;
        using (var position = await device.Get("lat=40.12&lon=-75.34")) Assert.True((int)position.StatusCode >= 500);
        Assert.Equal("raised", (await Device.Taken(device.Get("lat=40.12&lon=-75.34&alarm=sos"))).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_repeat_within_a_minute_of_the_close_is_that_alert_and_a_later_one_is_a_new_call()
    {
        var person = await city.Person();
        var device = await Device.Add(city.Host, person);
        var query = $"lat=40.12&lon=-75.34&timestamp={city.Host.Time.GetUtcNow().AddSeconds(-1).ToUnixTimeMilliseconds()}&alarm=sos";
        var first = (await Device.Taken(device.Get(query))).GetProperty("alertId").GetGuid();
        await city.Done(person, "POST", $"alerts/{first}/cancel", "{}");
        city.Host.Time.Advance(TimeSpan.FromSeconds(30));
        var repeated = await Device.Taken(device.Get(query));
        Assert.Equal((first, "cancelled"), (repeated.GetProperty("alertId").GetGuid(), repeated.GetProperty("status").GetString()!));

        // A button without a receiver tells the time of its last fix again and again.
        city.Host.Time.Advance(TimeSpan.FromSeconds(31));
        var second = (await Device.Taken(device.Get(query))).GetProperty("alertId").GetGuid();
        Assert.NotEqual(first, second);
        await city.Close(second);
    }

    private async Task<List<Guid>> Alerts(TestKit.Client.SessionAnswer person)
    {
        List<Guid> ids = [];
        await city.Until("her alerts are listed", async () => (ids = [.. (await city.Done(person, "GET", "alerts")).GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("id").GetGuid())]).Count > 0);
        return ids;
    }

    /// <summary>Fails what is asked of trackers.</summary>
    private sealed class Trouble : IIncomingGrainCallFilter
    {
        public volatile bool Fails;

        public Task Invoke(IIncomingGrainCallContext context) =>
            Fails && context.InterfaceMethod.DeclaringType == typeof(ITrackersGrain) ? throw new TimeoutException("Trackers do not answer.") : context.Invoke();
    }
}
