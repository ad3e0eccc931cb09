using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sos.Grains.Zones.GeoJson;

/// <summary>
/// Reads zones from GeoJSON (RFC 7946): polygons, points with <c>radiusMeters</c> as circles, lines as corridors. One feature after the other as the bytes
/// come; a feature that is none is refused by itself, what makes the rest unreadable ends the reading.
/// </summary>
public static class ZoneGeoJsonReader
{
    /// <summary>Reads one feature.</summary>
    public static ZoneFileItem ReadFeature(JsonElement feature)
    {
        var points = 0;
        return FeatureReader.Read(feature, 1, ref points);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="stream">UTF-8.</param>
    /// <param name="limits">How much is read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<ZoneFileItem> Read(Stream stream, ZoneFileLimits limits, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var splitter = new FeatureSplitter(limits.LongestFeature);
        var (number, points) = (0, 0);
        while (true)
        {
            var step = splitter.Next(out var feature, out var fault);
            if (step == FeatureSplitter.Step.Done) yield break;
            if (step == FeatureSplitter.Step.Hungry)
            {
                await splitter.Fill(stream, cancellationToken);
                continue;
            }

            if (step == FeatureSplitter.Step.Feature && ++number > limits.MostFeatures) fault = ("too-many-features", $"A file may have {limits.MostFeatures} features.");
            ZoneFileItem item = default;
            using (feature)
            {
                if (fault.Code is null) item = FeatureReader.Read(feature!.RootElement, number, ref points);
            }

            if (points > limits.MostPoints) fault = ("too-many-points", $"A file may have {limits.MostPoints} points.");
            if (fault.Code is not null)
            {
                yield return ZoneFileItem.Refused(0, fault.Code, fault.Detail);
                yield break;
            }

            yield return item;
        }
    }
}
