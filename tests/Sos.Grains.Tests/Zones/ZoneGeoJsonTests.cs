using System.Text;
using System.Text.Json;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.GeoJson;
using Sos.Grains.Zones.Geometry;
using Sos.TestKit;

namespace Sos.Grains.Tests.Zones;

public sealed class ZoneGeoJsonTests
{
    private const string Square = """{"type":"Polygon","coordinates":[[[16,48],[17,48],[17,49],[16,49],[16,48]]]}""";

    [Fact]
    public async Task Polygons_points_and_lines_become_zones_with_what_is_said_of_them()
    {
        var items = await Read(File(
            $$$$"""{"type":"Feature","geometry":{{{{Square}}}},"properties":{"name":"Docks","kind":"crime","risk":5,"expires":"2027-01-01T00:00:00Z","schedule":{"timeZone":"Europe/Vienna","hours":[{"days":["fri"],"from":"22:00","to":"05:00"}]}}}""",
            """{"type":"Feature","properties":{"radiusMeters":250},"geometry":{"type":"Point","coordinates":[16.3,48.2,170]}}""",
            """{"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[[16,48],[16.1,48]]},"id":7}"""));
        Assert.All(items, item => Assert.Null(item.Fault));
        var (docks, circle, street) = (items[0].Draft!, items[1].Draft!, items[2].Draft!);
        Assert.Equal(("Docks", "crime", 5, ZoneForm.Polygon, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)), (docks.Name, docks.Kind, docks.Risk, docks.Shape.Form, docks.Expires));
        Assert.Equal((DayOfWeek.Friday, new TimeOnly(22, 0)), (docks.Schedule!.Hours[0].Days[0], docks.Schedule.Hours[0].From));
        Assert.Equal(("Zone 2", ZoneForm.Circle, 250.0, new GeoPoint(48.2, 16.3)), (circle.Name, circle.Shape.Form, circle.Shape.Radius.Metres, circle.Shape.Path[0]));
        Assert.Equal((ZoneForm.Corridor, ShapeRules.UsualCorridor, 3), (street.Shape.Form, street.Shape.Radius.Metres, street.Risk));
    }

    [Theory]
    [InlineData("""{"type":"Thing"}""", "not-a-feature")]
    [InlineData("""7""", "not-a-feature")]
    [InlineData("""{"type":"Feature","geometry":null}""", "no-geometry")]
    [InlineData("""{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]}}""", "unsupported-geometry")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[48,116],[48,117],[49,117],[48,116]]]}}""", "out-of-range")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1e400,1],[2,1],[2,2],[1,1]]]}}""", "out-of-range")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[["16","48"],[2,1],[2,2]]]}}""", "bad-position")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[16,48],[17,48],[17,49]]}}""", "bad-position")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon"}}""", "bad-position")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[]}}""", "too-few-points")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}}""", "too-few-points")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,1],[2,2],[3,3],[1,1]]]}}""", "no-area")]
    [InlineData("""{"type":"Feature","geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-radius")]
    [InlineData("""{"type":"Feature","properties":{"radiusMeters":"5"},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-radius")]
    [InlineData("""{"type":"Feature","properties":{"radiusMeters":1e9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-radius")]
    [InlineData("""{"type":"Feature","properties":{"risk":6,"radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-risk")]
    [InlineData("""{"type":"Feature","properties":{"risk":2.5,"radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-risk")]
    [InlineData("""{"type":"Feature","properties":{"name":"a\nb","radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-name")]
    [InlineData("""{"type":"Feature","properties":{"name":"\uD800","radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-text")]
    [InlineData("""{"type":"Feature","properties":{"kind":"","radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-kind")]
    [InlineData("""{"type":"Feature","properties":{"expires":"soon","radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-expires")]
    [InlineData("""{"type":"Feature","properties":{"schedule":{"timeZone":"Mars","hours":[{"days":["fri"],"from":"22:00","to":"05:00"}]},"radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-schedule")]
    [InlineData("""{"type":"Feature","properties":{"schedule":{"timeZone":"UTC","hours":[{"days":["someday"],"from":"22:00","to":"05:00"}]},"radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""", "bad-schedule")]
    public async Task A_feature_that_is_no_zone_is_refused_by_name_and_the_next_is_read(string feature, string code)
    {
        var items = await Read(File(feature, $$"""{"type":"Feature","geometry":{{Square}}}"""));
        Assert.Equal([(1, code), (2, null)], items.Select(i => (i.Feature, i.Fault?.Code)));
        if (code == "out-of-range" && feature.Contains("116", StringComparison.Ordinal)) Assert.Contains("swapped", items[0].Fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not-json")]
    [InlineData("[]", "not-json")]
    [InlineData("{", "not-json")]
    [InlineData("{}", "not-a-collection")]
    [InlineData("""{"type":"Feature"}""", "not-a-collection")]
    [InlineData("""{"type":"FeatureCollection","features":{}}""", "not-a-collection")]
    [InlineData("""{"type":"FeatureCollection","features":[}""", "not-json")]
    [InlineData("""{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features":[]}""", "unsupported-crs")]
    [InlineData("""{"features":[]}""", "not-a-collection")]
    public async Task A_file_that_is_none_is_refused_by_name(string text, string code)
    {
        var item = Assert.Single(await Read(text));
        Assert.Equal((0, code), (item.Feature, item.Fault?.Code));
    }

    [Fact]
    public async Task Bytes_may_come_one_at_a_time_and_members_in_any_order()
    {
        var text = "\uFEFF" + $$$"""{"features":[{"type":"Feature","geometry":{{{Square}}},"properties":{"name":"Größe ü"}}],"bbox":[1,2,3,4],"crs":null,"type":"FeatureCollection"}""";
        var items = new List<ZoneFileItem>();
        await foreach (var item in ZoneGeoJsonReader.Read(new Trickle(Encoding.UTF8.GetBytes(text)), new ZoneFileLimits())) items.Add(item);
        Assert.Equal("Größe ü", Assert.Single(items).Draft!.Name);
    }

    [Fact]
    public async Task A_file_of_a_million_points_is_never_held_and_one_more_point_ends_the_reading()
    {
        var line = string.Join(',', Enumerable.Range(0, 1_000).Select(i => i % 2 == 0 ? "[16.1234567,48.1]" : "[16.2,48.7654321]"));
        var part = $$$$"""{"type":"Feature","geometry":{"type":"LineString","coordinates":[{{{{line}}}}]}},""";
        var stream = new Repeated("""{"type":"FeatureCollection","features":[""", part, 1_001);
        var items = new List<ZoneFileItem>();
        await foreach (var item in ZoneGeoJsonReader.Read(stream, new ZoneFileLimits()))
        {
            items.Add(item);
            Assert.InRange(stream.Given - (long)items.Count * part.Length, 0, 8 * part.Length);
        }

        Assert.Equal((1_001, 0, "too-many-points"), (items.Count, items[^1].Feature, items[^1].Fault?.Code));
        Assert.All(items[..^1], item => Assert.Null(item.Fault));
    }

    [Fact]
    public async Task Too_many_features_and_a_feature_without_end_are_refused_by_name()
    {
        var point = """{"type":"Feature","properties":{"radiusMeters":9},"geometry":{"type":"Point","coordinates":[1,1]}}""";
        var items = await Read(File(point, point, point), new ZoneFileLimits { MostFeatures = 2 });
        Assert.Equal([null, null, "too-many-features"], items.Select(i => i.Fault?.Code));
        var endless = new Repeated("""{"type":"FeatureCollection","features":[{"type":"Feature","x":[""", "1,", int.MaxValue);
        var item = Assert.Single(await ZoneGeoJsonReader.Read(endless, new ZoneFileLimits()).ToListAsync());
        Assert.Equal((0, "feature-too-large"), (item.Feature, item.Fault?.Code));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Damaged_files_are_refused_and_never_more(int seed)
    {
        var random = new Random(seed);
        var good = Encoding.UTF8.GetBytes(File(
            $$$$"""{"type":"Feature","geometry":{{{{Square}}}},"properties":{"name":"Docks","risk":5,"schedule":{"timeZone":"UTC","hours":[{"days":["fri"],"from":"22:00","to":"05:00"}]}}}""",
            """{"type":"Feature","properties":{"radiusMeters":250},"geometry":{"type":"Point","coordinates":[16.3,48.2]}}"""));
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = good.ToArray();
            for (var hits = random.Next(1, 4); hits > 0; hits--) bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "[]{},:\"0123456789eE.-tfn"[random.Next(24)]);
            var items = await ZoneGeoJsonReader.Read(new MemoryStream(bytes, 0, random.Next(bytes.Length / 2, bytes.Length + 1)), new ZoneFileLimits()).ToListAsync();
            Assert.All(items, item => Assert.True((item.Draft is null) != (item.Fault is null), $"seed {seed}, file {i}"));
        }
    }

    [Fact]
    public async Task What_is_written_is_read_back_the_same_also_over_the_antimeridian()
    {
        var random = new Random(13);
        for (var i = 0; i < 100; i++)
        {
            var middle = Drawings.Somewhere(random, 60);
            var drawn = Drawings.Star(random, middle, 3_000, 12, hole: true).Polygons[0].Rings.Select(ring => (IReadOnlyList<GeoPoint>)[.. ring, ring[0]]).ToList();
            Assert.Equal(ShapeFault.None, ShapeRules.Polygons([drawn], out var shape, out _));
            var zone = new ZoneDraft("A", "b", 2, shape!, ZoneSource.Drawn);
            var text = Written(zone);
            using (var json = JsonDocument.Parse(text)) Assert.All(Positions(json.RootElement.GetProperty("geometry").GetProperty("coordinates")), p => Assert.InRange(p.Longitude, -180, 180));
            var item = Assert.Single(await Read(File(text)));
            Assert.Equal((null, ShapeRepairs.None), (item.Fault, item.Repairs));
            var (one, other) = (ZoneOutline.Of(shape!), ZoneOutline.Of(item.Draft!.Shape));
            for (var k = 0; k < 50; k++)
            {
                var point = middle.Travel(random.NextDouble() * 360, Distance.FromMetres(random.NextDouble() * 4_000));
                Assert.True(Math.Abs(one.SignedDistance(point) - other.SignedDistance(point)) < 0.1, $"{i}: {point} {one.SignedDistance(point)} {other.SignedDistance(point)}");
            }
        }
    }

    [Theory]
    [InlineData("zones/sf-neighborhoods.geojson", 117)]
    [InlineData("zones/montgomery-municipalities.geojson", 62)]
    public async Task Real_files_are_read_whole(string file, int zones)
    {
        var path = SharedData.Find(file);
        Assert.SkipWhen(path is null, $"{file} is not beside the project.");
        await using var stream = System.IO.File.OpenRead(path!);
        var items = await ZoneGeoJsonReader.Read(stream, new ZoneFileLimits()).ToListAsync();
        Assert.Equal((zones, 0), (items.Count(i => i.Draft is not null), items.Count(i => i.Fault is not null)));
        TestContext.Current.SendDiagnosticMessage($"{file}: {zones} zones, {items.Sum(i => i.Draft!.Shape.Points)} points, {items.Count(i => i.Repairs != ShapeRepairs.None)} mended");
    }

    private static string File(params string[] features) => $$"""{"type":"FeatureCollection","features":[{{string.Join(",", features)}}]}""";

    private static async Task<List<ZoneFileItem>> Read(string text, ZoneFileLimits? limits = null) =>
        await ZoneGeoJsonReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), limits ?? new ZoneFileLimits()).ToListAsync();

    private static string Written(ZoneDraft zone)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text)) ZoneGeoJsonWriter.Write(json, null, zone);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static IEnumerable<GeoPoint> Positions(JsonElement element) => element[0].ValueKind == JsonValueKind.Number
        ? [new GeoPoint(element[1].GetDouble(), element[0].GetDouble())]
        : element.EnumerateArray().SelectMany(Positions);

    /// <summary>Gives a byte at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    /// <summary>A long text that nobody holds.</summary>
    private sealed class Repeated(string head, string part, int times) : Stream
    {
        private readonly byte[] _part = Encoding.UTF8.GetBytes(part);
        private byte[] _left = Encoding.UTF8.GetBytes(head);
        private int _times;

        /// <summary>Bytes that were read.</summary>
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_left.Length == 0 && _times++ < times) _left = _part;
            var given = Math.Min(count, _left.Length);
            _left.AsSpan(0, given).CopyTo(buffer.AsSpan(offset));
            _left = _left[given..];
            Given += given;
            return given;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = new byte[buffer.Length];
            var read = 0;
            for (int more; read < bytes.Length && (more = Read(bytes, read, bytes.Length - read)) > 0;) read += more;
            bytes.AsSpan(0, read).CopyTo(buffer.Span);
            return ValueTask.FromResult(read);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
