using System.Collections.Immutable;
using System.Globalization;
using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>An hour of somebody's trail. It calls nobody. Key: "{user id}/{hour}", hours since 1970.</summary>
[Alias("sos.relatives.ITrailHourGrain")]
public interface ITrailHourGrain : IGrainWithStringKey
{
    /// <summary>Adds positions of this hour in order of time; a moment that is there already, and what is more than an hour holds, changes nothing.</summary>
    [Alias("Append")] Task Append(ImmutableArray<TrailPoint> points);

    /// <summary>The positions, oldest first.</summary>
    [Alias("Read")] Task<ImmutableArray<TrailPoint>> Read();

    /// <summary>Deletes for good what is older; again: changes nothing. True: nothing is left.</summary>
    [Alias("Forget")] Task<bool> Forget(DateTimeOffset before);

    /// <summary>The grain key of an hour.</summary>
    static string KeyOf(Guid person, long hour) => string.Create(CultureInfo.InvariantCulture, $"{person:N}/{hour}");

    /// <summary>The hour of a grain key.</summary>
    static long HourOf(string key) => long.Parse(key.AsSpan(key.IndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
