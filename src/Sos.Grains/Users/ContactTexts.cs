using System.Globalization;
using System.Text;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;

namespace Sos.Grains.Users;

/// <summary>What contacts are sent. Everything but the name is the service's own, and the name is cut to letters: no link or number of anybody's own can be sent to a stranger.</summary>
internal static class ContactTexts
{
    private const int LongestName = 40;

    /// <summary>How somebody is named to her contacts: her name cut to letters, else her number or address, else "Somebody".</summary>
    public static string NameOf(UserProfile? person)
    {
        var name = Letters(person?.FullName);
        return name.Length > 0 ? name : person?.Phone ?? person?.Email ?? "Somebody";
    }

    /// <summary>Her first name cut to letters, and nothing in its place: empty when she has given none.</summary>
    public static string FirstNameOf(UserProfile? person) => Letters(person?.FullName).Split(' ')[0];

    /// <summary>Asks a guardian.</summary>
    public static string GuardianQuestion(string firstName, Uri? link) => Linked(
        $"{firstName} asks for your consent, as a parent or guardian, to use parts of an emergency service. Agree or refuse", link);

    /// <summary>Asks for consent.</summary>
    public static string Invitation(string name, Uri? link) => Linked(
        $"{name} asks you to be an emergency contact: you would get a text message when {name} presses SOS. Accept or refuse", link);

    /// <summary>News of an alert.</summary>
    public static string News(string name, ContactNews news, AlertKind kind, Uri? link) => news switch
    {
        ContactNews.Raised => Linked($"SOS: {name} needs help{Reason(kind)}. Helpers are being asked. Follow it", link),
        ContactNews.Safe => $"{name} is safe: the SOS has been closed.",
        ContactNews.CalledOff => $"{name} has called the SOS off.",
        _ => $"The SOS of {name} was closed as a false alarm.",
    };

    /// <summary>She has come into a zone of high risk; the sentence is the product's, word for word.</summary>
    public static string InZone(string name, GeoPoint point) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: I have entered a high-risk area. Please stay alert. Location: https://maps.google.com/?q={point.Latitude:0.#####},{point.Longitude:0.#####}");

    private static string Linked(string text, Uri? link) => link is null ? text + " in the app." : $"{text}: {link.AbsoluteUri}";

    private static string Reason(AlertKind kind) => kind switch
    {
        AlertKind.Medical => " (medical)",
        AlertKind.Safety => " (threatened)",
        AlertKind.Fire => " (fire)",
        _ => "",
    };

    private static string Letters(string? name)
    {
        var kept = new StringBuilder(LongestName);
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > LongestName) break;
            var category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsLetter(rune) || category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || rune.Value is '-' or '\'' or '’') kept.Append(rune);
            else if (Rune.IsWhiteSpace(rune) && kept.Length > 0 && kept[^1] != ' ') kept.Append(' ');
        }

        return kept.ToString().TrimEnd();
    }
}
