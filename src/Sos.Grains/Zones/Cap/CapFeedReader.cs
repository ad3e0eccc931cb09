using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace Sos.Grains.Zones.Cap;

/// <summary>A message that a feed links to.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Mark">Eight bytes of a hash of its address and its time: another version of it has another.</param>
public readonly record struct CapFeedEntry(Uri Address, long Mark);

/// <summary>Reads feeds: Atom (RFC 4287) and RSS 2.0, as far as they link to messages; as carefully as messages (<see cref="CapXml"/>).</summary>
internal static class CapFeedReader
{
    /// <summary>Most bytes of a feed.</summary>
    public const int Longest = 4 << 20;

    /// <summary>Most entries that are looked at.</summary>
    public const int MostEntries = 2_000;

    private const string Atom = "http://www.w3.org/2005/Atom";
    private const int MostElements = 100_000;
    private const int Deepest = 32;

    /// <summary>Reads the entries of a feed that lie on its own host.</summary>
    /// <param name="bytes">The feed.</param>
    /// <param name="at">Its address.</param>
    /// <param name="entries">Its entries; null when it is a message itself.</param>
    /// <returns>False when it is neither a feed nor a message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Uri at, out List<CapFeedEntry>? entries)
    {
        entries = [];
        try
        {
            using var reader = CapXml.Open(bytes, Longest, out _);
            return Read(reader, at, ref entries);
        }
        catch (Exception trouble) when (trouble is XmlException or CapRefusalException)
        {
            return false;
        }
    }

    private static bool Read(XmlReader reader, Uri at, ref List<CapFeedEntry>? entries)
    {
        var (elements, isFeed, found) = (0, false, entries!);
        string? link = null, stamp = null, kind = null;
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                if (++elements > MostElements || reader.Depth >= Deepest) return false;
                if (elements == 1)
                {
                    if (reader is { LocalName: "alert", NamespaceURI: CapXml.Namespace })
                    {
                        entries = null;
                        return true;
                    }

                    isFeed = reader is { LocalName: "feed", NamespaceURI: Atom } or { LocalName: "rss", NamespaceURI: "" };
                    if (!isFeed) return false;
                }
                else if (IsItem(reader)) (link, stamp, kind) = (null, null, null);
                else if (reader is { LocalName: "link", NamespaceURI: Atom }) Choose(reader, ref link, ref kind);
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) continue;
            else if (reader.NodeType == XmlNodeType.EndElement && IsItem(reader) && link is not null) Add(at, link, stamp, found);

            if (reader.NodeType == XmlNodeType.Element && !reader.IsEmptyElement && Wanted(reader))
            {
                var isLink = reader.LocalName == "link";
                var text = Text(reader);
                if (isLink) link = text;
                else stamp = text;
            }
        }

        return isFeed;
    }

    private static bool IsItem(XmlReader reader) => reader is { LocalName: "entry", NamespaceURI: Atom } or { LocalName: "item", NamespaceURI: "" };

    private static bool Wanted(XmlReader reader) => reader is { LocalName: "updated", NamespaceURI: Atom } or { LocalName: "link" or "pubDate", NamespaceURI: "" };

    // The reader stands on the end of the element afterwards; markup in it makes it nothing.
    private static string Text(XmlReader reader)
    {
        var (depth, text) = (reader.Depth, new StringBuilder());
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text.Append(reader.Value);
        }

        return text.ToString().Trim();
    }

    // The link that says it is a message before one that does not say what it is.
    private static void Choose(XmlReader reader, ref string? link, ref string? kind)
    {
        var (relation, type, address) = (reader.GetAttribute("rel"), reader.GetAttribute("type"), reader.GetAttribute("href"));
        if (relation is not (null or "alternate" or "enclosure") || address is null || link is not null && (kind == "application/cap+xml" || type != "application/cap+xml")) return;
        (link, kind) = (address, type);
    }

    private static void Add(Uri at, string link, string? stamp, List<CapFeedEntry> entries)
    {
        if (entries.Count >= MostEntries || !Uri.TryCreate(at, link, out var address) || address.Scheme != at.Scheme || address.Authority != at.Authority || address.UserInfo.Length > 0) return;
        entries.Add(new CapFeedEntry(address, BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{address}\n{stamp}")))));
    }
}
