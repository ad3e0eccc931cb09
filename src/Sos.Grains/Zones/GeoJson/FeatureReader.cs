using System.Globalization;
using System.Text.Json;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>Makes a zone of one GeoJSON feature, or says by name why it is none.</summary>
internal static class FeatureReader
{
    private const int LongestName = 80;
    private const int LongestKind = 40;
    private const int UsualRisk = 3;
    private static readonly string[] NameMembers = ["name", "Name", "NAME", "title"];

    /// <summary>Reads one feature and adds its points to a count.</summary>
    public static ZoneFileItem Read(JsonElement feature, int number, ref int points)
    {
        try
        {
            if (feature.ValueKind != JsonValueKind.Object || !Is(feature, "type", "Feature")) throw new Refusal("not-a-feature", "It must be an object of type Feature.");
            var properties = feature.TryGetProperty("properties", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
            if (!feature.TryGetProperty("geometry", out var geometry) || geometry.ValueKind != JsonValueKind.Object) throw new Refusal("no-geometry", "It needs a geometry.");
            var shape = Shape(geometry, properties, ref points, out var repairs);
            return new ZoneFileItem(number, Draft(properties, shape, number), repairs, null);
        }
        catch (Refusal refusal)
        {
            return ZoneFileItem.Refused(number, refusal.Code, refusal.Message);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which JSON lets pass.
            return ZoneFileItem.Refused(number, "bad-text", "A text is not Unicode.");
        }
    }

    private static ZoneShape Shape(JsonElement geometry, JsonElement properties, ref int points, out ShapeRepairs repairs)
    {
        var type = geometry.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        var coordinates = geometry.TryGetProperty("coordinates", out var found) ? found : default;
        repairs = ShapeRepairs.None;
        ZoneShape? shape;
        var fault = type switch
        {
            "Polygon" => ShapeRules.Polygons([Rings(coordinates, ref points)], out shape, out repairs),
            "MultiPolygon" => ShapeRules.Polygons(Polygons(coordinates, ref points), out shape, out repairs),
            "Point" => ShapeRules.Circle(Position(coordinates, ref points), Number(properties, "radiusMeters") ?? throw new Refusal("bad-radius", "A point needs radiusMeters."), out shape),
            "LineString" => ShapeRules.Corridor(Line(coordinates, ref points), Number(properties, "radiusMeters") ?? ShapeRules.UsualCorridor, out shape, out repairs),
            _ => throw new Refusal("unsupported-geometry", "The geometry must be a Polygon, MultiPolygon, Point with radiusMeters, or LineString."),
        };
        return fault switch
        {
            ShapeFault.None => shape!,
            ShapeFault.TooFewPoints => throw new Refusal("too-few-points", "A ring needs three different points, a line two."),
            ShapeFault.TooManyPoints => throw new Refusal("too-many-points", $"A zone may have {ShapeRules.MostPoints} points."),
            ShapeFault.NoArea => throw new Refusal("no-area", "It encloses nothing."),
            _ => throw new Refusal("bad-radius", $"radiusMeters must be 1 to {(type == "Point" ? ShapeRules.LongestRadius : ShapeRules.WidestCorridor):F0}."),
        };
    }

    private static ZoneDraft Draft(JsonElement properties, ZoneShape shape, int number)
    {
        var name = NameMembers.Select(member => Text(properties, member)).FirstOrDefault(text => text is not null)?.Trim() ?? string.Create(CultureInfo.InvariantCulture, $"Zone {number}");
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl)) throw new Refusal("bad-name", $"name must have 1 to {LongestName} characters.");
        var kind = Text(properties, "kind")?.Trim() ?? "other";
        if (kind.Length is 0 or > LongestKind || kind.Any(char.IsControl)) throw new Refusal("bad-kind", $"kind must have 1 to {LongestKind} characters.");
        var risk = Number(properties, "risk") ?? UsualRisk;
        if (risk is not (1 or 2 or 3 or 4 or 5)) throw new Refusal("bad-risk", "risk must be 1 to 5.");
        return new ZoneDraft(name, kind, (int)risk, shape, ZoneSource.Imported, Schedule(properties), Time(properties, "expires"), Time(properties, "begins"));
    }

    private static DateTimeOffset? Time(JsonElement properties, string member)
    {
        if (Text(properties, member) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new Refusal($"bad-{member}", $"{member} must be a time (ISO 8601).");
    }

    private static ZoneSchedule? Schedule(JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object || !properties.TryGetProperty("schedule", out var schedule) || schedule.ValueKind == JsonValueKind.Null) return null;
        ZoneSchedule? read;
        try
        {
            read = ScheduleJson.Read(schedule);
        }
        catch (JsonException trouble)
        {
            throw new Refusal("bad-schedule", trouble.Message);
        }

        return ScheduleRules.Fault(read) is { } fault ? throw new Refusal("bad-schedule", fault) : read;
    }

    private static List<IReadOnlyList<IReadOnlyList<GeoPoint>>> Polygons(JsonElement coordinates, ref int points)
    {
        var polygons = new List<IReadOnlyList<IReadOnlyList<GeoPoint>>>();
        foreach (var polygon in Items(coordinates)) polygons.Add(Rings(polygon, ref points));
        return polygons;
    }

    private static List<IReadOnlyList<GeoPoint>> Rings(JsonElement coordinates, ref int points)
    {
        var rings = new List<IReadOnlyList<GeoPoint>>();
        foreach (var ring in Items(coordinates)) rings.Add(Line(ring, ref points));
        return rings;
    }

    private static List<GeoPoint> Line(JsonElement coordinates, ref int points)
    {
        var items = Items(coordinates);
        var line = new List<GeoPoint>(coordinates.GetArrayLength());
        foreach (var position in items) line.Add(Position(position, ref points));
        return line;
    }

    private static GeoPoint Position(JsonElement position, ref int points)
    {
        points++;
        if (position.ValueKind != JsonValueKind.Array || position.GetArrayLength() < 2
            || position[0].ValueKind != JsonValueKind.Number || position[1].ValueKind != JsonValueKind.Number)
            throw new Refusal("bad-position", "A position must be [longitude, latitude].");
        var (longitude, latitude) = (position[0].GetDouble(), position[1].GetDouble());
        if (GeoPoint.TryCreate(latitude, longitude, out var point)) return point;
        var hint = GeoPoint.TryCreate(longitude, latitude, out _) ? " Longitude comes first: are they swapped?" : "";
        throw new Refusal("out-of-range", $"Longitude must be -180 to 180 and latitude -90 to 90.{hint}");
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : throw new Refusal("bad-position", "coordinates are not nested as the geometry's type says.");

    private static bool Is(JsonElement element, string member, string text) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static string? Text(JsonElement properties, string member) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement properties, string member) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw new Refusal(member == "risk" ? "bad-risk" : "bad-radius", $"{member} must be a number.")
            : null;

    // Never leaves this class.
    private sealed class Refusal(string code, string message) : Exception(message)
    {
        public string Code => code;
    }
}
