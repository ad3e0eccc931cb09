using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;

namespace Sos.Contracts.Relatives;

/// <summary>Where one person was, while she wants that kept: whether, for how long, and which hours there are. Key: user id.</summary>
[Alias("sos.relatives.ITrailGrain")]
public interface ITrailGrain : IGrainWithGuidKey
{
    /// <summary>Whether she keeps one, and for how long.</summary>
    [Alias("Settings")] Task<TrailSettings> Settings();

    /// <summary>Changes that. What is kept no longer by it is deleted when this answers.</summary>
    [Alias("Set")] Task<TrailSettings> Set(TrailSettings settings);

    /// <summary>
    /// Takes a position that was true while she kept a trail. It is in memory first, and on disk within a minute or with 32 of them: a kill loses no more.
    /// </summary>
    [Alias("Keep"), OneWay] Task Keep(TrailPoint point);

    /// <summary>What is kept of a span of time, both ends included, oldest first; nothing that has expired.</summary>
    [Alias("Read")] Task<ImmutableArray<TrailPoint>> Read(DateTimeOffset from, DateTimeOffset to);

    /// <summary>Deletes every position up to now; they are gone when this answers, also those on their way. Whether more are kept stays as it is.</summary>
    [Alias("Clear")] Task Clear();

    /// <summary>Her account is deleted: so is this. Again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}
