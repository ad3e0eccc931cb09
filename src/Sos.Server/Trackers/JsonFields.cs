using System.Text;
using System.Text.Json;
using Sos.Server.Alerts;
using Sos.Server.Http;

namespace Sos.Server.Trackers;

/// <summary>
/// Takes the texts, numbers and flags of a JSON object by their paths (<c>location.coords.speed</c>), at most three members deep; arrays are stepped over.
/// What is broken or nested too deep does not hide what stands before or behind it, since that may be a call for help.
/// </summary>
internal static class JsonFields
{
    /// <summary>Deeper nesting is refused, as on every route.</summary>
    public const int MostDepth = 16;

    private const int Levels = 3;
    private const int LongestText = 1024;

    // As deep as any body of that size can be: what is nested is stepped over, not a reason to stop.
    private static readonly JsonReaderOptions Patient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = PressBody.MaxBytes };

    /// <summary>Whether a body looks like JSON, whatever it is said to be.</summary>
    public static bool IsJson(ReadOnlySpan<byte> body) => PressText.ToUtf8(body, out _).TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    /// <summary>Adds what can be read; answers the problem with the rest, or null.</summary>
    public static ProblemResult? Read(ReadOnlySpan<byte> body, DeviceFields fields)
    {
        var json = PressText.ToUtf8(body, out _);
        if (TryRead(json, fields, out var problem)) return problem;

        // Once more with everything put right that can be: one NaN must not cost the alarm behind it.
        TryRead(PressText.Repair(json), fields, out _);
        return new ProblemResult(ProblemKind.BadJson);
    }

    private static bool TryRead(ReadOnlySpan<byte> json, DeviceFields fields, out ProblemResult? problem)
    {
        problem = null;
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Patient));
        var (names, skipping, first) = (new string[Levels], int.MaxValue, true);
        try
        {
            while (reader.Read())
            {
                var depth = reader.CurrentDepth;
                if (first && reader.TokenType != JsonTokenType.StartObject) problem = new ProblemResult(ProblemKind.BadJson, "The body must be one JSON object.");
                first = false;
                if (depth > MostDepth) problem = new ProblemResult(ProblemKind.BadJson, $"Nested deeper than {MostDepth}.");
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartArray or JsonTokenType.StartObject when skipping == int.MaxValue && (reader.TokenType == JsonTokenType.StartArray || depth >= Levels):
                        skipping = depth;
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        if (depth == skipping) skipping = int.MaxValue;
                        if (depth == 0) return true;
                        break;
                    case JsonTokenType.PropertyName when depth <= Levels && skipping == int.MaxValue:
                        names[depth - 1] = Encoding.UTF8.GetString(reader.ValueSpan);
                        break;
                    case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when skipping == int.MaxValue && depth >= 1 && reader.ValueSpan.Length <= LongestText:
                        if (TextOf(ref reader) is { } text) fields.Add(string.Join('.', names, 0, depth), text);
                        break;
                }
            }

            problem = new ProblemResult(ProblemKind.BadJson, "The body ends too soon.");
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? TextOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        _ => PressText.Text(ref reader, out _),
    };
}
