using System.Text.Json;
using Sos.Contracts.Geo;

namespace Sos.Simulator.Calls;

/// <summary>
/// The bounds of a county's outline with a margin: help crosses the line a little, so a call just outside is real and one two counties
/// away is a mistake in the data.
/// </summary>
internal static class CountyBounds
{
    private const double KilometresPerDegree = 111.2;

    /// <summary>Reads all coordinates of a GeoJSON file.</summary>
    public static GeoBounds Read(string path, double marginKilometres)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var points = new List<GeoPoint>();
        Collect(json.RootElement, points);
        if (points.Count == 0) throw new CommandLineException($"{path} has no coordinates.");
        var latitude = marginKilometres / KilometresPerDegree;
        var longitude = latitude / Math.Cos(double.DegreesToRadians(points[0].Latitude));
        return new GeoBounds(
            points.Min(p => p.Latitude) - latitude,
            points.Min(p => p.Longitude) - longitude,
            points.Max(p => p.Latitude) + latitude,
            points.Max(p => p.Longitude) + longitude);
    }

    private static void Collect(JsonElement element, List<GeoPoint> points)
    {
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() >= 2 && element[0].ValueKind == JsonValueKind.Number)
            points.Add(new GeoPoint(element[1].GetDouble(), element[0].GetDouble()));
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Collect(item, points);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) Collect(member.Value, points);
    }
}
