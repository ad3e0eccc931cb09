using System.Text.Json;
using System.Text.Json.Serialization;
using Sos.Server.Geo;

namespace Sos.Server.Http;

/// <summary>
/// How JSON is read and written on every route. Strict: a duplicate key, an unknown member, a number as a string and a null or
/// missing value where one is needed are refused. <c>POST /alerts</c> reads its body by itself: an SOS is never refused for its form.
/// </summary>
/// <remarks>A member of a request that may be left out needs a default value: <c>record Change(string? Name = null)</c>.</remarks>
public static class SosJson
{
    /// <summary>Sets the options of the service's JSON.</summary>
    /// <param name="options">Options to set.</param>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = 16;
        options.Converters.Add(new PositionFixConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    /// <summary>The service's options, for those who write JSON without the pipeline: hubs, server-sent events, tests.</summary>
    public static JsonSerializerOptions Options { get; } = MakeOptions();

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
