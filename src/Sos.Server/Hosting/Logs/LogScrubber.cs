using System.Text.RegularExpressions;

namespace Sos.Server.Hosting.Logs;

/// <summary>
/// Takes out of a log text what must be in no log: phone numbers, e-mail addresses, positions, one-time codes, tokens and keys, and whatever
/// addresses carry behind their question mark. The service's own lines hold none of it; this is for the texts of exceptions and libraries.
/// </summary>
internal static partial class LogScrubber
{
    /// <summary>Longest text that is kept; the rest is cut.</summary>
    public const int LongestText = 16 * 1024;

    private const int CodeLength = 6;
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    /// <summary>The text without them.</summary>
    public static string Scrub(string text)
    {
        if (text.Length > LongestText) text = string.Concat(text.AsSpan(0, LongestText), " …");
        text = Query().Replace(text, "$1=[…]");
        text = Relative().Replace(text, static match => Guid.TryParse(match.Groups[2].ValueSpan, out _) || !match.ValueSpan.ContainsAnyInRange('0', '9') ? match.Value : match.Groups[1].Value + "[number]");
        text = Fragment().Replace(text, "$1#[…]");
        text = Token().Replace(text, static match => IsSecret(match.ValueSpan) ? "[token]" : match.Value);
        text = Mail().Replace(text, "[e-mail]");
        text = Number().Replace(text, "[number]");
        text = Digits().Replace(text, static match => Named(match.ValueSpan) ?? match.Value);
        return text;
    }

    // Ids are hexadecimal and names of types have no digits; what has digits, small and capital letters and is as long is a key or a token.
    private static bool IsSecret(ReadOnlySpan<char> word) =>
        word.StartsWith("eyJ", StringComparison.Ordinal) || !Guid.TryParse(word, out _) && word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z') && word.ContainsAnyInRange('A', 'Z');

    // Runs of digits, points and what belongs to times: 12.345678 is a position, 123456 a code, 12:00:01.1234567 and 10.123.4.5 are neither.
    private static string? Named(ReadOnlySpan<char> run)
    {
        var number = run.Trim("+-.:");
        var point = number.IndexOf('.');
        if (point < 0) return number.Length == CodeLength && IsDigits(number) ? "[code]" : null;
        return point <= 3 && number.Length > point + 3 && IsDigits(number[..point]) && IsDigits(number[(point + 1)..]) ? "[place]" : null;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    [GeneratedRegex(@"([?&][\w.\-]+)=[^&\s""'<>]*", Options)]
    private static partial Regex Query();

    // A number may stand there in any spelling, also without its plus.
    [GeneratedRegex(@"(/relatives/)([^/\s""'?]+)", Options)]
    private static partial Regex Relative();

    [GeneratedRegex(@"(https?://[^\s""'#]*|/[a-z]+)#[^\s""']+", Options)]
    private static partial Regex Fragment();

    [GeneratedRegex(@"(eyJ[A-Za-z0-9_\-]{5,}|[A-Za-z0-9_\-]{24,})(\.[A-Za-z0-9_\-]+)*", Options)]
    private static partial Regex Token();

    [GeneratedRegex(@"[\w.+\-]+(@|%40)[\w\-]+(\.[\w\-]+)+", Options)]
    private static partial Regex Mail();

    [GeneratedRegex(@"(\+|%2[Bb])[0-9][0-9 ().\-]{5,}[0-9]", Options)]
    private static partial Regex Number();

    [GeneratedRegex(@"[\w:.+\-]*[0-9][\w:.+\-]*", Options)]
    private static partial Regex Digits();
}
