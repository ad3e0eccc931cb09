using Microsoft.AspNetCore.SignalR;
using Sos.Server.Http;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary>Calls over a hub count like requests: a user cannot send more by another way.</summary>
internal sealed class HubLimits(RequestLimits limits) : IHubFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        CurrentUser.From(invocationContext.Context.User) is { } user && !limits.TakeOf(user.Id)
            ? throw new HubException(ProblemKind.TooMany.Slug)
            : next(invocationContext);
}
