using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Messaging;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.TestKit;

namespace Sos.Grains.Tests.City;

/// <summary>A silo with every slice, a clock that stands until it is moved, and a gateway that remembers what it sent.</summary>
internal sealed class CityHost : IAsyncDisposable
{
    private const int LooksAStep = 4;

    /// <summary>Of real time: a busy machine is slow, and what waits longer is stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static readonly GeoPoint Square = new(48.2082, 16.3738);

    private readonly SosTestHost _host;

    private CityHost(SosTestHost host, RememberingGateway texts) => (_host, Texts) = (host, texts);

    public IGrainFactory Grains => _host.Grains;

    public IServiceProvider Services => _host.Services;

    public RememberingGateway Texts { get; }

    public DateTimeOffset Now => _host.Time.GetUtcNow();

    public static async Task<CityHost> Start(Action<IServiceCollection>? services = null)
    {
        var texts = new RememberingGateway();
        var host = await SosTestHost.Start(new SosTestHostOptions
        {
            Time = new ManualTimeProvider(),
            Host = builder => builder.Services.AddSingleton<ISmsGateway>(texts),
            Silo = silo =>
            {
                silo.AddSosGrains();
                silo.Services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(texts));
                services?.Invoke(silo.Services);
            },
        });
        return new CityHost(host, texts);
    }

    public IAlertGrain Alert(Guid id) => Grains.GetGrain<IAlertGrain>(id);

    public IResponderGrain Responder(Guid id) => Grains.GetGrain<IResponderGrain>(id);

    /// <summary>A responder on duty, some metres east of the square.</summary>
    public async Task<Guid> OnDuty(double metres, Capabilities capabilities = Capabilities.Medical | Capabilities.Safety, int capacity = 1, string name = "Anna")
    {
        var id = Guid.CreateVersion7(Now);
        await Grains.GetGrain<IUserGrain>(id).Register(new UserRegistration($"+1555{Random.Shared.Next(1_000_000, 9_999_999)}", null, Roles.User | Roles.Responder));
        await Responder(id).Clear(new ResponderClearance(true, capabilities, name));
        await Responder(id).SetDuty(new DutyChange(true, capacity, Transport.Car));
        await Report(id, metres);
        return id;
    }

    public Task<ReportOutcome> Report(Guid responder, double metres) =>
        Responder(responder).Report(new PositionReport(Square.Travel(90, Distance.FromMetres(metres)), Distance.FromMetres(10), Now));

    public async Task<(Guid Alert, Guid Victim)> Press(AlertKind kind = AlertKind.Medical, bool located = true, Guid? victim = null)
    {
        var (alert, person) = (Guid.CreateVersion7(Now), victim ?? Guid.CreateVersion7(Now));
        var outcome = await Alert(alert).Raise(new RaiseCommand(person, kind, located ? new PositionFix(Square, null, Now) : null, null, false, null, Now, null, []));
        Assert.Equal(RaiseResult.Created, outcome.Result);
        return (alert, person);
    }

    public async Task<AlertView> Staff(Guid alert) => (await Alert(alert).View(new AlertReader(Guid.Empty, true, ["*"])))!;

    public async Task<ImmutableArray<AlertEvent>> Story(Guid alert) => (await Alert(alert).Events(new AlertReader(Guid.Empty, true, ["*"]), 0, 200))!.Events;

    public async Task<AlertOutcome> Act(Guid alert, Guid responder, ResponderMove move) =>
        await Alert(alert).Respond(new RespondCommand(responder, move, (await Staff(alert)).Version, null, null));

    public async Task<ImmutableArray<InboxItem>> Inbox(Guid responder, Guid alert) => [.. (await Responder(responder).Inbox(0)).Where(i => i.Delivery.AlertId == alert)];

    /// <summary>Lets the grains come to rest: what was begun is written, what was sent is noted.</summary>
    public Task Settle() => _host.Settle();

    /// <summary>Moves the clock, and lets what is due on the way happen.</summary>
    public Task Advance(TimeSpan time) => _host.Advance(time);

    /// <summary>Waits, with the clock standing still, until something is so; fails after a minute of real time with what it waited for.</summary>
    public async Task Until(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            _host.Time.Advance(TimeSpan.Zero);
            await Task.Yield();
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"Waited {Patience.TotalSeconds} s for: {what}");
        }
    }

    /// <summary>
    /// Moves the clock step by step until something is so. Between two steps the grains are given time: a call that is under way when the clock jumps is
    /// one that was not answered in time.
    /// </summary>
    public Task Until(string what, TimeSpan step, Func<Task<bool>> condition)
    {
        var looks = 0;
        return Until(what, async () =>
        {
            if (looks++ % LooksAStep == 0) await Advance(step);
            // Answered behind whatever is waiting already.
            await Grains.GetGrain<IUserGrain>(Guid.Empty).Profile();
            return await condition();
        });
    }

    /// <summary>Moves the clock in small steps until something is so, at most a span of the clock's time.</summary>
    public async Task Within(TimeSpan span, string what, Func<Task<bool>> condition)
    {
        var end = Now + span;
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            await Advance(Now < end ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero);
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not within {span}: {what}");
        }
    }

    public async Task CrashAndRestart(TimeSpan down)
    {
        await _host.Crash();
        _host.Time.Advance(down);
        await _host.Start();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}

/// <summary>A gateway that remembers what it was given.</summary>
internal sealed class RememberingGateway : ISmsGateway
{
    private readonly ConcurrentQueue<TextMessage> _sent = [];

    public IReadOnlyCollection<TextMessage> Sent => _sent;

    public Task<bool> Send(TextMessage message, CancellationToken cancellationToken)
    {
        _sent.Enqueue(message);
        return Task.FromResult(true);
    }
}
