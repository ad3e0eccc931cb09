using System.Buffers;
using System.Text.Json;

namespace Sos.Server.Demo;

/// <summary>The city as GeoJSON (RFC 7946): a feature a thing, with its <c>layer</c> and, where it has one, its <c>name</c>.</summary>
internal static class CityGeoJson
{
    public static byte[] Write(DemoCity city)
    {
        var bytes = new ArrayBufferWriter<byte>(256 * 1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteString("name", DemoCity.Name);
            json.WritePropertyName("centre"); // a foreign member (RFC 7946, 6.1): where maps begin
            Position(json, default);
            json.WriteStartArray("features");
            Polygon(json, "land", null, city.Coast);
            foreach (var district in city.Districts) Polygon(json, "district", district.Name, district.Outline);
            foreach (var park in city.Parks) Polygon(json, "park", null, park);
            foreach (var street in city.Streets) Line(json, "street", [street.From, street.To]);
            Polygon(json, "river", null, city.River);
            foreach (var avenue in city.Avenues) Line(json, "avenue", avenue);
            foreach (var landmark in city.Landmarks) Point(json, landmark);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Polygon(Utf8JsonWriter json, string layer, string? name, List<PlanPoint> outline) => Feature(json, layer, name, "Polygon", () =>
    {
        json.WriteStartArray();
        Positions(json, [.. outline, outline[0]]);
        json.WriteEndArray();
    });

    private static void Line(Utf8JsonWriter json, string layer, List<PlanPoint> points) => Feature(json, layer, null, "LineString", () => Positions(json, points));

    private static void Point(Utf8JsonWriter json, Landmark landmark) => Feature(json, "landmark", landmark.Name, "Point", () => Position(json, landmark.At));

    private static void Feature(Utf8JsonWriter json, string layer, string? name, string type, Action coordinates)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("properties");
        json.WriteString("layer", layer);
        if (name is not null) json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteStartObject("geometry");
        json.WriteString("type", type);
        json.WritePropertyName("coordinates");
        coordinates();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Positions(Utf8JsonWriter json, List<PlanPoint> points)
    {
        json.WriteStartArray();
        foreach (var point in points) Position(json, point);
        json.WriteEndArray();
    }

    private static void Position(Utf8JsonWriter json, PlanPoint at)
    {
        var place = DemoCity.ToGlobe(at);
        json.WriteStartArray();
        json.WriteNumberValue(Math.Round(place.Longitude, 6));
        json.WriteNumberValue(Math.Round(place.Latitude, 6));
        json.WriteEndArray();
    }
}
