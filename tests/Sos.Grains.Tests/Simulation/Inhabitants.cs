using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Embedded.Simulation;

namespace Sos.Grains.Tests.Simulation;

/// <summary>A press that somebody means to make, written down before it is sent.</summary>
internal sealed record Intent(Guid Alert, Guid Victim, AlertKind Kind)
{
    public DateTimeOffset? AcknowledgedAt { get; set; }

    public bool WantsCancel { get; init; }

    public bool Cancelled { get; set; }
}

/// <summary>The people of a simulated city: they press, help, direct, and know nothing of what breaks.</summary>
internal sealed class Inhabitants(SimulatedCity city, CityPlan plan)
{
    private static readonly GeoPoint Square = new(48.2082, 16.3738);

    private readonly SeededRandom _random = city.Silo.RandomFor("people");
    private readonly List<Task> _errands = [];

    public List<Intent> Intents { get; } = [];

    public List<Guid> Responders { get; } = [];

    /// <summary>Everybody lives until all alerts are closed and told.</summary>
    public async Task Live()
    {
        for (var i = 0; i < plan.Responders; i++) Responders.Add(NewId());
        foreach (var id in Responders) await Enrol(id);
        var helpers = Responders.Select(Help).ToList();
        var weather = city.Weather();
        var presses = Enumerable.Range(0, plan.Callers).Select(_ => Press()).ToList();
        var desk = Direct();
        await weather;
        await Task.WhenAll(presses);
        await desk;
        await Task.WhenAll(helpers);
        await Task.WhenAll(_errands);
    }

    private async Task Enrol(Guid id)
    {
        await city.Call(g => g.GetGrain<IUserGrain>(id).Register(new UserRegistration("+15550001", null, Roles.User | Roles.Responder)));
        await city.Call(g => g.GetGrain<IResponderGrain>(id).Clear(new ResponderClearance(true, Capabilities.Medical | Capabilities.Safety, "Anna")));
        await city.Call(g => g.GetGrain<IResponderGrain>(id).SetDuty(new DutyChange(true, 1, Transport.Car)));
        await Report(id);
    }

    private Task<ReportOutcome> Report(Guid id) => city.Call(g => g.GetGrain<IResponderGrain>(id).Report(new PositionReport(Somewhere(2500), Distance.FromMetres(10), city.Now)));

    private async Task Press()
    {
        await city.Wait(_random.NextDouble() * plan.Storm.TotalSeconds * 0.9);
        var intent = new Intent(NewId(), NewId(), (AlertKind)_random.Next(4)) { WantsCancel = _random.NextDouble() < 0.1 };
        Intents.Add(intent);
        var where = _random.NextDouble() < 0.95 ? new PositionFix(Somewhere(2000), null, city.Now) : null;
        var press = new RaiseCommand(intent.Victim, intent.Kind, where, "help", false, null, city.Now, "f", []);
        var again = _random.NextDouble() < 0.3 ? 2 : 1;
        while (again-- > 0)
        {
            var outcome = await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).Raise(press));
            if (outcome.Result is not (RaiseResult.Created or RaiseResult.Replayed)) city.Surprises.Add($"A press was answered {outcome.Result}.");
            intent.AcknowledgedAt ??= city.Now;
        }

        await city.Wait(_random.NextDouble() * 40);
        if (where is null || _random.NextDouble() < 0.3)
        {
            var fix = new PositionFix(Somewhere(2000), null, city.Now);
            await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).Append(new AppendCommand(intent.Victim, fix, null, null, false, null)));
        }

        if (!intent.WantsCancel) return;
        var key = new CommandKey($"cancel-{intent.Alert:N}", "f");
        var cancelled = await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).Cancel(new CancelCommand(intent.Victim, null, key)));
        intent.Cancelled = cancelled.Refusal == AlertRefusal.None;
    }

    private async Task Help(Guid me)
    {
        long after = 0;
        var reported = city.Now;
        while (!city.Calm || !await AllClosed())
        {
            await city.Wait(2 + 3 * _random.NextDouble());
            if ((city.Now - reported).TotalSeconds > 20)
            {
                await Report(me);
                reported = city.Now;
            }

            foreach (var item in await city.Call(g => g.GetGrain<IResponderGrain>(me).Inbox(after)))
            {
                after = Math.Max(after, item.Seq);
                if (item.Delivery.Kind is InboxKind.Offer or InboxKind.Assigned) _errands.Add(Answer(me, item.Delivery));
            }
        }
    }

    private async Task Answer(Guid me, InboxDelivery delivery)
    {
        var alert = delivery.AlertId;
        await city.Wait(1 + 8 * _random.NextDouble());
        await city.Call(g => g.GetGrain<IAlertGrain>(alert).Acknowledge(new ReceiptCommand(me, true)));
        var mood = city.Calm ? 0 : _random.NextDouble();
        if (mood > plan.Accepting + 0.2) return;
        if (mood > plan.Accepting)
        {
            await Act(me, alert, ResponderMove.Decline, delivery.Version);
            return;
        }

        if (await Act(me, alert, ResponderMove.Accept, delivery.Version) is not { Refusal: AlertRefusal.None, View: { } view }) return;
        foreach (var move in new[] { ResponderMove.EnRoute, ResponderMove.OnScene, ResponderMove.Resolve })
        {
            await city.Wait(3 + 15 * _random.NextDouble());
            if (await Act(me, alert, move, view.Version) is not { Refusal: AlertRefusal.None }) return;
        }
    }

    private Task<AlertOutcome> Act(Guid me, Guid alert, ResponderMove move, long version)
    {
        var key = new CommandKey($"{me:N}{move}{version}", "f");
        return city.Call(g => g.GetGrain<IAlertGrain>(alert).Respond(new RespondCommand(me, move, version, null, key)));
    }

    // Staff interferes now and then while the storm lasts, and closes what has no position at the end.
    private async Task Direct()
    {
        var staff = NewId();
        for (var turn = 0; !city.Calm || !await AllClosed(); turn++)
        {
            await city.Wait(10 + 20 * _random.NextDouble());
            if (Intents.Count == 0) continue;
            var alert = Intents[_random.Next(Intents.Count)].Alert;
            var move = city.Calm ? turn > 40 ? StaffMove.Close : StaffMove.Note : (StaffMove)_random.Next(5);
            var key = new CommandKey($"staff-{turn}", "f");
            await city.Call(g => g.GetGrain<IAlertGrain>(alert).Direct(
                new StaffCommand(staff, ["*"], move, Responders[_random.Next(Responders.Count)], "because", null, key)));
        }
    }

    private async Task<bool> AllClosed()
    {
        foreach (var intent in Intents.Where(i => !_closed.Contains(i.Alert)).ToList())
        {
            var view = await city.Call(g => g.GetGrain<IAlertGrain>(intent.Alert).View(new AlertReader(intent.Victim, false, [])));
            if (view is null || view.Status < AlertStatus.Resolved) return false;
            _closed.Add(intent.Alert);
        }

        return true;
    }

    private readonly HashSet<Guid> _closed = [];

    private GeoPoint Somewhere(double within) => Square.Travel(_random.NextDouble() * 360, Distance.FromMetres(_random.NextDouble() * within));

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
