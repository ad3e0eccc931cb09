using System.Collections.Immutable;
using Orleans;
using Sos.Contracts.Geo;

namespace Sos.Contracts.Relatives;

/// <summary>Where a relation stands, as one of the two sees it.</summary>
public enum RelationState
{
    /// <summary>The other one was asked, and has not agreed: not registered, not looked, refused, blocked; nobody is told which.</summary>
    Invited,

    /// <summary>Both have agreed. Neither sees the other before she shares.</summary>
    Active,

    /// <summary>Both have agreed, and the one who asks has paused it on her side. The other is not told.</summary>
    Paused,

    /// <summary>The other one has ended it, or her account is gone.</summary>
    Ended,
}

/// <summary>Somebody whom a person wants to know near.</summary>
/// <param name="Phone">E.164.</param>
/// <param name="AddressKey">Key of the number's <see cref="Identity.IPhoneGrain"/>.</param>
/// <param name="Name">As she calls her, 1 to 60 characters.</param>
/// <param name="Notes">At most 500 characters, or null.</param>
/// <param name="Texted">The number may get a text message.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.draft")]
public sealed record RelativeDraft(
    [property: Id(0)] string Phone, [property: Id(1)] string AddressKey, [property: Id(2)] string Name, [property: Id(3)] string? Notes, [property: Id(4)] bool Texted);

/// <summary>What she changes about it; null members stay.</summary>
/// <param name="Name">1 to 60 characters.</param>
/// <param name="Notes">At most 500 characters.</param>
/// <param name="Paused">True: neither is shown to the other, and the other is not told why.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.change")]
public sealed record RelativeChange([property: Id(0)] string? Name, [property: Id(1)] string? Notes, [property: Id(2)] bool? Paused);

/// <summary>How somebody shows herself to one person.</summary>
/// <param name="Enabled">She does; off until she says so.</param>
/// <param name="Until">When it ends by itself; null only while it was never on.</param>
/// <param name="Precision">How exactly.</param>
/// <param name="History">How far back that person may see where she was.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.sharing")]
public sealed record RelativeSharing(
    [property: Id(0)] bool Enabled, [property: Id(1)] DateTimeOffset? Until, [property: Id(2)] SharePrecision Precision, [property: Id(3)] TrailWindow History = TrailWindow.None)
{
    /// <summary>It ends by itself no later; then she says anew that she wants it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);
}

/// <summary>Somebody in a person's own list.</summary>
/// <param name="Id">Id of the relation in this list.</param>
/// <param name="Person">User id; null until both have agreed. Never shown to anybody.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Name">As the person calls her.</param>
/// <param name="Notes">Likewise.</param>
/// <param name="AddedAt">When she was added.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Sharing">How the person shows herself to her.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.relative")]
public sealed record Relative(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid? Person,
    [property: Id(2)] string Phone,
    [property: Id(3)] string Name,
    [property: Id(4)] string? Notes,
    [property: Id(5)] DateTimeOffset AddedAt,
    [property: Id(6)] RelationState State,
    [property: Id(7)] RelativeSharing Sharing);

/// <summary>Somebody asks the person.</summary>
/// <param name="Id">Id of the invitation.</param>
/// <param name="Name">Who asks: her name, cut to letters.</param>
/// <param name="Phone">Her number, E.164; null when she has none.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.invitation")]
public sealed record RelativeInvitation([property: Id(0)] Guid Id, [property: Id(1)] string Name, [property: Id(2)] string? Phone, [property: Id(3)] DateTimeOffset At);

/// <summary>A person's whole list.</summary>
/// <param name="Sharing">The master switch.</param>
/// <param name="Relatives">Oldest first.</param>
/// <param name="Invitations">Who asks her, oldest first.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.list")]
public sealed record RelativeList(
    [property: Id(0)] bool Sharing, [property: Id(1)] ImmutableArray<Relative> Relatives, [property: Id(2)] ImmutableArray<RelativeInvitation> Invitations);

/// <summary>Why something is refused. Nothing of it depends on anybody else.</summary>
public enum RelativeRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Not in her own list.</summary>
    NotFound,

    /// <summary>In her own list already.</summary>
    Duplicate,

    /// <summary>Twenty are there already.</summary>
    TooMany,

    /// <summary>It is the person's own number.</summary>
    OwnNumber,

    /// <summary>Ten were added within a day, or she was asked within the hour.</summary>
    TooSoon,

    /// <summary>Not both have agreed.</summary>
    NotActive,

    /// <summary>Her master switch is off.</summary>
    SwitchedOff,

    /// <summary>The notes of all her relatives together would be too long for her record.</summary>
    NotesTooLong,
}

/// <summary>What came of a change.</summary>
/// <param name="Refusal">None when it was done.</param>
/// <param name="Relative">The entry as it is now; null when there is none.</param>
/// <param name="Count">Entries of the list.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.outcome")]
public sealed record RelativeOutcome([property: Id(0)] RelativeRefusal Refusal, [property: Id(1)] Relative? Relative, [property: Id(2)] int Count);

/// <summary>Where somebody is, as exactly as one other person may see it.</summary>
/// <param name="Fix">The position; the middle of a square and no accuracy when it is approximate.</param>
/// <param name="Precision">How exactly.</param>
[GenerateSerializer, Immutable, Alias("sos.relatives.shown-place")]
public sealed record ShownPlace([property: Id(0)] PositionFix Fix, [property: Id(1)] SharePrecision Precision);
