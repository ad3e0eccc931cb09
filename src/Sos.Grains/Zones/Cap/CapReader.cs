using System.Collections.Immutable;
using System.Globalization;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>
/// Reads messages of the Common Alerting Protocol 1.2 (OASIS, 2010). Strict where two readers could take one message for different things: what names it, its status,
/// type and scope. Tolerant where publishers err: order, space and line ends, rings that are not closed, times with fractions. A part that cannot be used is
/// named with its place and does not stop the others.
/// </summary>
public static class CapReader
{
    private const int LongestName = 120;
    private const int LongestEvent = 80;
    private const int LongestHeadline = 160;
    private const int LongestKind = 40;

    /// <summary>The parameter that carries the kind of one of our zones.</summary>
    internal const string KindParameter = "sos-kind";

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    /// <summary>Reads a message.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">How much is read.</param>
    public static CapReading Read(ReadOnlySpan<byte> bytes, CapLimits limits)
    {
        var faults = new CapFaults(limits.MostFaults);
        try
        {
            var message = Message(CapXml.Read(bytes, limits), limits, faults);
            return new CapReading(message, faults.All);
        }
        catch (CapRefusalException refusal)
        {
            return new CapReading(null, [refusal.Fault]);
        }
    }

    private static CapMessage Message(CapElement alert, CapLimits limits, CapFaults faults)
    {
        var sent = alert.Single("sent");
        var name = new CapReference(
            Word(alert.Single("sender")), Word(alert.Single("identifier")),
            Time(sent.Text) ?? throw new CapRefusalException("bad-time", sent.Path, "sent must be a time with its zone, like 2026-11-21T22:25:00-00:00."));
        var (status, type, scope) = (Known<CapStatus>(alert.Single("status")), Known<CapMessageType>(alert.Single("msgType")), Known<CapScope>(alert.Single("scope")));
        var shapes = new CapShapes(limits, faults);
        return new CapMessage(name, status, type, scope, References(alert, limits, faults), [.. alert.All("info").Select(info => Info(info, shapes, faults))]);
    }

    private static ImmutableArray<CapReference> References(CapElement alert, CapLimits limits, CapFaults faults)
    {
        var references = ImmutableArray.CreateBuilder<CapReference>();
        foreach (var element in alert.All("references"))
        {
            foreach (var text in element.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (references.Count == limits.MostReferences)
                {
                    faults.Add(element.Fault("too-many-references", $"The first {limits.MostReferences} count."));
                    break;
                }

                var parts = text.Split(',');
                if (parts.Length == 3 && parts[0].Length is > 0 and <= LongestName && parts[1].Length is > 0 and <= LongestName && Time(parts[2]) is { } sent) references.Add(new CapReference(parts[0], parts[1], sent));
                else faults.Add(element.Fault("bad-reference", "A reference is sender,identifier,sent."));
            }
        }

        return references.ToImmutable();
    }

    private static CapInfo Info(CapElement info, CapShapes shapes, CapFaults faults)
    {
        var category = info.Line("category") is { } named && named.All(char.IsAsciiLetter) ? CapElement.Cut(named, LongestKind) : "Other";
        if (info.Line("event") is not { } happening)
        {
            happening = category;
            faults.Add(info.Fault("missing-event", "It does not say what it warns of."));
        }

        var kind = info.All("parameter").FirstOrDefault(parameter => parameter.Line("valueName") == KindParameter)?.Line("value");
        return new CapInfo(
            info.Path, category, kind is { Length: <= LongestKind } ? kind : null, CapElement.Cut(happening, LongestEvent),
            info.All("responseType").Any(type => CapElement.Flat(type.Text) == "AllClear"),
            Level<CapUrgency>(info, "urgency", faults), Level<CapSeverity>(info, "severity", faults), Level<CapCertainty>(info, "certainty", faults),
            Time(info, "onset", faults) ?? Time(info, "effective", faults), Time(info, "expires", faults),
            info.Line("senderName") is { } sender ? CapElement.Cut(sender, LongestEvent) : null,
            info.Line("headline") is { } headline ? CapElement.Cut(headline, LongestHeadline) : null,
            Areas(info, shapes, faults));
    }

    private static ImmutableArray<CapArea> Areas(CapElement info, CapShapes shapes, CapFaults faults)
    {
        var areas = ImmutableArray.CreateBuilder<CapArea>();
        foreach (var area in info.All("area"))
        {
            var drawn = ImmutableArray.CreateBuilder<ZoneShape>();
            foreach (var polygon in area.All("polygon")) Add(drawn, shapes.Polygon(polygon));
            foreach (var circle in area.All("circle")) Add(drawn, shapes.Circle(circle));
            if (area.First("polygon") is null && area.First("circle") is null) faults.Add(area.Fault("no-geometry", area.First("geocode") is null ? "The area is not drawn." : "The area is named by codes and not drawn."));
            areas.Add(new CapArea(CapElement.Cut(area.Line("areaDesc") ?? "", LongestHeadline), drawn.ToImmutable()));
        }

        return areas.ToImmutable();

        static void Add(ImmutableArray<ZoneShape>.Builder drawn, ZoneShape? shape)
        {
            if (shape is not null) drawn.Add(shape);
        }
    }

    private static string Word(CapElement element)
    {
        var word = CapElement.Flat(element.Text);
        return word.Length is > 0 and <= LongestName && word.AsSpan().IndexOfAny(" ,<&") < 0
            ? word
            : throw new CapRefusalException("bad-name", element.Path, $"It must be 1 to {LongestName} characters without spaces, commas, < and &.");
    }

    // By its name alone: a number, or a word that CAP does not have, is never taken for one.
    private static T Known<T>(CapElement element)
        where T : struct, Enum =>
        TryKnow(CapElement.Flat(element.Text), out T value) ? value : throw new CapRefusalException("unknown-value", element.Path, $"It must be one of {string.Join(", ", Enum.GetNames<T>())}.");

    private static T Level<T>(CapElement info, string name, CapFaults faults)
        where T : struct, Enum
    {
        if (info.Line(name) is not { } text)
        {
            faults.Add(info.Fault("missing-" + name, "It is taken as Unknown."));
            return default;
        }

        if (!TryKnow(text, out T value)) faults.Add(info.First(name)!.Fault("unknown-value", "It is taken as Unknown."));
        return value;
    }

    private static bool TryKnow<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return Array.IndexOf(Enum.GetNames<T>(), text) >= 0 && Enum.TryParse(text, out value);
    }

    private static DateTimeOffset? Time(CapElement info, string name, CapFaults faults)
    {
        if (info.First(name) is not { } element) return null;
        if (Time(element.Text) is { } time) return time;
        faults.Add(element.Fault("bad-time", "It must be a time with its zone; it is left out."));
        return null;
    }

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}

/// <summary>What is told of a message, at most so much.</summary>
/// <param name="most">Most faults.</param>
internal sealed class CapFaults(int most)
{
    private readonly ImmutableArray<CapFault>.Builder _all = ImmutableArray.CreateBuilder<CapFault>();

    /// <summary>All of it, in the order of reading.</summary>
    public ImmutableArray<CapFault> All => _all.ToImmutable();

    /// <summary>Adds one.</summary>
    public void Add(CapFault fault)
    {
        if (_all.Count < most) _all.Add(fault);
    }
}
