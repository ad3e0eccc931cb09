using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Operations;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.Identity;

namespace Sos.Server.Realtime;

/// <summary>
/// Keeps the grains of connected people pointed at this process: follows them when a connection comes, again every 30 s, and cuts off
/// those whose token has expired or whose session has ended.
/// </summary>
internal sealed partial class DeviceConnections(
    ConnectedPeople people, IGrainFactory grains, SessionChecks sessions, TimeProvider time, ILogger<DeviceConnections> logger) : BackgroundService
{
    /// <summary>Grains forget a process after 60 s; one renewal may be lost.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked who is due; what failed is tried again as soon.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(2);
    private const int BatchSize = 256;

    // Grains hold the observer weakly: this field is what keeps it.
    private readonly DeviceObserver _observer = new(people);
    private readonly Lock _referring = new();
    private IDeviceObserver? _reference;

    /// <summary>Adds a connection. When this returns, what happens from now on reaches it, unless grains did not answer; then within 5 s.</summary>
    public async Task Add(DeviceConnection connection)
    {
        var person = people.Add(connection);
        await Follow(person);
    }

    /// <summary>Takes a connection out; its grains forget this process by themselves.</summary>
    public void Remove(DeviceConnection connection)
    {
        connection.Complete();
        people.Remove(connection);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            foreach (var expired in people.All.SelectMany(p => p.Connections).Where(c => c.Token.ExpiresAt <= now)) expired.Close();
            foreach (var batch in people.All.Where(p => p.FollowAt <= now).Chunk(BatchSize)) await Task.WhenAll(batch.Select(Renew));
        }
    }

    private async Task Renew(ConnectedPerson person)
    {
        foreach (var connection in person.Connections)
        {
            if (!await IsAlive(connection.Token)) connection.Close();
        }

        await Follow(person);
    }

    private async ValueTask<bool> IsAlive(VerifiedToken token)
    {
        try
        {
            return await sessions.IsAlive(token).AsTask().WaitAsync(FollowPatience, time);
        }
        catch (Exception trouble)
        {
            // Not knowing is no reason to cut somebody off; the token's end is.
            LogNotAnswered(trouble.GetType().Name);
            return true;
        }
    }

    private async Task Follow(ConnectedPerson person)
    {
        try
        {
            await Task.WhenAll(Follows(person)).WaitAsync(FollowPatience, time);
            person.FollowAt = time.GetUtcNow() + RenewEvery;
        }
        catch (Exception trouble)
        {
            // Due again at the next look; meanwhile the device pulls.
            LogNotAnswered(trouble.GetType().Name);
        }
    }

    private IEnumerable<Task> Follows(ConnectedPerson person)
    {
        var (feeds, reference) = (person.Feeds, Reference());
        if ((feeds & DeviceFeeds.Alerts) != 0) yield return grains.GetGrain<IUserGrain>(person.Id).Follow(reference);
        if ((feeds & DeviceFeeds.Inbox) != 0) yield return grains.GetGrain<IResponderGrain>(person.Id).Follow(reference);
        if ((feeds & DeviceFeeds.Board) != 0 && person.Connections is [.., var newest])
            yield return grains.GetGrain<IOperatorGrain>(person.Id).Follow(reference, newest.Token.User.SeenAreas);
    }

    private IDeviceObserver Reference()
    {
        lock (_referring) return _reference ??= grains.CreateObjectReference<IDeviceObserver>(_observer);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A grain of somebody connected did not answer ({Exception}); it is asked again")]
    private partial void LogNotAnswered(string exception);
}
