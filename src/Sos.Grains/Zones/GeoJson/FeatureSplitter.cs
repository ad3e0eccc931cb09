using System.Text.Json;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>
/// Cuts a GeoJSON FeatureCollection into its features as its bytes come. Holds one feature at a time, never the file.
/// </summary>
/// <param name="longest">Most bytes of a feature, or of any other member of the file.</param>
internal sealed class FeatureSplitter(int longest)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 16 };
    private byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;
    private bool _complete;
    private JsonReaderState _state = new(Options);
    private Place _place;
    private bool _typed, _listed;

    private enum Place
    {
        Start,
        Members,
        Features,
        Done,
    }

    /// <summary>What <see cref="Next"/> came to.</summary>
    public enum Step
    {
        /// <summary>It needs more bytes: <see cref="Fill"/>.</summary>
        Hungry,

        /// <summary>A feature.</summary>
        Feature,

        /// <summary>The end of the file.</summary>
        Done,

        /// <summary>The file is refused.</summary>
        Refused,
    }

    /// <summary>Reads more bytes.</summary>
    public async ValueTask Fill(Stream stream, CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, longest + 2L));
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _complete = read == 0;
        // A byte order mark, which is no part of the text.
        if (_place == Place.Start && _buffer.AsSpan(_start, _end - _start).StartsWith("\uFEFF"u8)) _start += 3;
    }

    /// <summary>Goes on as far as the next feature.</summary>
    public Step Next(out JsonDocument? feature, out (string Code, string Detail) fault)
    {
        (feature, fault) = (null, default);
        try
        {
            while (true)
            {
                if (_place == Place.Done) return Step.Done;
                if (_place == Place.Start && !_complete && _end - _start < 3) return Step.Hungry;
                var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _complete, _state);
                var moved = _place switch
                {
                    Place.Start => Open(ref reader),
                    Place.Members => Member(ref reader, out fault),
                    _ => One(ref reader, out feature),
                };
                if (fault.Code is not null) return Step.Refused;
                if (!moved)
                {
                    if (_end - _start <= longest) return Step.Hungry;
                    fault = ("feature-too-large", $"One feature may have {longest} bytes.");
                    return Step.Refused;
                }

                _start += (int)reader.BytesConsumed;
                _state = reader.CurrentState;
                if (feature is not null) return Step.Feature;
            }
        }
        catch (JsonException trouble)
        {
            fault = ("not-json", $"The file is not JSON: {trouble.Message}");
            return Step.Refused;
        }
    }

    private bool Open(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return false;
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("It must be an object.");
        _place = Place.Members;
        return true;
    }

    private bool Member(ref Utf8JsonReader reader, out (string Code, string Detail) fault)
    {
        fault = default;
        if (!reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            if (!_typed || !_listed) fault = ("not-a-collection", "The file must be a GeoJSON FeatureCollection.");
            _place = Place.Done;
            return true;
        }

        var (type, features, crs) = (reader.ValueTextEquals("type"), reader.ValueTextEquals("features"), reader.ValueTextEquals("crs"));
        if (!reader.Read()) return false;
        if (features && reader.TokenType == JsonTokenType.StartArray)
        {
            (_place, _listed) = (Place.Features, true);
            return true;
        }

        if (!JsonDocument.TryParseValue(ref reader, out var value)) return false;
        using (value)
        {
            if (type) _typed = value.RootElement.ValueKind == JsonValueKind.String && value.RootElement.ValueEquals("FeatureCollection");
            if (type && !_typed || features) fault = ("not-a-collection", "The file must be a GeoJSON FeatureCollection.");
            if (crs && !IsWgs84(value.RootElement)) fault = ("unsupported-crs", "Coordinates must be WGS 84, longitude first (RFC 7946).");
        }

        return true;
    }

    private bool One(ref Utf8JsonReader reader, out JsonDocument? feature)
    {
        feature = null;
        if (!reader.Read()) return false;
        if (reader.TokenType != JsonTokenType.EndArray) return JsonDocument.TryParseValue(ref reader, out feature);
        _place = Place.Members;
        return true;
    }

    // The member of 2008 that RFC 7946 dropped; null and the names of WGS 84 say nothing new.
    private static bool IsWgs84(JsonElement crs)
    {
        if (crs.ValueKind == JsonValueKind.Null) return true;
        var text = crs.GetRawText();
        return text.Contains("CRS84", StringComparison.Ordinal) || text.Contains("4326", StringComparison.Ordinal);
    }
}
