using System.Text.Json;
using System.Text.Json.Serialization;
using Sos.Contracts.Geo;

namespace Sos.Server.Geo;

/// <summary>Writes a position flat: <c>{"latitude", "longitude", "accuracy", "at", "lastKnown"}</c>, accuracy in metres or left out.</summary>
internal sealed class PositionFixConverter : JsonConverter<PositionFix>
{
    /// <inheritdoc/>
    public override PositionFix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"Positions are read as {nameof(PositionRequest)}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PositionFix value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("latitude"u8, value.Point.Latitude);
        writer.WriteNumber("longitude"u8, value.Point.Longitude);
        if (value.Accuracy is { } accuracy) writer.WriteNumber("accuracy"u8, accuracy.Metres);
        writer.WriteString("at"u8, value.At);
        writer.WriteBoolean("lastKnown"u8, value.LastKnown);
        writer.WriteEndObject();
    }
}
