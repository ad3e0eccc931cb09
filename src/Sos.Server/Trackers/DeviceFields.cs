using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Sos.Contracts.Geo;
using Sos.Server.Geo;

namespace Sos.Server.Trackers;

/// <summary>
/// What a device has sent as names and values, whatever it was written in: a query, a form, or the members of a JSON object by their paths. Bounded,
/// except that an alarm always finds room; names are the same in any case.
/// </summary>
internal sealed class DeviceFields
{
    /// <summary>More than any client sends.</summary>
    private const int Most = 200;

    private const string Sos = "sos";
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Nothing was sent.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>Adds a value; the first of a name counts, but of alarms none is lost.</summary>
    public void Add(string name, string value)
    {
        var alarm = name.EndsWith("alarm", StringComparison.OrdinalIgnoreCase);
        if (_values.Count >= Most && !alarm) return;
        if (!_values.TryAdd(name, value) && alarm && _values[name].Length < Most) _values[name] += "," + value;
    }

    /// <summary>Adds the pairs of a query or form.</summary>
    public void AddQuery(string? query)
    {
        foreach (var pair in new QueryStringEnumerable(query)) Add(pair.DecodeName().ToString(), pair.DecodeValue().ToString());
    }

    /// <summary>The first of these names that was sent, trimmed; null if none was, or it is empty.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_values.TryGetValue(name, out var value) && value.AsSpan().Trim().Length > 0) return value.Trim();
        }

        return null;
    }

    /// <summary>The first of these names that was sent, as a number; NaN where it is none, null if none was sent.</summary>
    public double? Number(params ReadOnlySpan<string> names) => Text(names) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : double.NaN;

    /// <summary>A number from 0 to a most; null where the device does not know it (−1), or says what cannot be.</summary>
    public double? Known(double most, params ReadOnlySpan<string> names) => Number(names) is >= 0 and var number && number <= most ? number : null;

    /// <summary>Yes or no; null where it is neither.</summary>
    public bool? Flag(string name) => Text(name)?.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => null,
    };

    /// <summary>Whether the first of these names that was sent holds the word for a call for help; Traccar writes several alarms with commas.</summary>
    public bool CallsForHelp(params ReadOnlySpan<string> names) =>
        Text(names) is { } alarms && alarms.Split(',', StringSplitOptions.TrimEntries).Contains(Sos, StringComparer.OrdinalIgnoreCase);

    /// <summary>The point of two numbers; null if there is none, with the words for its owner where two were sent that are no point.</summary>
    public static GeoPoint? Point(double? latitude, double? longitude, out string? problem)
    {
        problem = null;
        if (latitude is null && longitude is null) return null;
        var (lat, lon) = (latitude ?? double.NaN, longitude ?? double.NaN);
        problem = PositionRequest.ProblemWith(lat, lon)?.Detail;
        return problem is null ? new GeoPoint(lat, lon) : null;
    }
}
