using Microsoft.AspNetCore.SignalR;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary>
/// A hub through which a device hears of what concerns its own person. Clients never address others, and no method takes a user id:
/// whoever it is, is in the token.
/// </summary>
/// <typeparam name="THub">The hub itself.</typeparam>
internal abstract class DeviceHub<THub>(DeviceConnections connections, IHubContext<THub, IDeviceClient> hub) : Hub<IDeviceClient>
    where THub : Hub<IDeviceClient>
{
    private const string ConnectionKey = "sos.connection";

    /// <summary>The caller.</summary>
    protected CurrentUser User => CurrentUser.From(Context.User) ?? throw new HubException("unauthorized");

    /// <inheritdoc/>
    public override async Task OnConnectedAsync()
    {
        if (Context.User?.Identity is not SosIdentity identity) throw new HubException("unauthorized");
        var context = Context;
        var connection = new DeviceConnection(identity.Token, FeedsFor(identity.User), context.Abort, hidesPlaces: !await MaySeePlaces(identity.User));
        context.Items[ConnectionKey] = connection;
        _ = PumpUntilClosed(connection, hub.Clients.Client(context.ConnectionId), context);
        await connections.Add(connection);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.TryGetValue(ConnectionKey, out var value) && value is DeviceConnection connection) connections.Remove(connection);
        return Task.CompletedTask;
    }

    protected abstract DeviceFeeds FeedsFor(CurrentUser user);

    /// <summary>Whether positions on boards may be told to her.</summary>
    protected virtual Task<bool> MaySeePlaces(CurrentUser user) => Task.FromResult(true);

    private static async Task PumpUntilClosed(DeviceConnection connection, IDeviceClient client, HubCallerContext context)
    {
        try
        {
            await connection.Pump(client);
        }
        catch (Exception)
        {
            // Whatever kept a message from being written: the device connects again and pulls what it missed.
            context.Abort();
        }
    }
}
