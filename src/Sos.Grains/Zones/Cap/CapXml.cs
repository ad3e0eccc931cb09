using System.Text;
using System.Xml;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// The XML of a message, read as something a stranger has made: no document type, no entity but the five of XML, nothing is fetched from anywhere, depth,
/// elements and attributes are counted, and what CAP does not have (signatures, includes, extensions) is passed over without being looked into.
/// </summary>
internal static class CapXml
{
    /// <summary>The namespace of CAP 1.2.</summary>
    public const string Namespace = "urn:oasis:names:tc:emergency:cap:1.2";

    private const int EndOfDeclaration = 200;
    private const int LengthOfPiece = 4_096;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly HashSet<string> Wanted =
    [
        "identifier", "sender", "sent", "status", "msgType", "scope", "references", "info", "category", "event", "responseType", "urgency", "severity", "certainty",
        "effective", "onset", "expires", "senderName", "headline", "parameter", "valueName", "value", "area", "areaDesc", "polygon", "circle", "geocode",
    ];

    /// <summary>Reads the message.</summary>
    /// <exception cref="CapRefusalException">It is refused; the fault says why.</exception>
    public static CapElement Read(ReadOnlySpan<byte> bytes, CapLimits limits)
    {
        using var reader = Open(bytes, limits.LongestMessage, out var text);
        try
        {
            return Tree(reader, limits);
        }
        catch (XmlException trouble)
        {
            // The message of the parser would say what stands in the file.
            throw text.Contains("<!DOCTYPE", StringComparison.Ordinal)
                ? new CapRefusalException("document-type", "alert", "A message has no document type.")
                : new CapRefusalException("not-xml", "alert", $"It is no well-formed XML at line {trouble.LineNumber}, position {trouble.LinePosition}.");
        }
    }

    /// <summary>A reader of a file that a stranger has made.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="longest">Most bytes.</param>
    /// <param name="text">What it reads.</param>
    /// <exception cref="CapRefusalException">It is too large, or not of the encoding that it says.</exception>
    internal static XmlReader Open(ReadOnlySpan<byte> bytes, int longest, out string text)
    {
        if (bytes.Length > longest) throw new CapRefusalException("too-large", "alert", $"It has more than {longest} bytes.");
        text = Decode(bytes);
        return XmlReader.Create(new StringReader(text), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersFromEntities = 1_024,
            MaxCharactersInDocument = longest,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        });
    }

    private static CapElement Tree(XmlReader reader, CapLimits limits)
    {
        CapElement? root = null;
        var open = new Stack<CapElement>();
        var (elements, passing, piece) = (0, int.MaxValue, new char[LengthOfPiece]);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (++elements > limits.MostElements) throw new CapRefusalException("too-many-elements", "alert", $"A message has at most {limits.MostElements} elements.");
                if (reader.Depth >= limits.Deepest) throw new CapRefusalException("too-deep", "alert", $"Elements are at most {limits.Deepest} deep.");
                CountAttributes(reader, limits);
                if (root is null)
                {
                    if (reader.LocalName != "alert" || reader.NamespaceURI != Namespace) throw new CapRefusalException("not-cap", "alert", $"A message is an alert of the namespace {Namespace}.");
                    open.Push(root = new CapElement("alert", null, 1));
                    continue;
                }

                if (reader.Depth > passing) continue;
                passing = int.MaxValue;
                if (reader.NamespaceURI == Namespace && Wanted.Contains(reader.LocalName))
                {
                    var element = open.Peek().Add(reader.LocalName);
                    if (!reader.IsEmptyElement) open.Push(element);
                }
                else if (!reader.IsEmptyElement) passing = reader.Depth;
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                if (reader.Depth > passing) continue;
                if (reader.Depth == passing) passing = int.MaxValue;
                else open.Pop();
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && passing == int.MaxValue)
            {
                // In pieces: as a whole the parser would make it twice before it is put to the rest.
                for (int length; (length = reader.ReadValueChunk(piece, 0, piece.Length)) > 0;) open.Peek().Append(piece.AsSpan(0, length));
            }
        }

        return root ?? throw new CapRefusalException("not-cap", "alert", "There is no message.");
    }

    private static void CountAttributes(XmlReader reader, CapLimits limits)
    {
        if (reader.AttributeCount == 0) return;
        if (reader.AttributeCount > limits.MostAttributes) throw new CapRefusalException("too-many-attributes", "alert", $"An element has at most {limits.MostAttributes} attributes.");
        for (var i = 0; i < reader.AttributeCount; i++)
        {
            if (reader.GetAttribute(i).Length > limits.LongestAttribute) throw new CapRefusalException("long-attribute", "alert", $"An attribute has at most {limits.LongestAttribute} characters.");
        }
    }

    // By the mark at the beginning, else by what the declaration says: UTF-8, and the one of eight bits that publishers still send.
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Utf8.GetString(bytes[3..]);
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return new UnicodeEncoding(false, true, throwOnInvalidBytes: true).GetString(bytes[2..]);
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return new UnicodeEncoding(true, true, throwOnInvalidBytes: true).GetString(bytes[2..]);
            return Declared(bytes) switch
            {
                "" or "utf-8" or "us-ascii" => Utf8.GetString(bytes),
                "iso-8859-1" => Encoding.Latin1.GetString(bytes),
                _ => throw new CapRefusalException("bad-encoding", "alert", "A message is UTF-8, ISO-8859-1, or UTF-16 with a byte order mark."),
            };
        }
        catch (ArgumentException)
        {
            throw new CapRefusalException("bad-encoding", "alert", "Its bytes are not of the encoding that it says.");
        }
    }

    private static string Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(EndOfDeclaration, bytes.Length)]);
        var end = head.IndexOf("?>", StringComparison.Ordinal);
        if (!head.StartsWith("<?xml", StringComparison.Ordinal) || end < 0) return head.Contains('\0', StringComparison.Ordinal) ? "utf-16" : "";
        var at = head.IndexOf("encoding", 0, end, StringComparison.Ordinal);
        if (at < 0) return "";
        var quoted = head[at..end].Split('"', '\'');
        return quoted.Length < 2 ? "" : quoted[1].ToLowerInvariant();
    }
}
