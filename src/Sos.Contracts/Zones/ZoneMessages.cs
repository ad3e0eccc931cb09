using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Zones;

/// <summary>Where a zone comes from.</summary>
public enum ZoneSource
{
    /// <summary>Staff has drawn it.</summary>
    Drawn,

    /// <summary>From a file.</summary>
    Imported,

    /// <summary>From an official warning (CAP 1.2).</summary>
    Cap,
}

/// <summary>Hours of some days of the week.</summary>
/// <param name="Days">Days on which they begin.</param>
/// <param name="From">Local time from which the zone counts.</param>
/// <param name="To">Local time until which it counts; not after <paramref name="From"/>: on the next day.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.hours")]
public sealed record ZoneHours([property: Id(0)] ImmutableArray<DayOfWeek> Days, [property: Id(1)] TimeOnly From, [property: Id(2)] TimeOnly To);

/// <summary>When in the week a zone counts.</summary>
/// <param name="TimeZone">IANA name, like <c>Europe/Vienna</c>.</param>
/// <param name="Hours">At least one; outside all of them the zone does not count.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.schedule")]
public sealed record ZoneSchedule([property: Id(0)] string TimeZone, [property: Id(1)] ImmutableArray<ZoneHours> Hours);

/// <summary>A zone as it is drawn or imported.</summary>
/// <param name="Name">1 to 80 characters, shown to people.</param>
/// <param name="Kind">A word of the deployment's own, like <c>crime</c> or <c>flood</c>; 1 to 40 characters.</param>
/// <param name="Risk">1 (watch out) to 5 (keep away).</param>
/// <param name="Shape">Where.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Schedule">When in the week it counts; null: always.</param>
/// <param name="Expires">From when on there is no such zone; null: until somebody removes it.</param>
/// <param name="Begins">Until then it does not count; null: at once.</param>
[GenerateSerializer, Immutable, Alias("sos.zones.draft")]
public sealed record ZoneDraft(
    [property: Id(0)] string Name,
    [property: Id(1)] string Kind,
    [property: Id(2)] int Risk,
    [property: Id(3)] ZoneShape Shape,
    [property: Id(4)] ZoneSource Source,
    [property: Id(5)] ZoneSchedule? Schedule = null,
    [property: Id(6)] DateTimeOffset? Expires = null,
    [property: Id(7)] DateTimeOffset? Begins = null);
