using System.Collections.Immutable;
using System.Text;
using System.Xml;
using System.Xml.Schema;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.Zones;
using Sos.Grains.Zones.Cap;
using Sos.Grains.Zones.Geometry;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones.Cap;

public sealed class CapWriterTests
{
    private const string Golden = """
        <?xml version="1.0" encoding="utf-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>0192f0c000007000800000000000000a.2</identifier>
          <sender>warn@city.example</sender>
          <sent>2026-11-21T22:00:01-00:00</sent>
          <status>Actual</status>
          <msgType>Update</msgType>
          <scope>Public</scope>
          <references>warn@city.example,0192f0c000007000800000000000000a.1,2026-11-21T21:00:00-00:00</references>
          <info>
            <language>en-US</language>
            <category>Safety</category>
            <event>Docks &amp; quays</event>
            <urgency>Expected</urgency>
            <severity>Severe</severity>
            <certainty>Likely</certainty>
            <onset>2026-11-21T23:00:00-00:00</onset>
            <expires>2026-11-22T22:00:00-00:00</expires>
            <senderName>The city</senderName>
            <headline>Docks &amp; quays</headline>
            <instruction>Stay away.</instruction>
            <parameter>
              <valueName>sos-kind</valueName>
              <value>crime</value>
            </parameter>
            <area>
              <areaDesc>Docks &amp; quays</areaDesc>
              <polygon>48.2,16.3 48.2,16.4 48.3,16.4 48.3,16.3 48.2,16.3</polygon>
            </area>
          </info>
        </alert>
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 22, 0, 1, TimeSpan.Zero);
    private static readonly Guid Id = Guid.Parse("0192f0c0-0000-7000-8000-00000000000a");
    private static readonly ImmutableArray<GeoPoint> Ring = [new(48.2, 16.3), new(48.2, 16.4), new(48.3, 16.4), new(48.3, 16.3)];
    private static readonly ZoneDraft Docks = new("Docks & quays", "crime", 4, ZoneShape.Of([new ZonePolygon([Ring])]), ZoneSource.Drawn, null, Now.AddHours(24).AddSeconds(-1), Now.AddHours(1).AddSeconds(-1));

    [Fact]
    public void A_message_is_written_as_it_always_was() => Assert.Equal(Golden, Encoding.UTF8.GetString(Write(Docks)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_is_written_is_valid_and_is_read_back_as_the_same_zone(int risk)
    {
        foreach (var shape in new[] { Docks.Shape, ZoneShape.Circle(new GeoPoint(-17.1234567, 179.9999999), Distance.FromMetres(1_234.5)) })
        {
            var draft = Docks with { Risk = risk, Shape = shape };
            var bytes = Write(draft);
            Valid(bytes);
            var warning = CapRules.Decide(CapReader.Read(bytes, new CapLimits()), "here", Now, new CapOptions()).Warning!;
            Assert.Empty(warning.Faults);
            var read = Assert.Single(warning.Zones).Draft;
            Assert.Equal(PackedShape.Pack(shape), PackedShape.Pack(read.Shape));
            Assert.Equal((draft.Name, draft.Kind, risk, draft.Expires, draft.Begins), (read.Name, read.Kind, read.Risk, read.Expires, read.Begins));
        }
    }

    [Fact]
    public void Corridors_holes_many_parts_and_the_antimeridian_are_written_so_that_all_of_the_zone_is_warned_of()
    {
        ImmutableArray<GeoPoint> hole = [new(48.24, 16.34), new(48.26, 16.34), new(48.26, 16.36), new(48.24, 16.36)];
        ImmutableArray<GeoPoint> over = [new(-18, 179), new(-18, -179), new(-17, -179), new(-17, 179)];
        var street = ZoneShape.Corridor([new GeoPoint(48.2, 16.3), new GeoPoint(48.25, 16.4), new GeoPoint(48.2, 16.5)], Distance.FromMetres(200));
        foreach (var (shape, parts) in new[] { (ZoneShape.Of([new ZonePolygon([Ring, hole])]), 1), (ZoneShape.Of([new ZonePolygon([over])]), 2), (street, 1) })
        {
            var bytes = Write(Docks with { Shape = shape });
            Valid(bytes);
            var zones = CapRules.Decide(CapReader.Read(bytes, new CapLimits()), "here", Now, new CapOptions()).Warning!.Zones;
            Assert.Equal(parts, zones.Length);
            var outlines = zones.Select(zone => ZoneOutline.Of(zone.Draft.Shape)).ToList();
            var (whole, random) = (ZoneOutline.Of(shape), new Random(7));
            for (var i = 0; i < 2_000; i++)
            {
                var point = new GeoPoint(whole.Box.South + random.NextDouble() * (whole.Box.North - whole.Box.South), ZoneBox.Turn(whole.Box.West + random.NextDouble() * (whole.Box.East - whole.Box.West)));
                if (whole.SignedDistance(point) < -20) Assert.Contains(outlines, outline => outline.SignedDistance(point) < 5);
            }
        }
    }

    [Fact]
    public void A_drill_says_so_and_a_cancellation_tells_of_no_place()
    {
        var drill = Write(Docks, Publication with { Mark = Publication.Mark with { IsExercise = true } });
        Valid(drill);
        Assert.Equal("exercise", CapRules.Decide(CapReader.Read(drill, new CapLimits()), "here", Now, new CapOptions()).Ignored);
        var end = Write(null, Publication with { Type = CapMessageType.Cancel, Expires = null });
        Valid(end);
        Assert.DoesNotContain("<info", Encoding.UTF8.GetString(end), StringComparison.Ordinal);
        Assert.Single(CapRules.Decide(CapReader.Read(end, new CapLimits()), "here", Now, new CapOptions()).Warning!.References);
    }

    private static CapPublication Publication => new(
        new CapMark(CapCategory.Safety, false, "Stay away."), new CapReference("warn@city.example", $"{Id:N}.2", Now), CapMessageType.Update,
        [new CapReference("warn@city.example", $"{Id:N}.1", Now.AddHours(-1).AddSeconds(-1))], 2, "Docks & quays", Docks.Expires);

    private static byte[] Write(ZoneDraft? zone, CapPublication? publication = null) => CapWriter.Write(publication ?? Publication, zone, "The city", "en-US");

    // The schema lies beside the project; the rest is held without it.
    private static void Valid(byte[] bytes)
    {
        if (SharedData.Find("cap/cap12.xsd") is not { } path) return;
        var schemas = new XmlSchemaSet();
        schemas.Add(null, path);
        using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas, ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings });
        while (reader.Read())
        {
            // A fault is an exception.
        }
    }
}
