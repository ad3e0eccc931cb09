using System.Diagnostics.CodeAnalysis;
using Sos.Contracts.Users;

namespace Sos.Server.Identity;

/// <summary>Roles as the API and the tokens write them: a list of words.</summary>
internal static class RoleNames
{
    private static readonly (Roles Role, string Name)[] All =
        [(Roles.User, "user"), (Roles.Responder, "responder"), (Roles.Operator, "operator"), (Roles.Admin, "admin")];

    /// <summary>The words of some roles.</summary>
    public static string[] Of(Roles roles) => [.. All.Where(pair => (roles & pair.Role) != 0).Select(pair => pair.Name)];

    /// <summary>The roles of some words; false when one is unknown. Everybody is a user.</summary>
    public static bool TryRead([NotNullWhen(true)] IReadOnlyList<string>? names, out Roles roles)
    {
        roles = Roles.User;
        if (names is null) return false;
        foreach (var name in names)
        {
            var known = Array.Find(All, pair => pair.Name == name);
            if (known.Name is null) return false;
            roles |= known.Role;
        }

        return true;
    }
}
