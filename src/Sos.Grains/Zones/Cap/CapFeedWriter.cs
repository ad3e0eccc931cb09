using System.Text;
using System.Xml;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>Writes the list of messages as an Atom feed (RFC 4287), each with a link to the message.</summary>
public static class CapFeedWriter
{
    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>Writes the feed.</summary>
    /// <param name="publications">The messages, newest first.</param>
    /// <param name="path">The path of a message without its zone's id, like <c>/api/v1/cap/</c>.</param>
    /// <param name="sender">Who publishes.</param>
    /// <param name="senderName">The publisher as people know it; null: the sender.</param>
    public static byte[] Write(IReadOnlyList<(Guid Zone, CapPublication Newest)> publications, string path, string sender, string? senderName)
    {
        var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("feed", Namespace);
            Element(xml, "id", Name(new CapReference(sender, "feed", DateTimeOffset.UnixEpoch)));
            Element(xml, "title", "Warnings");
            Element(xml, "updated", Time(publications.Count == 0 ? DateTimeOffset.UnixEpoch : publications.Max(publication => publication.Newest.Name.Sent)));
            xml.WriteStartElement("author", Namespace);
            Element(xml, "name", senderName ?? sender);
            xml.WriteEndElement();
            Link(xml, "self", path + "feed", "application/atom+xml");
            foreach (var (zone, newest) in publications)
            {
                xml.WriteStartElement("entry", Namespace);
                Element(xml, "id", Name(newest.Name));
                Element(xml, "title", $"{(newest.Mark.IsExercise ? "Exercise: " : "")}{newest.Title}{(newest.Type == CapMessageType.Cancel ? ": over" : "")}");
                Element(xml, "updated", Time(newest.Name.Sent));
                Link(xml, "alternate", $"{path}{zone}", "application/cap+xml");
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }

    private static string Name(CapReference name) => $"urn:uuid:{CapKeys.Of(name)}";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void Link(XmlWriter xml, string relation, string address, string type)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, text);
}
