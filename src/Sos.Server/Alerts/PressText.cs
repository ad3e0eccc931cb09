using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Sos.Contracts.Alerts;

namespace Sos.Server.Alerts;

/// <summary>Values of a press, read with patience: null where nothing can be made of them.</summary>
internal static class PressText
{
    private const char Replacement = '\uFFFD';
    private const int LongestWord = 64;
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly SearchValues<byte> BareWord = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-._"u8);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The body as UTF-8 without byte order mark. UTF-16 is known by its mark or by the zeros beside its first brace.</summary>
    public static ReadOnlySpan<byte> ToUtf8(ReadOnlySpan<byte> body, out bool converted)
    {
        converted = false;
        if (body.StartsWith(ByteOrderMark)) return body[3..];
        if (body.Length < 2) return body;
        var encoding = (body[0], body[1]) switch
        {
            (0xFF, 0xFE) or ((byte)'{', 0) => Encoding.Unicode,
            (0xFE, 0xFF) or (0, (byte)'{') => Encoding.BigEndianUnicode,
            _ => null,
        };
        if (encoding is null) return body;
        converted = true;
        var text = encoding.GetString(body);
        return Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
    }

    /// <summary>
    /// The text with what is not JSON made JSON: words that are no literals (NaN, Infinity, undefined) become null, numbers in odd
    /// spellings plain ones, control characters in strings blanks, and escapes that do not exist lose their backslash.
    /// </summary>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> json)
    {
        var repaired = new ArrayBufferWriter<byte>(json.Length + 64);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (inString)
            {
                if (c == '\\' && IsEscape(json[(i + 1)..])) repaired.Write([c, json[++i]]);
                else if (c != '\\') repaired.Write([c < ' ' ? (byte)' ' : c]);
                inString = c != '"';
            }
            else if (BareWord.Contains(c))
            {
                var length = json[i..].IndexOfAnyExcept(BareWord);
                var word = length < 0 ? json[i..] : json.Slice(i, length);
                RepairWord(repaired, word);
                i += word.Length - 1;
            }
            else
            {
                repaired.Write([c]);
                inString = c == '"';
            }
        }

        return repaired.WrittenSpan;
    }

    /// <summary>A UUID in any of its spellings, but not the one of zeros.</summary>
    public static Guid? Id(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String) return null;
        if ((json.ValueIsEscaped || !json.TryGetGuid(out var id)) && !Guid.TryParse(Word(ref json), out id)) return null;
        return id == Guid.Empty ? null : id;
    }

    /// <summary>A kind by its word.</summary>
    public static AlertKind? Kind(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && Word(ref json) is { } word && Enum.TryParse<AlertKind>(word.Trim(), ignoreCase: true, out var kind)
            && Enum.IsDefined(kind) && char.IsAsciiLetter(word.Trim()[0]) ? kind : null;

    /// <summary>True and false, also as word or number.</summary>
    public static bool? Bool(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => json.TryGetDouble(out var number) ? number != 0 : null,
        JsonTokenType.String => Word(ref json)?.Trim().ToLowerInvariant() switch
        {
            "true" or "yes" or "1" => true,
            "false" or "no" or "0" => false,
            _ => null,
        },
        _ => null,
    };

    /// <summary>ISO 8601 (without zone: UTC), or a number of seconds or milliseconds since 1970.</summary>
    public static DateTimeOffset? Time(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            if (!json.TryGetDouble(out var number) || !(number > 0)) return null;
            var milliseconds = number > 1e11 ? number : number * 1000;
            return milliseconds < 4e12 ? DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds) : null;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(Word(ref json), CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    /// <summary>Text; what is no Unicode in it is replaced. Numbers are taken by their spelling.</summary>
    public static string? Text(ref Utf8JsonReader json, out bool repaired)
    {
        repaired = false;
        if (json.TokenType is JsonTokenType.Number) return Encoding.ASCII.GetString(json.ValueSpan);
        if (json.TokenType != JsonTokenType.String) return null;
        repaired = !Utf8.IsValid(json.ValueSpan);
        var text = Encoding.UTF8.GetString(json.ValueSpan);
        return json.ValueIsEscaped ? Unescape(text, ref repaired) : text;
    }

    /// <summary>The beginning of a text, not cutting a character in two.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];

    private static string? Word(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= LongestWord ? Text(ref json, out _) : null;

    private static string Unescape(string text, ref bool repaired)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // The reader has checked the escapes: a letter follows every backslash, four hexadecimal digits every u.
            if (text[i] != '\\') result.Append(text[i]);
            else if (text[++i] != 'u') result.Append(text[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var same => same });
            else
            {
                result.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
        }

        for (var i = 0; i < result.Length; i++)
        {
            if (char.IsHighSurrogate(result[i]) && i + 1 < result.Length && char.IsLowSurrogate(result[i + 1])) i++;
            else if (char.IsSurrogate(result[i])) (result[i], repaired) = (Replacement, true);
        }

        return result.ToString();
    }

    private static bool IsEscape(ReadOnlySpan<byte> next) =>
        !next.IsEmpty && ("\"\\/bfnrt"u8.Contains(next[0])
            || (next[0] == 'u' && next.Length >= 5 && next.Slice(1, 4).IndexOfAnyExcept(Hex) < 0));

    private static void RepairWord(ArrayBufferWriter<byte> repaired, ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("true"u8) || word.SequenceEqual("True"u8)) repaired.Write("true"u8);
        else if (word.SequenceEqual("false"u8) || word.SequenceEqual("False"u8)) repaired.Write("false"u8);
        else if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            repaired.Write(Encoding.ASCII.GetBytes(number.ToString("R", CultureInfo.InvariantCulture)));
        }
        else repaired.Write("null"u8);
    }
}
