using Sos.Contracts.Users;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>What a person changes about herself; what is left out stays.</summary>
/// <param name="FullName">At most 200 characters.</param>
/// <param name="Company">At most 200 characters.</param>
/// <param name="Language">BCP 47 tag, like <c>de</c> or <c>pt-BR</c>.</param>
public sealed record ProfileRequest(string? FullName = null, string? Company = null, string? Language = null);

/// <summary>What an administrator changes about a user; what is left out stays.</summary>
/// <param name="Roles">Roles from now on: user, responder, operator, admin.</param>
/// <param name="Areas">Areas of an operator: geohash-4 cells, or "*" for all.</param>
/// <param name="Active">False: every session ends and sign-in is refused.</param>
public sealed record GrantRequest(IReadOnlyList<string>? Roles = null, IReadOnlyList<string>? Areas = null, bool? Active = null);

/// <summary>An account as its owner and administrators see it.</summary>
/// <param name="Id">User id.</param>
/// <param name="Phone">E.164.</param>
/// <param name="Email">E-mail address.</param>
/// <param name="FullName">As given.</param>
/// <param name="Company">As given.</param>
/// <param name="Language">BCP 47 tag.</param>
/// <param name="Roles">user, responder, operator, admin.</param>
/// <param name="Areas">Areas of an operator.</param>
/// <param name="Active">May sign in.</param>
/// <param name="CreatedAt">First sign-in.</param>
public sealed record UserView(
    Guid Id,
    string? Phone,
    string? Email,
    string? FullName,
    string? Company,
    string? Language,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Areas,
    bool Active,
    DateTimeOffset CreatedAt)
{
    internal static UserView Of(UserProfile profile) => new(
        profile.Id,
        profile.Phone,
        profile.Email,
        profile.FullName,
        profile.Company,
        profile.Language,
        RoleNames.Of(profile.Roles),
        profile.Areas,
        profile.Active,
        profile.CreatedAt);
}
