using System.Threading.Channels;
using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Server.MadeUp;

namespace Sos.Server.Sandbox;

/// <summary>The made-up responders of the sandbox: wherever somebody presses, three of them appear near by and do what the scene of her number asks for.</summary>
internal sealed class SandboxCrew(IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SandboxCrew> logger) : BackgroundService, ICharacter
{
    private const int Size = 60;
    private const int FirstNumber = 5000;
    private const int Party = 3;
    private const double MetresPerDegree = GeoPoint.EarthRadiusMetres * Math.PI / 180;

    /// <summary>Who is not needed so long goes off duty, and can appear somewhere else.</summary>
    private static readonly TimeSpan IdleFor = TimeSpan.FromMinutes(2);

    /// <summary>An alert that nobody ends is closed, so that the sandbox does not fill up with them.</summary>
    private static readonly TimeSpan LongestAlert = TimeSpan.FromMinutes(15);

    private static readonly AlertReader Eye = new(Guid.Empty, true, ["*"]);

    private readonly Channel<Guid> _noted = Channel.CreateUnbounded<Guid>();
    private readonly Dictionary<Guid, Act> _acts = [];
    private readonly List<Actor> _crew = [];
    private readonly Random _random = new(17);
    private readonly TaskCompletionSource _awake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the crew is there.</summary>
    public Task Awake => _awake.Task;

    /// <summary>Seconds that the crew has lived.</summary>
    public int Seconds { get; private set; }

    /// <summary>An alert is there; looked at within a second.</summary>
    public void Note(Guid alert) => _noted.Writer.TryWrite(alert);

    /// <inheritdoc/>
    public GeoPoint Stroll(GeoPoint? here) => here ?? default;

    /// <inheritdoc/>
    public MadeUpAnswer Answer(Guid responder, InboxDelivery delivery)
    {
        if (!_acts.TryGetValue(delivery.AlertId, out var act)) return MadeUpAnswer.Accepts;
        // The crew reads its inboxes side by side.
        lock (act)
        {
            var isFirst = (act.First ??= responder) == responder;
            return act.Scene switch
            {
                SandboxScene.FirstDeclines => isFirst ? MadeUpAnswer.Declines : MadeUpAnswer.AcceptsSlowly,
                SandboxScene.OnlyTheAssigned => delivery.Kind == InboxKind.Assigned ? MadeUpAnswer.Accepts : MadeUpAnswer.Silent,
                SandboxScene.NobodyAnswers => MadeUpAnswer.Silent,
                SandboxScene.FirstGivesUp => GivesUp(act, isFirst),
                _ => MadeUpAnswer.Accepts,
            };
        }
    }

    // The others wait for her to have given up; she herself does not come a second time.
    private static MadeUpAnswer GivesUp(Act act, bool isFirst)
    {
        if (!isFirst) return act.WasGivenUp ? MadeUpAnswer.Accepts : MadeUpAnswer.Silent;
        return act.WasTaken ? MadeUpAnswer.Silent : MadeUpAnswer.AcceptsAndGivesUp;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        for (var i = 0; i < Size; i++) _crew.Add(new Actor(new MadeUpResponder(Member(i), this, grains, new Random(200 + i))));

        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        _awake.SetResult();
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            while (_noted.Reader.TryRead(out var alert)) _acts.TryAdd(alert, new Act());
            foreach (var (alert, act) in _acts.ToList()) await PlayedStep.Try(logger, () => Direct(alert, act, now));
            await Task.WhenAll(_crew.Where(actor => actor.FreeAt is not null).Select(actor => PlayedStep.Try(logger, () => Play(actor, now))));
            Seconds++;
        }
    }

    private static CastMember Member(int number) => new(CastMember.IdOf(FirstNumber + number), "Sandbox " + (number + 1), Roles.User | Roles.Responder);

    /// <summary>A second of an alert: its party comes once it is known where; closed, it is forgotten.</summary>
    private async Task Direct(Guid alert, Act act, DateTimeOffset now)
    {
        var grain = grains.GetGrain<IAlertGrain>(alert);
        if (await grain.View(Eye) is not { ClosedAt: null, Staff: { } staff } view)
        {
            _acts.Remove(alert);
            return;
        }

        act.Saw(taken: view.Rescuer is not null);
        if (now - view.RaisedAt > LongestAlert) await grain.Direct(new StaffCommand(Guid.Empty, ["*"], StaffMove.Close, null, "Nobody ended it; this is a sandbox.", null, null));
        if (act.HasParty || view.Position is not { } position) return;
        // Everybody may be busy elsewhere: then the party comes in a later second.
        if (_crew.Where(actor => actor.FreeAt is null).Take(Party).ToList() is not { Count: > 0 } party) return;
        act.Scene = SandboxScenes.Of((await grains.GetGrain<IUserGrain>(staff.Victim).Profile())?.Phone);
        foreach (var actor in party)
        {
            await Appear(actor, position.Point, now);
            act.HasParty = true;
        }
    }

    private async Task Appear(Actor actor, GeoPoint place, DateTimeOffset now)
    {
        var member = actor.Person.Member;
        if (!actor.IsHired)
        {
            // What she had open when the sandbox was stopped is nobody's any more; off duty she is in no cell and may appear anywhere.
            await grains.GetGrain<IUserGrain>(member.Id).Register(new UserRegistration(null, null, member.Roles));
            await grains.GetGrain<IResponderGrain>(member.Id).Clear(new ResponderClearance(true, Capabilities.Medical | Capabilities.Safety | Capabilities.Fire, member.Name));
            await actor.Person.GoOffDuty();
            actor.IsHired = true;
        }

        actor.FreeAt = now + IdleFor;
        await actor.Person.AppearAt(Near(place), now);
    }

    private async Task Play(Actor actor, DateTimeOffset now)
    {
        await actor.Person.Step(now);
        if (actor.Person.Alert is not null) actor.FreeAt = now + IdleFor;
        else if (now >= actor.FreeAt)
        {
            await actor.Person.GoOffDuty();
            actor.FreeAt = null;
        }
    }

    /// <summary>200 to 800 m away; at the poles a degree of longitude is next to nothing, so there it is north or south only.</summary>
    private GeoPoint Near(GeoPoint place)
    {
        var (bearing, way) = (_random.NextDouble() * Math.Tau, 200 + 600 * _random.NextDouble());
        var north = way * Math.Cos(bearing) / MetresPerDegree;
        var latitude = Math.Clamp(place.Latitude + (Math.Abs(place.Latitude + north) > 89.9 ? -north : north), -90, 90);
        var east = Math.Abs(latitude) > 89 ? 0 : way * Math.Sin(bearing) / (MetresPerDegree * Math.Cos(double.DegreesToRadians(latitude)));
        var longitude = place.Longitude + east;
        return new GeoPoint(latitude, longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude);
    }

    // A step that fails is one second of one made-up life: told, and the next second is tried.
    /// <summary>What is played about one alert.</summary>
    private sealed class Act
    {
        public SandboxScene Scene { get; set; }

        public bool HasParty { get; set; }

        public Guid? First { get; set; }

        /// <summary>Somebody has accepted.</summary>
        public bool WasTaken { get; private set; }

        /// <summary>Somebody has accepted and given it back.</summary>
        public bool WasGivenUp { get; private set; }

        public void Saw(bool taken)
        {
            WasGivenUp |= WasTaken && !taken;
            WasTaken |= taken;
        }
    }

    /// <summary>One of the crew.</summary>
    private sealed class Actor(MadeUpResponder person)
    {
        public MadeUpResponder Person => person;

        public bool IsHired { get; set; }

        /// <summary>When she may appear somewhere else; null while she is off duty and may at once.</summary>
        public DateTimeOffset? FreeAt { get; set; }
    }
}
