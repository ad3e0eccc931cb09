using System.Globalization;
using System.Text;

namespace Sos.TestKit;

/// <summary>Made-up CAP 1.2 messages for tests, each with what it is asked to differ in.</summary>
public static class SampleWarnings
{
    /// <summary>A square around 48.25, 16.35, latitude first.</summary>
    public const string Square = "<polygon>48.2,16.3 48.2,16.4 48.3,16.4 48.3,16.3 48.2,16.3</polygon>";

    /// <summary>A message.</summary>
    /// <param name="sent">When it is sent.</param>
    /// <param name="identifier">Its name.</param>
    /// <param name="type">What it is for.</param>
    /// <param name="references">The messages that it is about, as CAP writes them.</param>
    /// <param name="area">What is in its one area beside the description; null: it says nothing at all.</param>
    /// <param name="status">How it is to be taken.</param>
    /// <param name="scope">Whom it is for.</param>
    /// <param name="life">Until it is over.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="happening">What it warns of.</param>
    public static string Text(
        DateTimeOffset sent, string identifier = "A1", string type = "Alert", string? references = null, string? area = Square, string status = "Actual", string scope = "Public",
        TimeSpan? life = null, string sender = "warn@example.org", string happening = "Flood") =>
        $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
          <identifier>{identifier}</identifier><sender>{sender}</sender><sent>{Time(sent)}</sent><status>{status}</status><msgType>{type}</msgType><scope>{scope}</scope>
          {(references is null ? "" : $"<references>{references}</references>")}
          {(area is null ? "" : $"""
          <info>
            <category>Met</category><event>{happening}</event><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
            <expires>{Time(sent + (life ?? TimeSpan.FromHours(6)))}</expires><headline>Water is rising</headline>
            <area><areaDesc>The docks</areaDesc>{area}</area>
          </info>
          """)}
        </alert>
        """;

    /// <summary>The same as UTF-8.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>How another message refers to one.</summary>
    public static string Reference(DateTimeOffset sent, string identifier, string sender = "warn@example.org") => $"{sender},{identifier},{Time(sent)}";

    /// <summary>A time as CAP writes it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'-00:00'", CultureInfo.InvariantCulture);
}
