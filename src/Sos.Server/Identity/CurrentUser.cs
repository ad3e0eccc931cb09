using System.Collections.Immutable;
using System.Security.Claims;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>
/// Who asks. Handlers take it as a parameter; hubs read it with <see cref="From"/>. Roles and areas are at most
/// <c>Sos:Identity:SessionTrust</c> old, and fresh on the routes of staff.
/// </summary>
/// <param name="Id">User id.</param>
/// <param name="SessionId">The session she asks in.</param>
/// <param name="Roles">What she may do.</param>
/// <param name="Areas">Areas of an operator; "*" is every area.</param>
/// <param name="Withheld">Roles that wait for the second factor of this session.</param>
/// <param name="App">The app that asks for her; null: a device of her own.</param>
public sealed record CurrentUser(Guid Id, Guid SessionId, Roles Roles, ImmutableArray<string> Areas, Roles Withheld = 0, AppAccess? App = null)
{
    private static readonly ImmutableArray<string> Everywhere = ["*"];

    /// <summary>Asks as operator or administrator.</summary>
    public bool IsStaff => (Roles & (Roles.Operator | Roles.Admin)) != 0;

    /// <summary>True when she has one of these roles.</summary>
    public bool Has(Roles any) => (Roles & any) != 0;

    /// <summary>The areas she may look into: an administrator's are all.</summary>
    public ImmutableArray<string> SeenAreas => Has(Roles.Admin) ? Everywhere : Has(Roles.Operator) ? Areas : [];

    /// <summary>The user of an authenticated principal; null when nobody has signed in.</summary>
    public static CurrentUser? From(ClaimsPrincipal? principal) => (principal?.Identity as SosIdentity)?.User;

    /// <summary>Binds a handler's parameter; the route's policy has made sure that there is somebody.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));
}

/// <summary>The identity of a verified token; it always answers with what is known now.</summary>
internal sealed class SosIdentity(VerifiedToken token) : ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, token.User.Id.ToString())], Policies.BearerScheme)
{
    public VerifiedToken Token => token;

    public CurrentUser User => token.User;
}
