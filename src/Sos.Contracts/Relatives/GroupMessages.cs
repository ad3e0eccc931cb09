using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Relatives;

/// <summary>A person's own grouping of entries of her list.</summary>
/// <param name="Id">Id of the group.</param>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Members">In the order of the list; who has ended it, or was taken out of the list, is in no group any more.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.group")]
public sealed record RelativeGroup([property: Id(0)] Guid Id, [property: Id(1)] string Name, [property: Id(2)] ImmutableArray<Relative> Members);

/// <summary>How a group is to be.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Members">Relations of her own list that have not ended, at most 20; one that stands there twice counts once.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.group-draft")]
public sealed record GroupDraft([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<Guid> Members)
{
    /// <summary>Members of a group: as many as a list has entries.</summary>
    public const int MostMembers = 20;
}

/// <summary>Why a group is not made or changed. Nothing of it depends on anybody else.</summary>
public enum GroupRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Not one of her groups.</summary>
    NotFound,

    /// <summary>A member is not in her own list, or the relation has ended.</summary>
    NotInList,

    /// <summary>Another of her groups has that name, in capitals or not.</summary>
    NameTaken,

    /// <summary>Ten are there already.</summary>
    TooMany,
}

/// <summary>What came of making or changing a group.</summary>
/// <param name="Refusal">None when it was done.</param>
/// <param name="Group">The group as it is now; null when it was refused.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.group-outcome")]
public sealed record GroupOutcome([property: Id(0)] GroupRefusal Refusal, [property: Id(1)] RelativeGroup? Group);

/// <summary>What came of it for one member.</summary>
/// <param name="Member">The entry as it is now.</param>
/// <param name="Refusal">None when it was done: as for the same thing said to her alone.</param>
/// <param name="AgainAt">When she can be asked again where she is; null where she was not asked that, or cannot be.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.member-outcome")]
public sealed record MemberOutcome([property: Id(0)] Relative Member, [property: Id(1)] RelativeRefusal Refusal, [property: Id(2)] DateTimeOffset? AgainAt = null)
{
    /// <summary>Not refused.</summary>
    public bool IsDone => Refusal == RelativeRefusal.None;
}

/// <summary>What came of it for each member of a group.</summary>
/// <param name="Sharing">Her master switch: while it is off she is shown to nobody.</param>
/// <param name="Members">In the order of the list.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.members-outcome")]
public sealed record MembersOutcome([property: Id(0)] bool Sharing, [property: Id(1)] ImmutableArray<MemberOutcome> Members);
