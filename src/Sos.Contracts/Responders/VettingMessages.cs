using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Responders;

/// <summary>Where a person's clearance as a responder stands.</summary>
public enum Clearance
{
    /// <summary>Never admitted.</summary>
    None,

    /// <summary>May go on duty.</summary>
    Admitted,

    /// <summary>Taken away by an administrator.</summary>
    Suspended,

    /// <summary>Its validity is over; a new application renews it.</summary>
    Expired,
}

/// <summary>What a person shows to prove that she can help; the papers themselves are shown to those who check them and never kept here.</summary>
/// <param name="Kind">What it is, 1 to 60 characters: <c>paramedic licence</c>.</param>
/// <param name="Reference">Number and issuer, 1 to 120 characters.</param>
/// <param name="ValidUntil">When it ends, or null.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.credential")]
public sealed record Credential([property: Id(0)] string Kind, [property: Id(1)] string Reference, [property: Id(2)] DateOnly? ValidUntil);

/// <summary>A person asks to be a responder.</summary>
/// <param name="Capabilities">What she can do; <see cref="Capabilities.Safety"/> only where she asks for it.</param>
/// <param name="DisplayName">First name, shown to people she helps.</param>
/// <param name="Credentials">At most ten.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.application-draft")]
public sealed record ApplicationDraft([property: Id(0)] Capabilities Capabilities, [property: Id(1)] string DisplayName, [property: Id(2)] ImmutableArray<Credential> Credentials)
{
    /// <summary>Credentials of an application.</summary>
    public const int MostCredentials = 10;
}

/// <summary>An administrator has checked identity and credentials.</summary>
/// <param name="Admin">User id.</param>
/// <param name="Capabilities">What she vouches for.</param>
/// <param name="DisplayName">First name; only used where nobody has applied.</param>
/// <param name="ValidUntil">Until when; null: as long as the service allows.</param>
/// <param name="Revision">The application she has looked at; null: the newest.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.approval")]
public sealed record Approval(
    [property: Id(0)] Guid Admin,
    [property: Id(1)] Capabilities Capabilities,
    [property: Id(2)] string DisplayName,
    [property: Id(3)] DateTimeOffset? ValidUntil,
    [property: Id(4)] int? Revision);

/// <summary>An application as it stands.</summary>
/// <param name="Revision">Grows by one with each application of this person.</param>
/// <param name="Capabilities">Applied for.</param>
/// <param name="DisplayName">First name.</param>
/// <param name="Credentials">What she shows.</param>
/// <param name="At">When.</param>
/// <param name="ApprovedBy">Administrators who have vouched so far.</param>
/// <param name="RefusedAt">When it was refused; null while it is open.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.application")]
public sealed record Application(
    [property: Id(0)] int Revision,
    [property: Id(1)] Capabilities Capabilities,
    [property: Id(2)] string DisplayName,
    [property: Id(3)] ImmutableArray<Credential> Credentials,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] ImmutableArray<Guid> ApprovedBy,
    [property: Id(6)] DateTimeOffset? RefusedAt);

/// <summary>Everything about a person's way to being a responder.</summary>
/// <param name="User">User id.</param>
/// <param name="Clearance">Where it stands.</param>
/// <param name="Capabilities">Cleared.</param>
/// <param name="ValidUntil">End of the clearance, or null.</param>
/// <param name="Application">The newest application; null when there is none any more.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.vetting")]
public sealed record VettingView(
    [property: Id(0)] Guid User,
    [property: Id(1)] Clearance Clearance,
    [property: Id(2)] Capabilities Capabilities,
    [property: Id(3)] DateTimeOffset? ValidUntil,
    [property: Id(4)] Application? Application);

/// <summary>Why a step of vetting is refused.</summary>
public enum VettingRefusal
{
    /// <summary>Not refused.</summary>
    None,

    /// <summary>Nobody has applied, or the application is decided.</summary>
    NoApplication,

    /// <summary>Nobody decides about herself.</summary>
    OwnApplication,

    /// <summary>This administrator has vouched already: another one must.</summary>
    SameAdmin,

    /// <summary>More than was applied for.</summary>
    NotAppliedFor,

    /// <summary>The application has changed since she looked.</summary>
    Stale,

    /// <summary>The validity is over already, or longer than the service allows.</summary>
    BadValidity,
}

/// <summary>What came of a step.</summary>
/// <param name="Refusal">None when it was taken.</param>
/// <param name="View">As it stands afterwards.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.vetting-outcome")]
public sealed record VettingOutcome([property: Id(0)] VettingRefusal Refusal, [property: Id(1)] VettingView View);

/// <summary>Somebody who waits for a decision.</summary>
/// <param name="User">User id.</param>
/// <param name="At">Since when.</param>
[GenerateSerializer, Immutable, Alias("sos.responders.applicant")]
public sealed record Applicant([property: Id(0)] Guid User, [property: Id(1)] DateTimeOffset At);
