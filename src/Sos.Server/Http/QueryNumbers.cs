using System.Globalization;

namespace Sos.Server.Http;

/// <summary>Numbers in a query string, in the invariant culture; what is no number is refused by the caller under its own name.</summary>
internal static class QueryNumbers
{
    /// <summary>A finite number; the usual one if left out, refused if there is no usual one.</summary>
    public static bool TryNumber(string? text, double? usual, out double value)
    {
        value = usual ?? 0;
        if (text is null) return usual is not null;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>A whole number within bounds; the usual one if left out.</summary>
    public static bool TryWhole(string? text, long usual, long least, long most, out long value)
    {
        value = usual;
        return text is null || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
    }
}
