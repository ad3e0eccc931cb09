using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Storage;

namespace Sos.Grains.State;

/// <summary>
/// The one codec of grain state on every runtime: UTF-8 JSON by source-generated contracts (<see cref="SosStateContext"/>), so that the
/// bytes of the embedded store and of a cluster are the same and data moves between them. A state type that is not listed is refused
/// by name. Members are only ever added; tests hold old bytes readable. What a provider stores is a <see cref="SealedRecord"/>
/// around these bytes, which goes through as it is.
/// </summary>
public sealed class SosStateSerializer : IGrainStorageSerializer
{
    private static readonly SosStateContext Context = new(new JsonSerializerOptions(SosStateContext.Default.Options) { Encoder = Encoder });

    /// <summary>Letters as they are and not as \u0928, twice as long: a record is small, and no page that somebody looks at.</summary>
    internal static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The type is not listed in <see cref="SosStateContext"/>.</exception>
    public BinaryData Serialize<T>(T? input) =>
        new(input is SealedRecord record ? record.Bytes : JsonSerializer.SerializeToUtf8Bytes(input!, Contract<T>()));

    /// <inheritdoc/>
    /// <exception cref="JsonException">The bytes are not a record of this type.</exception>
    public T Deserialize<T>(BinaryData input) =>
        typeof(T) == typeof(SealedRecord) ? (T)(object)new SealedRecord { Bytes = input.ToMemory() } : Deserialize<T>(input.ToMemory().Span);

    /// <summary>Writes a state.</summary>
    internal static void Serialize<T>(Utf8JsonWriter writer, T state) => JsonSerializer.Serialize(writer, state, Contract<T>());

    /// <summary>Reads a state.</summary>
    internal static T Deserialize<T>(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Contract<T>()) ?? throw new JsonException($"A record of {typeof(T).Name} is null.");

    private static JsonTypeInfo<T> Contract<T>() => Context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new InvalidOperationException($"{typeof(T).FullName} is not listed in SosStateContext.");
}

/// <summary>A record as every provider stores it: sealed bytes.</summary>
internal sealed class SealedRecord
{
    /// <summary>The envelope.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }
}
