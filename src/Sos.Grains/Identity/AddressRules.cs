using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Sos.Grains.Identity;

/// <summary>
/// One spelling for each phone number (E.164, ITU-T: + and 8 to 15 digits here, of an assigned country code; ten after +1) and e-mail
/// address, so that another spelling is neither another account nor another limit.
/// </summary>
public static class AddressRules
{
    private const int LongestInput = 64;
    private const int LongestEmail = 254;
    private static readonly SearchValues<char> EmailLocal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-");
    private static readonly SearchValues<char> EmailHost = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    /// <summary>
    /// Reads a phone number in any common spelling: +49 (0)30 123-456, 0049…, tel:+49…, full-width and other decimal digits.
    /// Extensions and letters are refused: a message would go to somebody else.
    /// </summary>
    /// <param name="text">As typed.</param>
    /// <param name="countryCode">Calling code of national numbers (what is dialled before them at home is dropped); empty refuses them.</param>
    /// <param name="phone">E.164.</param>
    public static bool TryPhone(string? text, string countryCode, [NotNullWhen(true)] out string? phone)
    {
        phone = null;
        if (text is null || text.Length > LongestInput) return false;
        var input = text.AsSpan().Trim();
        if (input.StartsWith("tel:", StringComparison.OrdinalIgnoreCase)) input = input[4..];

        Span<char> kept = stackalloc char[LongestInput];
        var length = 0;
        foreach (var letter in input)
        {
            if (CharUnicodeInfo.GetDecimalDigitValue(letter) is >= 0 and var digit) kept[length++] = (char)('0' + digit);
            else if (letter is '+' or '\uFF0B' && length == 0) kept[length++] = '+';
            else if (letter is '(' or '\uFF08') { if (length > 0) kept[length++] = '('; }
            else if (!IsSeparator(letter)) return false;
        }

        return TryDigits(kept[..length], countryCode, out phone);
    }

    /// <summary>Reads an e-mail address; it is kept in lower case.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="email">The address.</param>
    public static bool TryEmail(string? text, [NotNullWhen(true)] out string? email)
    {
        email = null;
        if (text is null || text.Length > LongestEmail) return false;
        var lower = text.Trim().ToLowerInvariant();
        var at = lower.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > 64) return false;
        var local = lower.AsSpan(0, at);
        var host = lower.AsSpan(at + 1);
        if (local.ContainsAnyExcept(EmailLocal) || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return false;
        if (host.ContainsAnyExcept(EmailHost) || !host.Contains('.')) return false;
        foreach (var label in host.Split('.'))
        {
            var part = host[label];
            if (part.Length is 0 or > 63 || part[0] == '-' || part[^1] == '-') return false;
        }

        email = lower;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> kept, string countryCode, [NotNullWhen(true)] out string? phone)
    {
        phone = null;
        // "+49 (0)30": the 0 in brackets is dialled at home only. Other brackets are decoration.
        Span<char> digits = stackalloc char[LongestInput];
        var length = 0;
        var international = kept.StartsWith("+") || kept.StartsWith("00");
        for (var i = 0; i < kept.Length; i++)
        {
            if (kept[i] is '+') continue;
            if (kept[i] is '(')
            {
                if (international && length > 0 && i + 1 < kept.Length && kept[i + 1] == '0') i++;
                continue;
            }

            digits[length++] = kept[i];
        }

        ReadOnlySpan<char> number = digits[..length];
        if (kept.StartsWith("00")) number = number[2..];
        var whole = international ? number.ToString() : countryCode.Length == 0 ? "" : string.Concat(countryCode, WithoutTrunk(number, countryCode));
        if (whole.Length is < 8 or > 15 || whole[0] == '1' && whole.Length != 11 || PhonePlan.CountryCode("+" + whole) is null) return false;
        phone = "+" + whole;
        return true;
    }

    private static ReadOnlySpan<char> WithoutTrunk(ReadOnlySpan<char> number, string countryCode)
    {
        var prefix = PhonePlan.TrunkPrefix(countryCode);
        // Where the prefix may also begin a number, only one that would be too long with it has it.
        var mayBegin = countryCode is "1" or "7";
        return prefix.Length > 0 && number.StartsWith(prefix) && (!mayBegin || number.Length == 11) ? number[prefix.Length..] : number;
    }

    private static bool IsSeparator(char letter) =>
        letter is '-' or '.' or '/' or ')' or '\uFF09'
        || char.GetUnicodeCategory(letter) is UnicodeCategory.SpaceSeparator or UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
