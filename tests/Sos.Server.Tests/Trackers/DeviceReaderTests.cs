using System.Globalization;
using System.Text;
using Sos.Contracts.Geo;
using Sos.Server.Trackers;
using Sos.TestKit;

namespace Sos.Server.Tests.Trackers;

/// <summary>What each protocol says, in the service's units; and what becomes of what none of them says.</summary>
public sealed class DeviceReaderTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-21T20:00:00Z", CultureInfo.InvariantCulture);
    private static readonly DateTimeOffset Then = Now.AddSeconds(-40);

    [Fact]
    public void A_query_of_OsmAnds_template_is_in_knots_and_a_dilution_of_precision_is_five_metres()
    {
        var message = Query($"?lat=48.2082&lon=16.3738&timestamp={Then.ToUnixTimeMilliseconds()}&hdop=6.0&altitude=224.0&speed=10&bearing=90");
        Is(message, 48.2082, 16.3738, Then, 30);
        Assert.Equal(10 * 1852 / 3600.0, message.Speed!.Value.MetresPerSecond, 9);
        Assert.False(message.CallsForHelp);
    }

    [Fact]
    public void A_form_of_Traccars_SDK_is_read_as_a_query_whatever_its_content_type_says()
    {
        foreach (var type in new[] { "application/x-www-form-urlencoded", "text/plain", null })
        {
            var message = OsmAndReader.Read("", type, Encoding.UTF8.GetBytes($"id=48241179&lat=48.2082&lon=16.3738&timestamp={Then.ToUnixTimeSeconds()}&accuracy=5&altitude=5&speed=3.5&bearing=12&batt=87&charge=false&alarm=sos"), Now);
            Is(message, 48.2082, 16.3738, Then, 5);
            Assert.Equal((true, 87.0), (message.CallsForHelp, message.Battery));
        }
    }

    [Fact]
    public void The_JSON_of_Traccar_Client_is_in_metres_a_second_and_its_battery_a_share()
    {
        var message = Json(RealMessages.Traccar(Then));
        Is(message, 48.2082, 16.3738, Then, 3.8);
        Assert.Equal((18.67, 79.0), (message.Speed!.Value.MetresPerSecond, message.Battery));
    }

    [Fact]
    public void The_flat_JSON_of_its_variants_is_read_too()
    {
        var message = Json("""{"location":{"latitude":48.2082,"longitude":16.3738,"accuracy":7,"speed":2,"timestamp":1795291160},"battery":0.5,"activity":"walking","device_id":"7"}""");
        Is(message, 48.2082, 16.3738, DateTimeOffset.FromUnixTimeSeconds(1795291160), 7);
        Assert.Equal((2.0, 50.0), (message.Speed!.Value.MetresPerSecond, message.Battery));
    }

    [Fact]
    public void OwnTracks_is_in_kilometres_an_hour()
    {
        var message = OwnTracks(RealMessages.OwnTracks(Then));
        Is(message, 48.2082, 16.3738, Then, 5);
        Assert.Equal(35 / 3.6, message.Speed!.Value.MetresPerSecond, 9);
        Assert.Equal(88, message.Battery);
    }

    [Fact]
    public void Overland_has_longitude_first_and_metres_a_second()
    {
        var message = Overland(RealMessages.Overland(RealMessages.OverlandPoint(Then), RealMessages.OverlandPoint(Then.AddSeconds(-30), 48.3)));
        Assert.Equal([48.3, 48.2082], message.Reports.Select(report => report.Point!.Value.Latitude));
        Assert.Equal((4.0, 80.0, (string?)null), (message.Speed!.Value.MetresPerSecond, message.Battery, message.Problem));
        Assert.Equal(30, message.Reports[0].Accuracy!.Value.Metres);
    }

    [Fact]
    public void The_same_speed_in_each_protocols_unit_is_the_same()
    {
        Assert.Equal(5, Query("?lat=1&lon=1&speed=9.7192224622").Speed!.Value.MetresPerSecond, 6);
        Assert.Equal(5, Json("""{"location":{"coords":{"latitude":1,"longitude":1,"speed":5}}}""").Speed!.Value.MetresPerSecond, 6);
        Assert.Equal(5, OwnTracks("""{"_type":"location","lat":1,"lon":1,"vel":18}""").Speed!.Value.MetresPerSecond, 6);
    }

    [Theory]
    [InlineData("speed=-1&accuracy=-1&batt=-1")]
    [InlineData("speed=NaN&accuracy=Infinity&batt=101")]
    [InlineData("speed=12km/h&accuracy=5 m&batt=full")]
    [InlineData("speed=1e300&accuracy=1e300&batt=1e300")]
    public void What_a_device_does_not_know_or_what_cannot_be_is_unknown_and_costs_nothing_else(string rest)
    {
        var message = Query($"?lat=48.2082&lon=16.3738&{rest}");
        Is(message, 48.2082, 16.3738, Now, null);
        Assert.Null(message.Speed);
        Assert.Null(message.Battery);
    }

    [Fact]
    public void Minus_one_is_unknown_in_JSON_too()
    {
        var message = Json("""{"location":{"coords":{"latitude":1,"longitude":1,"accuracy":-1,"speed":-1,"heading":-1},"battery":{"level":-1},"mock":true,"timestamp":"2026-11-21T19:59:00Z"}}""");
        Assert.Equal((null, null, null, true), (message.Reports[0].Accuracy, message.Speed, message.Battery, message.Reports[0].Mock));
    }

    [Theory]
    [InlineData("1795290000", "2026-11-21T19:40:00Z")]
    [InlineData("1795290000123", "2026-11-21T19:40:00.123Z")]
    [InlineData("2026-11-21T19:40:00Z", "2026-11-21T19:40:00Z")]
    [InlineData("2026-11-21T20:40:00+01:00", "2026-11-21T19:40:00Z")]
    [InlineData("2026-11-21 19:40:00", "2026-11-21T19:40:00Z")]
    [InlineData("", null)]
    [InlineData("yesterday", null)]
    [InlineData("-1", null)]
    [InlineData("1e300", null)]
    [InlineData("NaN", null)]
    public void Times_are_read_as_each_client_writes_them_and_a_missing_one_is_now(string text, string? expected)
    {
        var message = Query($"?lat=1&lon=1&timestamp={Uri.EscapeDataString(text)}");
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), message.SaidAt);
        Assert.Equal(message.SaidAt ?? Now, message.Reports[0].At);
    }

    [Theory]
    [InlineData("lat=91&lon=0")]
    [InlineData("lat=NaN&lon=0")]
    [InlineData("lat=1e400&lon=0")]
    [InlineData("lat=48,2&lon=16,3")]
    [InlineData("lat=48.2")]
    [InlineData("location=48.2")]
    [InlineData("location=48.2,16.3,9")]
    [InlineData("lat=1&lon=-181")]
    public void A_place_that_is_none_is_named_and_the_rest_is_a_sign_of_life(string query)
    {
        var message = Query("?" + query);
        Assert.NotNull(message.Problem);
        Assert.Null(Assert.Single(message.Reports).Point);
        Assert.Null(message.Unreadable);
    }

    [Fact]
    public void Who_has_swapped_them_is_told_so() => Assert.Contains("swapped", Query("?lat=-122.08&lon=37.42").Problem);

    [Theory]
    [InlineData("timestamp=1377177267&cell=257,02,16,2224&wifi=00-14-22-01-23-45,-80")]
    [InlineData("id=1")]
    [InlineData("lat=48.2&lon=16.3&valid=false")]
    public void Without_a_place_it_is_a_sign_of_life(string query)
    {
        var message = Query("?" + query);
        Assert.Null(Assert.Single(message.Reports).Point);
        Assert.Null(message.Problem);
        Assert.Null(message.Unreadable);
    }

    [Theory]
    [InlineData("?alarm=sos")]
    [InlineData("?id=1&alarm=SOS")]
    [InlineData("?lat=NaN&lon=400&alarm=lowBattery,sos")]
    [InlineData("?alarm=lowBattery&alarm=sos")]
    public void A_query_that_calls_for_help_does_so_whatever_else_it_says(string query) => Assert.True(Query(query).CallsForHelp);

    [Fact]
    public void Ten_thousand_fields_before_it_do_not_hide_an_alarm() => Assert.True(Query("?" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}=b&")) + "alarm=sos").CallsForHelp);

    [Theory]
    [InlineData("""{"location":{"alarm":"sos"}}""", true)]
    [InlineData("""{"location":{"extras":{"alarm":"sos"}}}""", true)]
    [InlineData("""{"extras":{"alarm":"sos"}}""", true)]
    [InlineData("""{"location":{"alarm":"lowBattery","extras":{"alarm":"sos"}}}""", false)]
    [InlineData("""{"location":{"alarm":null,"extras":{"alarm":"sos"}}}""", true)]
    [InlineData("""{"location":{"coords":{"latitude":NaN,"longitude":"\x"},"alarm":"sos"}""", true)]
    [InlineData("""{"location":{"timestamp":,"alarm":"sos"}}""", false)]
    [InlineData("""{"location":{"alarm":"sos","coords":{"lat""", true)]
    [InlineData("""{"location":{"alarm":"sos"},"location":7}""", true)]
    [InlineData("""{"location":{"alarm":"sos!"}}""", false)]
    [InlineData("""{"note":"alarm=sos"}""", false)]
    public void In_JSON_the_locations_own_alarm_wins_and_breakage_elsewhere_does_not_hide_it(string body, bool calls) => Assert.Equal(calls, Json(body).CallsForHelp);

    [Fact]
    public void An_alarm_behind_ten_thousand_levels_of_nesting_is_seen_and_without_one_they_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 10_000)) + string.Concat(Enumerable.Repeat("]", 10_000));
        Assert.True(Json($$$"""{"x":{{{deep}}},"location":{"alarm":"sos"}}""").CallsForHelp);
        Assert.Equal("bad-json", Json($$$"""{"x":{{{deep}}},"location":{}}""").Unreadable!.Kind.Slug);
        Assert.Equal("bad-json", Overland($$"""{"locations":{{deep}}}""").Unreadable!.Kind.Slug);
    }

    [Theory]
    [InlineData(",\"tag\":\"sos\"", true)]
    [InlineData(",\"poi\":\"SOS\"", true)]
    [InlineData(",\"tag\":\"home\"", false)]
    [InlineData(",\"poi\":\"SOS bar\"", false)]
    public void In_OwnTracks_a_tag_or_a_point_of_interest_calls_for_help(string more, bool calls) => Assert.Equal(calls, OwnTracks(RealMessages.OwnTracks(Then, more: more)).CallsForHelp);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("""{"_type":"lwt","tst":"1440363922"}""")]
    [InlineData("""{"_type":"waypoint","desc":"home","lat":1,"lon":1,"rad":50,"tst":1}""")]
    [InlineData("""{"_type":"waypoints","waypoints":[{"_type":"waypoint","desc":"home","lat":1,"lon":1}]}""")]
    [InlineData("""{"_type":"status","android":{}}""")]
    [InlineData("""{"_type":"encrypted","data":"AAAA"}""")]
    [InlineData("""{"_type":"something new"}""")]
    [InlineData("{}")]
    public void Other_kinds_of_OwnTracks_are_taken_and_say_nothing(string body)
    {
        var message = OwnTracks(body);
        Assert.Equal((true, null, null), (message.Reports.IsEmpty, message.Unreadable, message.Problem));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("<xml/>")]
    [InlineData("""{"_type":"location","lat":""")]
    [InlineData("""{"_type":"location" "lat":1}""")]
    public void What_is_no_JSON_object_is_refused(string body) => Assert.Equal("bad-json", OwnTracks(body).Unreadable!.Kind.Slug);

    [Fact]
    public void Nothing_of_a_body_of_another_kind_is_read() => Assert.Equal("unsupported-media-type", OsmAndReader.Read("", "image/png", "\u0089PNG"u8, Now).Unreadable!.Kind.Slug);

    [Fact]
    public void One_bad_point_of_a_batch_costs_no_other_and_of_too_many_the_newest_count()
    {
        var bad = new[] { "7", "null", "{}", """{"geometry":{"coordinates":[1]}}""", """{"geometry":{"coordinates":[48.2,116.3]}}""", """{"geometry":{"type":"Point","coordinates":[NaN,NaN]}}""" };
        var message = Overland(RealMessages.Overland([.. bad, RealMessages.OverlandPoint(Then)]));
        Assert.Equal(("6 of 7 locations are none.", 1), (message.Problem, message.Reports.Length));

        var many = Overland(RealMessages.Overland([.. Enumerable.Range(0, 300).Select(i => RealMessages.OverlandPoint(Now.AddSeconds(-i)))]));
        Assert.Equal((200, Now), (many.Reports.Length, many.Reports[^1].At));
        Assert.Equal("bad-json", Overland("""{"points":[]}""").Unreadable!.Kind.Slug);
    }

    [Fact]
    public void A_drive_of_a_real_phone_is_read_whole()
    {
        var path = SharedData.Find("phone/owntracks_demo-iphone.rec");
        Assert.SkipWhen(path is null, "phone/owntracks_demo-iphone.rec is not beside the project.");
        var lines = File.ReadLines(path!).Select(line => line.Split('\t')).Where(parts => parts.Length == 3).ToList();
        var messages = lines.Select(parts => OwnTracks(parts[2])).ToList();
        Assert.Equal((25, 23), (messages.Count, messages.Count(message => !message.Reports.IsEmpty)));
        Assert.All(messages, message => Assert.True(message.Unreadable is null && message.Problem is null));
        var drive = messages.Where(message => !message.Reports.IsEmpty).ToList();
        Assert.Equal([DateTimeOffset.FromUnixTimeSeconds(1440395361), DateTimeOffset.FromUnixTimeSeconds(1440405601)], [drive[0].Reports[0].At, drive[^1].Reports[0].At]);
        Assert.Equal(15, drive.Count(message => message.Speed is null));
        Assert.Equal(50 / 3.6, drive.Max(message => message.Speed?.MetresPerSecond ?? 0), 9);
    }

    private static TrackerMessage Query(string query) => OsmAndReader.Read(query, null, [], Now);

    private static TrackerMessage Json(string body) => OsmAndReader.Read("", "application/json", Encoding.UTF8.GetBytes(body), Now);

    private static TrackerMessage OwnTracks(string body) => OwnTracksReader.Read(Encoding.UTF8.GetBytes(body), Now);

    [Fact]
    public void A_time_whose_bytes_are_no_text_costs_no_point_and_a_name_that_is_half_a_character_no_failure()
    {
        var whole = RealMessages.Overland(RealMessages.OverlandPoint(Then), RealMessages.OverlandPoint(Then.AddSeconds(-30), 48.3));
        var bytes = Encoding.UTF8.GetBytes(whole);
        bytes[whole.IndexOf("\"timestamp\":\"20", StringComparison.Ordinal) + 14] = 0x80;
        var message = OverlandReader.Read(bytes, Now);
        Assert.Equal((2, Now), (message.Reports.Length, message.Reports[^1].At)); // a time that is none is now
        var halved = Overland(whole.Replace("\"timestamp\"", "\"\\ud800mestamp\"", StringComparison.Ordinal));
        Assert.True(halved.Unreadable is { Kind.Slug: "bad-json" } || halved.Reports.Length == 2);
    }

    private static TrackerMessage Overland(string body) => OverlandReader.Read(Encoding.UTF8.GetBytes(body), Now);

    private static void Is(TrackerMessage message, double latitude, double longitude, DateTimeOffset at, double? accuracy)
    {
        Assert.Null(message.Unreadable);
        var report = Assert.Single(message.Reports);
        Assert.Equal((new GeoPoint(latitude, longitude), at, accuracy), (report.Point!.Value, report.At, report.Accuracy?.Metres));
    }
}
