using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Sos.Contracts.Zones;
using Sos.Grains.Zones.GeoJson;

namespace Sos.Server.Zones;

/// <summary>One zone as a GeoJSON feature.</summary>
internal sealed class ZoneResult(Zone zone, int status = StatusCodes.Status200OK) : IResult, IEndpointMetadataProvider
{
    /// <summary>RFC 7946, 12.</summary>
    public const string MediaType = "application/geo+json";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = MediaType;
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        ZoneGeoJsonWriter.Write(json, zone.Id, zone.Draft, zone.Version);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(object), [MediaType]));
}

/// <summary>Zones as a GeoJSON feature collection, page by page as they are read.</summary>
/// <param name="pages">The zones.</param>
/// <param name="next">Where the next page begins, for a list that has one.</param>
internal sealed class ZoneListResult(IAsyncEnumerable<Zone> pages, Guid? next = null) : IResult, IEndpointMetadataProvider
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = ZoneResult.MediaType;
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("type"u8, "FeatureCollection"u8);
        if (next is { } cursor) json.WriteString("next"u8, cursor);
        json.WriteStartArray("features"u8);
        await foreach (var zone in pages.WithCancellation(aborted))
        {
            ZoneGeoJsonWriter.Write(json, zone.Id, zone.Draft, zone.Version);
            if (json.BytesPending < FlushAt) continue;
            await json.FlushAsync(aborted);
            await response.BodyWriter.FlushAsync(aborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(object), [ZoneResult.MediaType]));
}
