using System.Text;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones.Cap;
using Sos.Grains.Zones.Geometry;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_message_is_read_with_all_that_zones_need()
    {
        var reading = Read(SampleWarnings.Text(Now));
        Assert.Empty(reading.Faults);
        var message = reading.Message!;
        Assert.Equal((new CapReference("warn@example.org", "A1", Now), CapStatus.Actual, CapMessageType.Alert, CapScope.Public), (message.Name, message.Status, message.Type, message.Scope));
        var info = Assert.Single(message.Infos);
        Assert.Equal(("Met", "Flood", CapUrgency.Immediate, CapSeverity.Severe, CapCertainty.Observed, "Water is rising"), (info.Category, info.Event, info.Urgency, info.Severity, info.Certainty, info.Headline));
        Assert.Equal(Now.AddHours(6), info.Expires);
        var area = Assert.Single(info.Areas);
        Assert.Equal("The docks", area.Description);
        var ring = Assert.Single(Assert.Single(Assert.Single(area.Shapes).Polygons).Rings);
        Assert.Equal([new GeoPoint(48.2, 16.3), new GeoPoint(48.2, 16.4), new GeoPoint(48.3, 16.4), new GeoPoint(48.3, 16.3)], ring);
    }

    [Theory]
    [InlineData("ipaws-5e6dd964023f1930ef638846.xml", "Alert", "Administrative Message/Follow up Statement", 1)]
    [InlineData("ipaws-5e6dd9de023f1930ef6548d9.xml", "Cancel", null, 0)]
    [InlineData("ipaws-5e7e0fc5023f1930efcf3deb.xml", "Alert", "Local Area Emergency", 1)]
    [InlineData("google-PAAQ-4-mg5a94.xml", "Update", "Tsunami Cancellation", 1)]
    [InlineData("v1dot2_appendix_adot1.xml", "Alert", "Homeland Security Advisory System Update", 1)]
    [InlineData("v1dot2_appendix_adot2.xml", "Alert", "SEVERE THUNDERSTORM", 1)]
    [InlineData("v1dot2_appendix_adot3.xml", "Update", "Earthquake", 1)]
    [InlineData("v1dot2_appendix_adot4.xml", "Alert", "Child Abduction", 2)]
    public void Real_messages_are_read_signed_ones_too(string file, string type, string? happening, int infos)
    {
        var path = SharedData.Find("cap/" + file);
        Assert.SkipWhen(path is null, $"cap/{file} is not beside the project.");
        var message = CapReader.Read(File.ReadAllBytes(path!), new CapLimits()).Message!;
        Assert.Equal((type, infos), (message.Type.ToString(), message.Infos.Length));
        Assert.Equal(happening, message.Infos.FirstOrDefault()?.Event);
        Assert.Equal(type == "Alert", message.References.IsEmpty);
    }

    [Fact]
    public void What_the_real_messages_draw_is_a_zone_and_what_they_name_by_codes_is_told()
    {
        var (drawn, point, coded) = (SharedData.Find("cap/v1dot2_appendix_adot2.xml"), SharedData.Find("cap/v1dot2_appendix_adot3.xml"), SharedData.Find("cap/v1dot2_appendix_adot4.xml"));
        Assert.SkipWhen(drawn is null || point is null || coded is null, "cap is not beside the project.");
        var storm = CapReader.Read(File.ReadAllBytes(drawn!), new CapLimits()).Message!.Infos[0].Areas[0];
        Assert.Equal(4, Assert.Single(storm.Shapes).Points);
        Assert.Contains("EXTREME NORTH CENTRAL TUOLUMNE COUNTY IN CALIFORNIA, EXTREME NORTHEASTERN CALAVERAS", storm.Description, StringComparison.Ordinal);
        Assert.Equal("only-a-point", Assert.Single(CapReader.Read(File.ReadAllBytes(point!), new CapLimits()).Faults).Code);
        Assert.Equal(["no-geometry", "no-geometry"], CapReader.Read(File.ReadAllBytes(coded!), new CapLimits()).Faults.Select(fault => fault.Code));
    }

    [Theory]
    [InlineData("<polygon>48.2,16.3 48.2,16.4 48.3,16.4 48.3,16.3</polygon>")]
    [InlineData("<polygon>\n  48.2,16.3\n\t48.2,16.4  48.3,16.4\r\n48.3,16.3 48.2,16.3\n</polygon>")]
    [InlineData("<polygon>48.2,16.3 48.2,16.3 48.2,16.4 48.3,16.4 48.3,16.3 48.2,16.3</polygon>")]
    [InlineData("<polygon><![CDATA[48.2,16.3 48.2,16.4 48.3,16.4 48.3,16.3 48.2,16.3]]></polygon>")]
    public void Where_publishers_err_without_doubt_it_is_mended(string polygon)
    {
        var reading = Read(SampleWarnings.Text(Now, area: polygon));
        Assert.Empty(reading.Faults);
        Assert.Equal(4, reading.Message!.Infos[0].Areas[0].Shapes[0].Points);
    }

    [Theory]
    [InlineData("<polygon>48.2,16.3 48.3,16.4 48.2,16.4 48.3,16.3 48.2,16.3</polygon>", "self-intersecting", "polygon[1]")]
    [InlineData("<polygon>48.2,16.3 48.2,16.4 48.2,16.3</polygon>", "too-few-points", "polygon[1]")]
    [InlineData("<polygon></polygon>", "too-few-points", "polygon[1]")]
    [InlineData("<polygon>48.2,16.3 48.2 48.3,16.4</polygon>", "bad-point", "polygon[1]")]
    [InlineData("<polygon>148.2,16.3 48.2,16.4 48.3,16.4</polygon>", "bad-point", "polygon[1]")]
    [InlineData("<polygon>NaN,16.3 48.2,16.4 48.3,16.4</polygon>", "bad-point", "polygon[1]")]
    [InlineData("<circle>48.2,16.3</circle>", "bad-circle", "circle[1]")]
    [InlineData("<circle>48.2,16.3 0</circle>", "only-a-point", "circle[1]")]
    [InlineData("<circle>48.2,16.3 -1</circle>", "bad-radius", "circle[1]")]
    [InlineData("<circle>48.2,16.3 1e9</circle>", "bad-radius", "circle[1]")]
    [InlineData("<circle>48.2,16.3 1e999</circle>", "bad-circle", "circle[1]")]
    public void What_cannot_be_drawn_is_named_with_its_place_and_does_not_stop_the_rest(string shape, string code, string place)
    {
        var reading = Read(SampleWarnings.Text(Now, area: $"{shape}<circle>48.2,16.3 2.5</circle>"));
        var fault = Assert.Single(reading.Faults);
        Assert.Equal((code, "alert/info[1]/area[1]/" + place), (fault.Code, fault.Path));
        Assert.Equal(Distance.FromMetres(2_500), Assert.Single(reading.Message!.Infos[0].Areas[0].Shapes).Radius);
    }

    [Fact]
    public void Several_polygons_are_several_zones_and_6208_points_are_made_fewer_by_metres()
    {
        var coast = string.Join(' ', Enumerable.Range(0, 6_208).Select(i => Around(i, 6_208)));
        var reading = Read(SampleWarnings.Text(Now, area: $"{SampleWarnings.Square}<polygon>{coast}</polygon>"));
        Assert.Equal("coarsened", Assert.Single(reading.Faults).Code);
        var shapes = reading.Message!.Infos[0].Areas[0].Shapes;
        Assert.Equal(2, shapes.Length);
        Assert.InRange(shapes[1].Points, 100, 5_000);
        Assert.Equal(ZoneForm.Polygon, shapes[1].Form);

        static string Around(int i, int of)
        {
            var point = new GeoPoint(48.2, 16.3).Travel(360.0 * i / of, Distance.FromMetres(20_000 + 40 * (i % 3)));
            return FormattableString.Invariant($"{point.Latitude:F6},{point.Longitude:F6}");
        }
    }

    [Fact]
    public void A_ring_of_any_size_and_anywhere_is_a_zone_where_the_library_finds_it_sound_and_else_refused()
    {
        var (random, tangled) = (new Random(24), 0);
        for (var i = 0; i < 150; i++)
        {
            // As large as a house, a city or a continent, also over the antimeridian; every other one with two points changed over.
            var ring = Drawings.Star(random, Drawings.Somewhere(random, 40), 20 * Math.Pow(10, random.Next(6)), random.Next(8, 60)).Polygons[0].Rings[0].Select(point => new GeoPoint(Math.Round(point.Latitude, 6), Math.Round(point.Longitude, 6))).ToList();
            var at = random.Next(ring.Count - 2);
            if (i % 2 == 1) (ring[at], ring[at + 2]) = (ring[at + 2], ring[at]);
            var sound = PlanarShape.Of([new ZonePolygon([[.. ring]])]).IsValid;
            if (!sound) tangled++;
            var faults = Draw(ring).Faults;
            Assert.True(sound ? faults.IsEmpty : faults.Single().Code == "self-intersecting", $"{i}, {sound}: {Text(ring)}");
        }

        Assert.InRange(tangled, 20, 75);

        static CapReading Draw(List<GeoPoint> ring) => Read(SampleWarnings.Text(Now, area: $"<polygon>{Text(ring)}</polygon>"));
        static string Text(List<GeoPoint> ring) => string.Join(' ', ring.Append(ring[0]).Select(point => FormattableString.Invariant($"{point.Latitude:F6},{point.Longitude:F6}")));
    }

    [Theory]
    [InlineData("<status>Actual</status>", "", "missing", "alert/status")]
    [InlineData("<status>Actual</status>", "<status>Test</status><status>Actual</status>", "repeated", "alert/status[2]")]
    [InlineData("<status>Actual</status>", "<status>actual</status>", "unknown-value", "alert/status[1]")]
    [InlineData("<status>Actual</status>", "<status>0</status>", "unknown-value", "alert/status[1]")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Alarm</msgType>", "unknown-value", "alert/msgType[1]")]
    [InlineData("<scope>Public</scope>", "<scope/>", "unknown-value", "alert/scope[1]")]
    [InlineData("<identifier>A1</identifier>", "<identifier>A 1</identifier>", "bad-name", "alert/identifier[1]")]
    [InlineData("<identifier>A1</identifier>", "<identifier>A,1</identifier>", "bad-name", "alert/identifier[1]")]
    [InlineData("<sender>warn@example.org</sender>", "<sender></sender>", "bad-name", "alert/sender[1]")]
    [InlineData("<sent>2026-11-21T22:00:00-00:00</sent>", "<sent>2026-11-21T22:00:00</sent>", "bad-time", "alert/sent[1]")]
    [InlineData("<sent>2026-11-21T22:00:00-00:00</sent>", "<sent>yesterday</sent>", "bad-time", "alert/sent[1]")]
    [InlineData("cap:1.2", "cap:1.1", "not-cap", "alert")]
    public void Where_two_readers_could_differ_the_message_is_refused_by_name(string stands, string put, string code, string path)
    {
        var text = SampleWarnings.Text(Now);
        Assert.Contains(stands, text, StringComparison.Ordinal);
        var reading = Read(text.Replace(stands, put, StringComparison.Ordinal));
        Assert.Null(reading.Message);
        Assert.Equal((code, path), (reading.Faults[0].Code, reading.Faults[0].Path));
    }

    [Theory]
    [InlineData("2026-11-21T22:00:00Z")]
    [InlineData("2026-11-21T22:00:00.000Z")]
    [InlineData("2026-11-21T23:00:00+01:00")]
    [InlineData(" 2026-11-21T22:00:00-00:00\n")]
    public void One_time_has_one_name_however_it_is_written(string sent) =>
        Assert.Equal(CapKeys.Of(new CapReference("warn@example.org", "A1", Now)), CapKeys.Of(Read(SampleWarnings.Text(Now).Replace("2026-11-21T22:00:00-00:00", sent, StringComparison.Ordinal)).Message!.Name));

    [Fact]
    public void References_are_read_apart_and_one_that_is_none_is_told()
    {
        var reading = Read(SampleWarnings.Text(Now, "A3", "Update", $"{SampleWarnings.Reference(Now.AddHours(-2), "A1")}\n  {SampleWarnings.Reference(Now.AddHours(-1), "A2")} broken,reference"));
        Assert.Equal(["A1", "A2"], reading.Message!.References.Select(reference => reference.Identifier));
        Assert.Equal("bad-reference", Assert.Single(reading.Faults).Code);
    }

    [Fact]
    public void What_people_will_read_is_in_one_line_and_turns_no_writing_around()
    {
        var reading = Read(SampleWarnings.Text(Now, happening: "Flood\n   of the\u202E river " + new string('x', 200)));
        Assert.StartsWith("Flood of the river xxx", reading.Message!.Infos[0].Event, StringComparison.Ordinal);
        Assert.Equal(80, reading.Message.Infos[0].Event.Length);
    }

    [Fact]
    public void Levels_that_are_missing_or_unknown_are_told_and_taken_as_unknown()
    {
        var text = SampleWarnings.Text(Now).Replace("<urgency>Immediate</urgency>", "", StringComparison.Ordinal).Replace("Severe", "Terrible", StringComparison.Ordinal).Replace("<event>Flood</event>", "", StringComparison.Ordinal);
        var reading = Read(text);
        Assert.Equal(["missing-event", "missing-urgency", "unknown-value"], reading.Faults.Select(fault => fault.Code));
        Assert.Equal((CapUrgency.Unknown, CapSeverity.Unknown, "Met"), (reading.Message!.Infos[0].Urgency, reading.Message.Infos[0].Severity, reading.Message.Infos[0].Event));
    }

    private static CapReading Read(string text) => CapReader.Read(Encoding.UTF8.GetBytes(text), new CapLimits());
}
