using System.Collections.Immutable;
using Orleans;

namespace Sos.Contracts.Users;

/// <summary>What somebody may do. Everybody is a user; the others are granted.</summary>
[Flags]
public enum Roles
{
    /// <summary>A person with an account.</summary>
    User = 1,

    /// <summary>May go on duty.</summary>
    Responder = 2,

    /// <summary>Sees and directs the alerts of her areas.</summary>
    Operator = 4,

    /// <summary>Manages users, responders and areas.</summary>
    Admin = 8,
}

/// <summary>How an account begins.</summary>
/// <param name="Phone">E.164, or null.</param>
/// <param name="Email">E-mail address, or null.</param>
/// <param name="Roles">Roles to start with.</param>
[GenerateSerializer, Immutable, Alias("sos.users.registration")]
public sealed record UserRegistration([property: Id(0)] string? Phone, [property: Id(1)] string? Email, [property: Id(2)] Roles Roles);

/// <summary>What a person changes herself; null members stay.</summary>
/// <param name="FullName">At most 200 characters.</param>
/// <param name="Company">At most 200 characters.</param>
/// <param name="Language">BCP 47 tag.</param>
[GenerateSerializer, Immutable, Alias("sos.users.profile-change")]
public sealed record ProfileChange([property: Id(0)] string? FullName, [property: Id(1)] string? Company, [property: Id(2)] string? Language);

/// <summary>What an administrator changes; null members stay.</summary>
/// <param name="Roles">Roles from now on.</param>
/// <param name="Areas">Areas an operator sees (geohash-4 cells); "*" is every area.</param>
/// <param name="Active">False: every session ends and sign-in is refused.</param>
[GenerateSerializer, Immutable, Alias("sos.users.grant")]
public sealed record UserGrant([property: Id(0)] Roles? Roles, [property: Id(1)] ImmutableArray<string>? Areas, [property: Id(2)] bool? Active);

/// <summary>An account as its owner and administrators see it.</summary>
/// <param name="Id">User id.</param>
/// <param name="Phone">E.164, or null.</param>
/// <param name="Email">E-mail, or null.</param>
/// <param name="FullName">As given.</param>
/// <param name="Company">As given.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Roles">Roles.</param>
/// <param name="Areas">Areas of an operator.</param>
/// <param name="Active">May sign in.</param>
/// <param name="CreatedAt">First sign-in.</param>
[GenerateSerializer, Immutable, Alias("sos.users.profile")]
public sealed record UserProfile(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string? Phone,
    [property: Id(2)] string? Email,
    [property: Id(3)] string? FullName,
    [property: Id(4)] string? Company,
    [property: Id(5)] string? Language,
    [property: Id(6)] Roles Roles,
    [property: Id(7)] ImmutableArray<string> Areas,
    [property: Id(8)] bool Active,
    [property: Id(9)] DateTimeOffset CreatedAt);
