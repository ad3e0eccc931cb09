using System.Text.Json.Serialization;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;

namespace Sos.Grains.Responders;

/// <summary>A responder's inbox. Its items have short names, so that 200 of the longest fit into 64 KB.</summary>
[GenerateSerializer, Alias("sos.responders.inbox")]
internal sealed class InboxState
{
    /// <summary>Sequence number of the newest item ever put in.</summary>
    [Id(0)] public long Seq { get; set; }

    /// <summary>Oldest first.</summary>
    [Id(1)] public List<StoredInboxItem> Items { get; set; } = [];
}

/// <summary>An inbox item as stored: the members of <see cref="InboxItem"/>, flat.</summary>
[GenerateSerializer, Alias("sos.responders.stored-inbox-item")]
internal sealed class StoredInboxItem
{
    /// <summary>Longest reason kept; reasons are words.</summary>
    public const int LongestReason = 40;

    [Id(0), JsonPropertyName("s")] public long Seq { get; set; }

    /// <summary>When it was put in, in Unix milliseconds, as all times here.</summary>
    [Id(1), JsonPropertyName("t")] public long At { get; set; }

    [Id(2), JsonPropertyName("a")] public Guid AlertId { get; set; }

    [Id(3), JsonPropertyName("v")] public long Version { get; set; }

    [Id(4), JsonPropertyName("k")] public InboxKind Kind { get; set; }

    [Id(5), JsonPropertyName("r")] public int Round { get; set; }

    [Id(6), JsonPropertyName("m")] public string? Reason { get; set; }

    /// <summary>Kind of the alert; null where there is no briefing.</summary>
    [Id(7), JsonPropertyName("b")] public AlertKind? AlertKind { get; set; }

    [Id(8), JsonPropertyName("c")] public string? Cell { get; set; }

    /// <summary>Latitude, longitude and, where known, accuracy; null before she has accepted.</summary>
    [Id(9), JsonPropertyName("p")] public double[]? Position { get; set; }

    [Id(10), JsonPropertyName("w")] public long? PositionAt { get; set; }

    [Id(11), JsonPropertyName("l")] public bool LastKnown { get; set; }

    [Id(12), JsonPropertyName("d")] public double? DistanceMetres { get; set; }

    [Id(13), JsonPropertyName("e")] public double? EtaSeconds { get; set; }

    [Id(14), JsonPropertyName("y")] public long? AnswerBy { get; set; }

    [Id(15), JsonPropertyName("x")] public bool DoNotEnter { get; set; }

    /// <summary>The item of a delivery.</summary>
    public static StoredInboxItem Of(long seq, DateTimeOffset at, InboxDelivery delivery)
    {
        var (briefing, fix) = (delivery.Briefing, delivery.Briefing?.Position);
        return new StoredInboxItem
        {
            Seq = seq,
            At = at.ToUnixTimeMilliseconds(),
            AlertId = delivery.AlertId,
            Version = delivery.Version,
            Kind = delivery.Kind,
            Round = delivery.Round,
            Reason = delivery.Reason is { Length: > LongestReason } reason ? reason[..LongestReason] : delivery.Reason,
            AlertKind = briefing?.Kind,
            Cell = briefing?.Cell,
            Position = fix is null ? null : [Digits(fix.Point.Latitude, 6), Digits(fix.Point.Longitude, 6), .. fix.Accuracy is { } accuracy ? [Digits(accuracy.Metres, 1)] : Array.Empty<double>()],
            PositionAt = fix?.At.ToUnixTimeMilliseconds(),
            LastKnown = fix?.LastKnown ?? false,
            DistanceMetres = briefing?.DistanceMetres is { } distance ? Digits(distance, 0) : null,
            EtaSeconds = briefing?.EtaSeconds is { } eta ? Digits(eta, 0) : null,
            AnswerBy = briefing?.AnswerBy?.ToUnixTimeMilliseconds(),
            DoNotEnter = briefing?.DoNotEnter ?? false,
        };
    }

    /// <summary>The item as it is shown.</summary>
    public InboxItem ToItem()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(At);
        var fix = Position is null ? null : new PositionFix(
            new GeoPoint(Position[0], Position[1]), Position.Length > 2 ? Distance.FromMetres(Position[2]) : null, Time(PositionAt) ?? at, LastKnown);
        var briefing = AlertKind is { } kind ? new Briefing(kind, Cell, fix, DistanceMetres, EtaSeconds, Time(AnswerBy), DoNotEnter) : null;
        return new InboxItem(Seq, at, new InboxDelivery(AlertId, Version, Kind, Round, briefing, Reason));
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    // Six digits of a degree are 0.1 m.
    private static double Digits(double value, int digits) => Math.Round(value, digits);
}
