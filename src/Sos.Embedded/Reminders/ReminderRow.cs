using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Storage;

namespace Sos.Embedded.Reminders;

/// <summary>How a reminder lies in the record store: kind "reminder", key grain id and name, content JSON.</summary>
internal static class ReminderRow
{
    public const string Kind = "reminder";

    // Stands between grain id and name; a name with it in is refused, so that no two reminders share a key.
    private const char Separator = '\0';

    public static RecordKey KeyOf(GrainId grainId, string name) => new(Kind, PrefixOf(grainId) + name);

    /// <summary>All rows of a grain begin with it, and it sorts before them.</summary>
    public static string PrefixOf(GrainId grainId) => $"{grainId}{Separator}";

    /// <exception cref="ArgumentException">The name cannot be stored.</exception>
    public static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains(Separator, StringComparison.Ordinal)) throw new ArgumentException("The name of a reminder must not contain a NUL.", nameof(name));
    }

    public static byte[] Encode(ReminderEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", entry.GrainId.Type.ToString());
            json.WriteString("key", entry.GrainId.Key.ToString());
            json.WriteString("name", entry.ReminderName);
            json.WriteString("start", DateTime.SpecifyKind(entry.StartAt, DateTimeKind.Utc));
            json.WriteNumber("periodTicks", entry.Period.Ticks);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public static ReminderEntry Decode(StoredRecord record)
    {
        using var json = JsonDocument.Parse(record.Data);
        var row = json.RootElement;
        return new ReminderEntry
        {
            GrainId = GrainId.Create(row.GetProperty("type").GetString()!, row.GetProperty("key").GetString()!),
            ReminderName = row.GetProperty("name").GetString()!,
            StartAt = row.GetProperty("start").GetDateTime(),
            Period = TimeSpan.FromTicks(row.GetProperty("periodTicks").GetInt64()),
            ETag = ETagOf(record.Version),
        };
    }

    public static string ETagOf(long version) => version.ToString(CultureInfo.InvariantCulture);

    public static long VersionOf(string? etag) => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
