using System.Globalization;
using System.Text;
using System.Xml;
using Sos.Contracts.Geo;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// Writes messages of CAP 1.2, elements in the order of its schema, times as it wants them. Holes are left out, since CAP has none, so that nobody is told less than there is; a corridor becomes the polygon
/// around it, and what crosses the antimeridian is cut there.
/// </summary>
public static class CapWriter
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'-00:00'";

    /// <summary>Writes a message.</summary>
    /// <param name="publication">The message.</param>
    /// <param name="zone">The zone that it tells of; null for a cancellation, which tells of none.</param>
    /// <param name="senderName">The sender as people know it; null: not said.</param>
    /// <param name="language">The language of the zone's name and the instruction.</param>
    public static byte[] Write(CapPublication publication, ZoneDraft? zone, string? senderName, string language)
    {
        var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("alert", CapXml.Namespace);
            Element(xml, "identifier", publication.Name.Identifier);
            Element(xml, "sender", publication.Name.Sender);
            Element(xml, "sent", Time(publication.Name.Sent));
            Element(xml, "status", publication.Mark.IsExercise ? nameof(CapStatus.Exercise) : nameof(CapStatus.Actual));
            Element(xml, "msgType", publication.Type.ToString());
            Element(xml, "scope", nameof(CapScope.Public));
            if (!publication.References.IsEmpty) Element(xml, "references", string.Join(' ', publication.References.Select(Reference)));
            if (zone is not null) Info(xml, publication, zone, senderName, language);
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    /// <summary>A time as CAP wants it: UTC is −00:00, and there are no fractions.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    private static string Reference(CapReference name) => $"{name.Sender},{name.Identifier},{Time(name.Sent)}";

    private static void Info(XmlWriter xml, CapPublication publication, ZoneDraft zone, string? senderName, string language)
    {
        var (severity, certainty) = CapRiskRules.Levels(zone.Risk);
        xml.WriteStartElement("info", CapXml.Namespace);
        Element(xml, "language", language);
        Element(xml, "category", publication.Mark.Category.ToString());
        Element(xml, "event", zone.Name);
        Element(xml, "urgency", nameof(CapUrgency.Expected));
        Element(xml, "severity", severity.ToString());
        Element(xml, "certainty", certainty.ToString());
        if (zone.Begins is { } begins) Element(xml, "onset", Time(begins));
        Element(xml, "expires", Time(publication.Expires!.Value));
        if (senderName is not null) Element(xml, "senderName", senderName);
        Element(xml, "headline", zone.Name);
        if (publication.Mark.Instruction is { } instruction) Element(xml, "instruction", instruction);
        xml.WriteStartElement("parameter", CapXml.Namespace);
        Element(xml, "valueName", CapReader.KindParameter);
        Element(xml, "value", zone.Kind);
        xml.WriteEndElement();
        xml.WriteStartElement("area", CapXml.Namespace);
        Element(xml, "areaDesc", zone.Name);
        foreach (var ring in CapShapes.Rings(zone.Shape)) Element(xml, "polygon", string.Join(' ', ring.Append(ring[0]).Select(Point)));
        if (zone.Shape.Form == ZoneForm.Circle) Element(xml, "circle", $"{Point(zone.Shape.Path[0])} {Number(zone.Shape.Radius.Metres / 1_000, "0.######")}");
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // Latitude first.
    private static string Point(GeoPoint point) => $"{Number(point.Latitude, "0.#######")},{Number(point.Longitude, "0.#######")}";

    private static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, CapXml.Namespace, text);
}
