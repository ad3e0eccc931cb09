using Orleans;

namespace Sos.Contracts.Users;

/// <summary>Somebody who is to be blocked: one of person, phone number and alert.</summary>
/// <param name="Person">User id; null when it is to be found by <paramref name="AddressKey"/>.</param>
/// <param name="Phone">E.164, as the one who blocks knows it, or null.</param>
/// <param name="AddressKey">Key of the number's <see cref="Identity.IPhoneGrain"/>; goes with <paramref name="Phone"/>.</param>
/// <param name="AlertId">The alert that the person came to; who she is stays hidden from the one who blocks.</param>
/// <param name="Name">First name of the person who came, as it was shown.</param>
[GenerateSerializer, Immutable, Alias("sos.users.block-draft")]
public sealed record BlockDraft(
    [property: Id(0)] Guid? Person,
    [property: Id(1)] string? Phone = null,
    [property: Id(2)] string? AddressKey = null,
    [property: Id(3)] Guid? AlertId = null,
    [property: Id(4)] string? Name = null);

/// <summary>A block as the one who made it sees it: what she knew, and nothing that it led to.</summary>
/// <param name="Id">Id of the block.</param>
/// <param name="Person">User id, where that is what she knew.</param>
/// <param name="Phone">E.164, where that is what she knew.</param>
/// <param name="AlertId">The alert, where that is what she knew.</param>
/// <param name="Name">First name of who came to that alert.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("sos.users.block")]
public sealed record Block(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid? Person,
    [property: Id(2)] string? Phone,
    [property: Id(3)] Guid? AlertId,
    [property: Id(4)] string? Name,
    [property: Id(5)] DateTimeOffset At);

/// <summary>Why a block is refused.</summary>
public enum BlockRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>It is the person herself.</summary>
    Oneself,

    /// <summary>She has blocked as many as the list takes.</summary>
    TooMany,
}

/// <summary>What came of a block.</summary>
/// <param name="Refusal">None when it stands.</param>
/// <param name="Block">The block; null when refused.</param>
[GenerateSerializer, Immutable, Alias("sos.users.block-outcome")]
public sealed record BlockOutcome([property: Id(0)] BlockRefusal Refusal, [property: Id(1)] Block? Block);

/// <summary>Which of the two wanted to be kept apart.</summary>
public enum SeparationSide
{
    /// <summary>The person whose record it is.</summary>
    Mine,

    /// <summary>The other one.</summary>
    Theirs,
}
