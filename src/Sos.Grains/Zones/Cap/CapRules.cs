using System.Collections.Immutable;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>What a message comes to: exactly one of warning, reason and refusal is there.</summary>
/// <param name="Warning">A warning to be taken.</param>
/// <param name="Ignored">Why it is none for us, in a word that never changes: <c>exercise</c>, <c>test</c>, <c>system</c>, <c>draft</c>, <c>restricted</c>, <c>private</c>,
/// <c>ack</c>, <c>error</c>, <c>too-old</c>, <c>sent-in-future</c>.</param>
/// <param name="Refusal">Why it is no message.</param>
public sealed record CapDecision(CapWarning? Warning, string? Ignored, CapFault? Refusal);

/// <summary>What messages mean: which of them are warnings for everybody, and which zones those are.</summary>
internal static class CapRules
{
    private const int LongestName = 80;

    /// <summary>Decides about a message.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="origin">How it came.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">How long warnings last.</param>
    public static CapDecision Decide(CapReading reading, string origin, DateTimeOffset now, CapOptions options)
    {
        if (reading.Message is not { } message) return new CapDecision(null, null, reading.Faults[0]);
        if (Ignored(message, now, options) is { } reason) return new CapDecision(null, reason, null);
        var faults = new CapFaults(new CapLimits().MostFaults);
        foreach (var fault in reading.Faults) faults.Add(fault);
        var references = References(message, faults);
        var zones = message.Type == CapMessageType.Cancel ? [] : Zones(message, now, options, faults);
        var first = message.Infos.FirstOrDefault();
        var warning = new CapWarning(
            message.Name, message.Type, origin, first?.Event ?? message.Type.ToString(), first?.Headline, first?.SenderName,
            zones.IsEmpty ? null : zones.Max(zone => zone.Draft.Expires), references, zones, faults.All);
        return new CapDecision(warning, null, null);
    }

    // First of all: what tries the way, or is not for everybody, does nothing, whatever else it says.
    private static string? Ignored(CapMessage message, DateTimeOffset now, CapOptions options)
    {
        if (message.Status != CapStatus.Actual) return message.Status.ToString().ToLowerInvariant();
        if (message.Scope != CapScope.Public) return message.Scope.ToString().ToLowerInvariant();
        if (message.Type is CapMessageType.Ack or CapMessageType.Error) return message.Type.ToString().ToLowerInvariant();
        if (message.Name.Sent > now + CapOptions.Ahead) return "sent-in-future";
        return message.Name.Sent < now - options.KeepFor ? "too-old" : null;
    }

    // Only its own sender ends a warning, and only one that was not sent later: so no two end each other.
    private static ImmutableArray<CapReference> References(CapMessage message, CapFaults faults)
    {
        if (message.Type == CapMessageType.Alert) return [];
        if (message.References.IsEmpty) faults.Add(new CapFault("no-references", "alert", "It does not say which message it is about."));
        var references = ImmutableArray.CreateBuilder<CapReference>();
        foreach (var reference in message.References)
        {
            if (reference.Sender != message.Name.Sender) faults.Add(new CapFault("foreign-reference", "alert/references[1]", "It is about a message of another sender, which it cannot end."));
            else if (reference.Sent > message.Name.Sent) faults.Add(new CapFault("later-reference", "alert/references[1]", "It is about a message that was sent after it."));
            else if (CapKeys.Of(reference) != CapKeys.Of(message.Name)) references.Add(reference);
        }

        return references.ToImmutable();
    }

    private static ImmutableArray<CapZone> Zones(CapMessage message, DateTimeOffset now, CapOptions options, CapFaults faults)
    {
        // The same place in another language is the same zone.
        var drafts = new List<ZoneDraft>();
        var places = new Dictionary<(string Shape, DateTimeOffset? Begins, DateTimeOffset? Expires), int>();
        foreach (var info in message.Infos)
        {
            var risk = info.IsAllClear ? 0 : CapRiskRules.Risk(info.Urgency, info.Severity, info.Certainty);
            var expires = info.Expires ?? message.Name.Sent + options.UsualLife;
            if (risk == 0 || expires <= now)
            {
                faults.Add(new CapFault(risk == 0 ? "past" : "expired", info.Path, risk == 0 ? "It says that the danger is over." : "Its time is over."));
                continue;
            }

            if (info.Areas.IsEmpty) faults.Add(new CapFault("no-geometry", info.Path, "It names no area."));
            if (expires > now + options.LongestLife) expires = now + options.LongestLife;
            var begins = info.Begins > now && info.Begins < expires ? info.Begins : null;
            foreach (var (area, shape) in info.Areas.SelectMany(area => area.Shapes.Select(shape => (area, shape))))
            {
                var draft = new ZoneDraft(NameOf(info, area), info.Kind ?? info.Category.ToLowerInvariant(), risk, shape, ZoneSource.Cap, null, expires, begins);
                if (places.TryAdd((PackedShape.Pack(shape), begins, expires), drafts.Count)) drafts.Add(draft);
                else if (places[(PackedShape.Pack(shape), begins, expires)] is var same && drafts[same].Risk < risk) drafts[same] = drafts[same] with { Risk = risk };
            }
        }

        return [.. drafts.Select((draft, number) => new CapZone(CapKeys.Zone(message.Name, number), draft))];
    }

    private static string NameOf(CapInfo info, CapArea area) =>
        CapElement.Cut(area.Description.Length == 0 || area.Description == info.Event ? info.Event : $"{info.Event}: {area.Description}", LongestName);
}
