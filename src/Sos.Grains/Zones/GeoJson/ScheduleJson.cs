using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Sos.Contracts.Zones;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>A schedule as JSON: <c>{"timeZone":"Europe/Vienna","hours":[{"days":["fri","sat"],"from":"22:00","to":"05:00"}]}</c>.</summary>
public static class ScheduleJson
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="JsonException">It is none; the message says what is wrong.</exception>
    public static ZoneSchedule Read(JsonElement schedule)
    {
        if (schedule.ValueKind != JsonValueKind.Object || !schedule.TryGetProperty("timeZone", out var zone) || zone.ValueKind != JsonValueKind.String
            || !schedule.TryGetProperty("hours", out var hours) || hours.ValueKind != JsonValueKind.Array)
            throw new JsonException("schedule needs timeZone and hours.");
        return new ZoneSchedule(zone.GetString()!, [.. hours.EnumerateArray().Take(ScheduleRules.MostHours + 1).Select(Hours)]);
    }

    /// <summary>Reads and checks a schedule; <c>false</c> is none.</summary>
    public static bool TryRead(JsonElement json, out ZoneSchedule? schedule, out string? fault)
    {
        (schedule, fault) = (null, null);
        if (json.ValueKind == JsonValueKind.False) return true;
        try
        {
            schedule = Read(json);
            fault = ScheduleRules.Fault(schedule);
        }
        catch (Exception trouble) when (trouble is JsonException or InvalidOperationException)
        {
            fault = trouble.Message;
        }

        return fault is null;
    }

    /// <summary>A schedule as JSON.</summary>
    public static JsonElement Element(ZoneSchedule schedule)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text)) Write(json, schedule);
        using var document = JsonDocument.Parse(text.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>Writes a schedule.</summary>
    public static void Write(Utf8JsonWriter json, ZoneSchedule schedule)
    {
        json.WriteStartObject();
        json.WriteString("timeZone"u8, schedule.TimeZone);
        json.WriteStartArray("hours"u8);
        foreach (var hours in schedule.Hours)
        {
            json.WriteStartObject();
            json.WriteStartArray("days"u8);
            foreach (var day in hours.Days) json.WriteStringValue(Days[(int)day]);
            json.WriteEndArray();
            json.WriteString("from"u8, hours.From.ToString("HH:mm", CultureInfo.InvariantCulture));
            json.WriteString("to"u8, hours.To.ToString("HH:mm", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ZoneHours Hours(JsonElement hours)
    {
        if (hours.ValueKind != JsonValueKind.Object || !hours.TryGetProperty("days", out var days) || days.ValueKind != JsonValueKind.Array)
            throw new JsonException("hours need days, from and to.");
        var begins = days.EnumerateArray().Take(8)
            .Select(day => day.ValueKind == JsonValueKind.String && Array.IndexOf(Days, day.GetString()) is >= 0 and var index
                ? (DayOfWeek)index
                : throw new JsonException("days must be 1 to 7 of mon, tue, wed, thu, fri, sat, sun."))
            .ToImmutableArray();
        return new ZoneHours(begins, Time(hours, "from"), Time(hours, "to"));
    }

    private static TimeOnly Time(JsonElement hours, string member) =>
        hours.TryGetProperty(member, out var time) && time.ValueKind == JsonValueKind.String
        && TimeOnly.TryParseExact(time.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            ? read
            : throw new JsonException($"{member} must be a time of day like 22:00.");
}
