using System.Collections.Immutable;
using System.Text.Json;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>Writes zones as GeoJSON features (RFC 7946): longitude first, closed rings wound as it asks, cut along the antimeridian.</summary>
public static class ZoneGeoJsonWriter
{
    /// <summary>Writes one feature.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="id">Zone id; null: none.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="version">Its version; null: none.</param>
    public static void Write(Utf8JsonWriter json, Guid? id, ZoneDraft zone, long? version = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "Feature"u8);
        if (id is { } known) json.WriteString("id"u8, known);
        json.WritePropertyName("geometry"u8);
        WriteGeometry(json, zone.Shape);
        json.WriteStartObject("properties"u8);
        json.WriteString("name"u8, zone.Name);
        json.WriteString("kind"u8, zone.Kind);
        json.WriteNumber("risk"u8, zone.Risk);
        json.WriteString("source"u8, zone.Source switch { ZoneSource.Drawn => "drawn"u8, ZoneSource.Imported => "imported"u8, _ => "cap"u8 });
        if (version is { } number) json.WriteNumber("version"u8, number);
        if (zone.Shape.Form != ZoneForm.Polygon) json.WriteNumber("radiusMeters"u8, zone.Shape.Radius.Metres);
        if (zone.Begins is { } begins) json.WriteString("begins"u8, begins);
        if (zone.Expires is { } expires) json.WriteString("expires"u8, expires);
        if (zone.Schedule is { } schedule)
        {
            json.WritePropertyName("schedule"u8);
            ScheduleJson.Write(json, schedule);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGeometry(Utf8JsonWriter json, ZoneShape shape)
    {
        json.WriteStartObject();
        if (shape.Form == ZoneForm.Circle)
        {
            json.WriteString("type"u8, "Point"u8);
            json.WritePropertyName("coordinates"u8);
            Write(json, shape.Path[0]);
        }
        else if (shape.Form == ZoneForm.Corridor)
        {
            json.WriteString("type"u8, "LineString"u8);
            json.WritePropertyName("coordinates"u8);
            Write(json, shape.Path, closed: false);
        }
        else
        {
            var polygons = PlanarShape.Cut(shape.Polygons);
            json.WriteString("type"u8, polygons.Length == 1 ? "Polygon"u8 : "MultiPolygon"u8);
            json.WritePropertyName("coordinates"u8);
            if (polygons.Length != 1) json.WriteStartArray();
            foreach (var polygon in polygons)
            {
                json.WriteStartArray();
                foreach (var ring in polygon.Rings) Write(json, ring, closed: true);
                json.WriteEndArray();
            }

            if (polygons.Length != 1) json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<GeoPoint> points, bool closed)
    {
        json.WriteStartArray();
        foreach (var point in points) Write(json, point);
        if (closed) Write(json, points[0]);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, GeoPoint point)
    {
        json.WriteStartArray();
        json.WriteNumberValue(point.Longitude);
        json.WriteNumberValue(point.Latitude);
        json.WriteEndArray();
    }
}
