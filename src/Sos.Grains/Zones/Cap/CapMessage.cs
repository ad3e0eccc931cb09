using System.Collections.Immutable;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;

namespace Sos.Grains.Zones.Cap;

/// <summary>How a message is to be taken (<c>status</c>).</summary>
public enum CapStatus
{
    /// <summary>By everybody.</summary>
    Actual,

    /// <summary>By those who take part in an exercise.</summary>
    Exercise,

    /// <summary>By machines.</summary>
    System,

    /// <summary>By nobody: it tries the way.</summary>
    Test,

    /// <summary>By nobody: it is not finished.</summary>
    Draft,
}

/// <summary>Whom a message is for (<c>scope</c>).</summary>
public enum CapScope
{
    /// <summary>Everybody.</summary>
    Public,

    /// <summary>A group.</summary>
    Restricted,

    /// <summary>Those it names.</summary>
    Private,
}

/// <summary>When one must act (<c>urgency</c>).</summary>
public enum CapUrgency
{
    /// <summary>Nobody says.</summary>
    Unknown,

    /// <summary>It is over.</summary>
    Past,

    /// <summary>In the near future.</summary>
    Future,

    /// <summary>Within the next hour.</summary>
    Expected,

    /// <summary>At once.</summary>
    Immediate,
}

/// <summary>How bad it is (<c>severity</c>).</summary>
public enum CapSeverity
{
    /// <summary>Nobody says.</summary>
    Unknown,

    /// <summary>Little danger.</summary>
    Minor,

    /// <summary>Possible danger.</summary>
    Moderate,

    /// <summary>Considerable danger to life or property.</summary>
    Severe,

    /// <summary>Extraordinary danger to life or property.</summary>
    Extreme,
}

/// <summary>How sure it is (<c>certainty</c>).</summary>
public enum CapCertainty
{
    /// <summary>Nobody says.</summary>
    Unknown,

    /// <summary>Not expected.</summary>
    Unlikely,

    /// <summary>Less than one in two.</summary>
    Possible,

    /// <summary>More than one in two.</summary>
    Likely,

    /// <summary>It has happened, or is happening.</summary>
    Observed,
}

/// <summary>A message of CAP 1.2 as far as zones need it.</summary>
/// <param name="Name">What names it.</param>
/// <param name="Status">How it is to be taken.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Scope">Whom it is for.</param>
/// <param name="References">The messages that it is about.</param>
/// <param name="Infos">What it says, each in a language or about a part.</param>
public sealed record CapMessage(
    CapReference Name, CapStatus Status, CapMessageType Type, CapScope Scope, ImmutableArray<CapReference> References, ImmutableArray<CapInfo> Infos);

/// <summary>What a message says.</summary>
/// <param name="Path">Where it stands in the message.</param>
/// <param name="Category">The first category, like <c>Met</c>.</param>
/// <param name="Kind">The kind of zone, where one of us sent it.</param>
/// <param name="Event">What it warns of.</param>
/// <param name="IsAllClear">It says that the danger is over.</param>
/// <param name="Urgency">When one must act.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Begins">When it begins (<c>onset</c>, else <c>effective</c>); null: at once.</param>
/// <param name="Expires">When it is over; null: nobody says.</param>
/// <param name="SenderName">The sender as people know it.</param>
/// <param name="Headline">In a line.</param>
/// <param name="Areas">Where.</param>
public sealed record CapInfo(
    string Path, string Category, string? Kind, string Event, bool IsAllClear, CapUrgency Urgency, CapSeverity Severity, CapCertainty Certainty,
    DateTimeOffset? Begins, DateTimeOffset? Expires, string? SenderName, string? Headline, ImmutableArray<CapArea> Areas);

/// <summary>A place that a message is about.</summary>
/// <param name="Description">In words.</param>
/// <param name="Shapes">Its polygons and circles, as far as they are any.</param>
public sealed record CapArea(string Description, ImmutableArray<ZoneShape> Shapes);

/// <summary>What came of reading a message.</summary>
/// <param name="Message">The message; null when it is refused as a whole, and the one fault says why.</param>
/// <param name="Faults">What of it was not taken, or not as it stands.</param>
public sealed record CapReading(CapMessage? Message, ImmutableArray<CapFault> Faults);
