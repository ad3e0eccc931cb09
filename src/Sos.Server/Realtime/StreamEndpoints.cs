using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.Alerts;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary><c>GET /users/me/stream</c>: what hubs tell, as server-sent events, for clients without SignalR.</summary>
internal static class StreamEndpoints
{
    private const int PageLength = 200;
    private static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    public static IEndpointRouteBuilder MapStream(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/me/stream", Stream).RequireAuthorization(Policies.User).WithTags("Realtime")
            .WithSummary("Events of my alerts, my inbox and my boards as server-sent events; resumes after Last-Event-ID, or after=; ticket= in place of a token")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").ForApps(AppScopes.ReadAlerts);
        return routes;
    }

    private static async Task Stream(
        HttpContext context, CurrentUser user, DeviceConnections connections, BoardLooks looks, IGrainFactory grains, TimeProvider time, IHostApplicationLifetime host)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        var connection = new DeviceConnection(((SosIdentity)context.User.Identity!).Token, FeedsFor(user), ending.Cancel, hidesPlaces: !await looks.MaySeePlaces(user));
        var resume = StreamCursor.Parse(context.Request.Headers["Last-Event-ID"]) ?? StreamCursor.Parse(context.Request.Query["after"]);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stream = new EventStream(context.Response.BodyWriter, resume ?? default);
        try
        {
            // Connected first, then what was missed: what happens in between waits in the queue and is dropped as known.
            await connections.Add(connection);
            await stream.WriteComment(ending.Token);
            if (resume is { } cursor) await Resume(stream, cursor, user, grains, looks, ending.Token);
            await Follow(stream, connection, time, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, its token has ended, or the server stops.
        }
        finally
        {
            connections.Remove(connection);
        }
    }

    private static async Task Resume(EventStream stream, StreamCursor cursor, CurrentUser user, IGrainFactory grains, BoardLooks looks, CancellationToken cancellationToken)
    {
        if (user.Has(Roles.Responder))
        {
            foreach (var item in await grains.GetGrain<IResponderGrain>(user.Id).Inbox(cursor.Inbox)) await stream.Write(new DeviceMessage(Inbox: item), cancellationToken);
        }

        if (cursor.Alert != Guid.Empty && await looks.MayResume(user, cursor.Alert)) await Resume(stream, cursor.Alert, cursor.Seq, user, grains, cancellationToken);
        var open = await grains.GetGrain<IUserGrain>(user.Id).OpenAlert();
        if (open is { } alert && alert != cursor.Alert) await Resume(stream, alert, 0, user, grains, cancellationToken);
    }

    private static async Task Resume(EventStream stream, Guid alert, long after, CurrentUser user, IGrainFactory grains, CancellationToken cancellationToken)
    {
        AlertEventPage? page;
        do
        {
            page = await grains.GetGrain<IAlertGrain>(alert).Events(AlertCaller.ReaderOf(user), after, PageLength);
            foreach (var change in page?.Events ?? []) await stream.Write(new DeviceMessage(Alert: change), cancellationToken);
            after = page?.Next ?? after;
        }
        while (page is { More: true });
    }

    private static async Task Follow(EventStream stream, DeviceConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiting = connection.WaitAsync(cancellationToken).AsTask();
        while (true)
        {
            try
            {
                if (!await waiting.WaitAsync(CommentEvery, time, cancellationToken)) return;
            }
            catch (TimeoutException)
            {
                await stream.WriteComment(cancellationToken);
                continue;
            }

            while (connection.TryTake(out var message)) await stream.Write(message, cancellationToken);
            waiting = connection.WaitAsync(cancellationToken).AsTask();
        }
    }

    private static DeviceFeeds FeedsFor(CurrentUser user) => DeviceFeeds.Alerts
        | (user.App is null ? DeviceFeeds.Whereabouts : DeviceFeeds.None)
        | (user.Has(Roles.Responder) ? DeviceFeeds.Inbox : DeviceFeeds.None)
        | (user.IsStaff ? DeviceFeeds.Board : DeviceFeeds.None);
}
