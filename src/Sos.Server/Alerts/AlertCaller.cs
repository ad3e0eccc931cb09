using Sos.Contracts.Alerts;
using Sos.Contracts.Users;
using Sos.Server.Identity;

namespace Sos.Server.Alerts;

/// <summary>
/// Who asks about an alert on the routes that the SOS credential and expired access tokens open too. Those are good only for the
/// caller's own alert, whatever roles she has.
/// </summary>
/// <param name="User">Who.</param>
/// <param name="OwnOnly">The credential is good only for her own alert.</param>
internal sealed record AlertCaller(CurrentUser User, bool OwnOnly)
{
    private const Roles HelpingRoles = Roles.Responder | Roles.Operator | Roles.Admin;

    /// <summary>The caller as the alert's grain knows her.</summary>
    public AlertReader ToReader() => OwnOnly ? new AlertReader(User.Id, false, [], OwnOnly: true) : ReaderOf(User);

    /// <summary>
    /// A signed-in user as the alert's grain knows her. Without her second factor a responder sees nobody's alerts but her own, and so does who is
    /// none any more, whatever she was asked before.
    /// </summary>
    public static AlertReader ReaderOf(CurrentUser user) => new(user.Id, user.IsStaff, user.SeenAreas, OwnOnly: user.Withheld != 0 || !user.Has(HelpingRoles));

    /// <summary>Binds a handler's parameter; the route's policy has made sure that there is somebody.</summary>
    public static ValueTask<AlertCaller?> BindAsync(HttpContext context)
    {
        if (context.User.Identity is not SosIdentity identity) return ValueTask.FromResult<AlertCaller?>(null);
        var expired = identity.Token.ExpiresAt <= context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return ValueTask.FromResult<AlertCaller?>(new AlertCaller(identity.User, expired || Credentials.Sos(context.Request) is not null));
    }
}
