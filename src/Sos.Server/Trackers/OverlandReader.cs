using System.Text.Json;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Server.Alerts;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>
/// Reads Overland's batches (aaronpk/Overland-iOS): GeoJSON points, longitude first, speeds in m/s, −1 where the phone does not know. The phone sends a batch
/// again until it is taken, so one bad point must not hold the others up.
/// </summary>
internal static class OverlandReader
{
    /// <summary>Positions of one message, the usual size of a batch; of more the newest count.</summary>
    public const int MostPositions = 200;

    private const double Percent = 100;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonFields.MostDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a batch.</summary>
    public static TrackerMessage Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(PressText.Repair(PressText.ToUtf8(body.Span, out _)).ToArray(), Options);
            if (Member(document.RootElement, "locations") is not { ValueKind: JsonValueKind.Array } locations) return TrackerMessage.Bad(new ProblemResult(ProblemKind.BadJson, "There is no list of locations."));
            var (points, ignored, last) = (new List<PositionReport>(), 0, (JsonElement?)null);
            foreach (var feature in locations.EnumerateArray())
            {
                if (Report(feature, now) is not { } report) ignored++;
                else
                {
                    points.Add(report);
                    last = Member(feature, "properties");
                }
            }

            var newest = points.OrderBy(report => report.At).TakeLast(MostPositions).ToArray();
            var speed = Known(last, "speed", double.MaxValue) is { } metres ? new Speed(metres) : (Speed?)null;
            return new TrackerMessage(
                false, newest.Length > 0 ? newest[^1].At : null, [.. newest], TrackerMessage.Possible(speed), Percent * Known(last, "battery_level", 1),
                ignored > 0 ? $"{ignored} of {locations.GetArrayLength()} locations are none." : null);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second is what an escape that is half a character, in the name of a member, comes to.
            return TrackerMessage.Bad(new ProblemResult(ProblemKind.BadJson));
        }
    }

    private static PositionReport? Report(JsonElement feature, DateTimeOffset now)
    {
        if (Member(feature, "geometry") is not { } geometry || Member(geometry, "coordinates") is not { ValueKind: JsonValueKind.Array } pair || pair.GetArrayLength() < 2) return null;
        if (DeviceFields.Point(Number(pair[1]) ?? double.NaN, Number(pair[0]) ?? double.NaN, out _) is not { } point) return null;
        var properties = Member(feature, "properties");
        var accuracy = Known(properties, "horizontal_accuracy", TrackerMessage.WorstAccuracy) is { } metres ? Distance.FromMetres(metres) : (Distance?)null;
        return new PositionReport(point, accuracy, DeviceTime.Read(Text(Member(properties, "timestamp"))) ?? now);
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String or JsonValueKind.Number } said ? said.ToString() : null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no text: no time, then.
            return null;
        }
    }

    private static double? Number(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static double? Known(JsonElement? element, string name, double most) => Member(element, name) is { } member && Number(member) is >= 0 and var number && number <= most ? number : null;
}
