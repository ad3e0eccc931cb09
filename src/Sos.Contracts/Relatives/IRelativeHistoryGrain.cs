using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>What has happened between a person and her relatives, and who of them has looked where she is. No place is in it. Bounded. Key: user id.</summary>
[Alias("sos.relatives.IRelativeHistoryGrain")]
public interface IRelativeHistoryGrain : IGrainWithGuidKey
{
    /// <summary>Keeps encounters; the same again, and nearness sooner than 10 minutes after the last record of that relative, change nothing.</summary>
    [Alias("Keep")] Task Keep(ImmutableArray<RelativeEncounter> encounters);

    /// <summary>Encounters, newest first.</summary>
    [Alias("Encounters")] Task<ImmutableArray<RelativeEncounter>> Encounters();

    /// <summary>Marks one as seen; again: changes nothing. Null: there is none.</summary>
    [Alias("Dismiss")] Task<RelativeEncounter?> Dismiss(Guid encounter);

    /// <summary>Deletes every encounter.</summary>
    [Alias("Clear")] Task Clear();

    /// <summary>Somebody looks where she is, or was: durable when answered; once in ten minutes for each.</summary>
    [Alias("Looked")] Task Looked(RelativeLook look);

    /// <summary>Who has looked, newest first.</summary>
    [Alias("Looks")] Task<ImmutableArray<RelativeLook>> Looks();

    /// <summary>Drops what is older than it is kept.</summary>
    [Alias("Purge")] Task Purge();

    /// <summary>Deletes the record for good; again: changes nothing.</summary>
    [Alias("Erase")] Task Erase();
}

/// <summary>A relative has come near, is near, or has gone.</summary>
/// <param name="Id">Id of the record.</param>
/// <param name="Relation">The relation in her list.</param>
/// <param name="Name">What she called her when she was last in it.</param>
/// <param name="Move">What has happened.</param>
/// <param name="At">When.</param>
/// <param name="Metres">How far apart they were, as exactly as the other was shown.</param>
/// <param name="DismissedAt">When she put it aside, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.relative-encounter")]
public sealed record RelativeEncounter(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid Relation,
    [property: Id(2)] string Name,
    [property: Id(3)] NearbyMove Move,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] double Metres,
    [property: Id(6)] DateTimeOffset? DismissedAt = null);

/// <summary>A relative has looked where she is.</summary>
/// <param name="Relation">The relation in her list.</param>
/// <param name="Name">What she called her when she was last in it.</param>
/// <param name="At">When.</param>
/// <param name="Trail">She has looked where the person was, and not only where she is.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.look")]
public sealed record RelativeLook([property: Id(0)] Guid Relation, [property: Id(1)] string Name, [property: Id(2)] DateTimeOffset At, [property: Id(3)] bool Trail = false);
