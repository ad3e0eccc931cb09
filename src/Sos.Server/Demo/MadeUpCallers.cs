using Orleans;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;

namespace Sos.Server.Demo;

/// <summary>People who do not exist and press SOS now and then; never more than a few at once, so that there are responders for visitors too.</summary>
internal sealed class MadeUpCallers(DemoCast cast, DemoCity city, IGrainFactory grains, Random random)
{
    private const int MostOpen = 9;
    private const double PressesPerSecond = 1 / 9.0;
    private const double CallsOff = 0.06;

    private static readonly (AlertKind Kind, string Note)[] Troubles =
    [
        (AlertKind.Medical, "My father has chest pain."), (AlertKind.Medical, "Fell from the ladder, cannot stand."), (AlertKind.Medical, "Bee sting, swelling fast."),
        (AlertKind.Medical, "She fainted on the stairs."), (AlertKind.Fire, "Smoke from the flat below."), (AlertKind.Fire, "A bin is burning against the wall."),
        (AlertKind.Safety, "Somebody follows me."), (AlertKind.Other, "Locked in the cellar."), (AlertKind.Other, "The lift is stuck, three of us."),
    ];

    private readonly Dictionary<Guid, (Guid Caller, DateTimeOffset? CallOffAt)> _open = [];

    /// <summary>A second: perhaps somebody presses, perhaps somebody calls it off.</summary>
    public async Task Step(DateTimeOffset now)
    {
        if (_open.Count < MostOpen && random.NextDouble() < PressesPerSecond) await Press(city.SomewhereOnAStreet(random), now);
        foreach (var (alert, (caller, callOffAt)) in _open.ToList())
        {
            if (callOffAt <= now) await grains.GetGrain<IAlertGrain>(alert).Cancel(new CancelCommand(caller, "It was nothing.", null));
            var view = await grains.GetGrain<IAlertGrain>(alert).View(new AlertReader(caller, false, []));
            if (view?.ClosedAt is not null) _open.Remove(alert);
        }
    }

    /// <summary>Somebody without an open alert presses at a place; false when everybody has one.</summary>
    public async Task<bool> Press(GeoPoint place, DateTimeOffset now)
    {
        foreach (var caller in cast.MadeUpCallers.OrderBy(_ => random.Next()))
        {
            if (_open.Values.Any(open => open.Caller == caller.Id) || await grains.GetGrain<IUserGrain>(caller.Id).OpenAlert() is not null) continue;
            var (kind, note) = Troubles[random.Next(Troubles.Length)];
            var id = Guid.CreateVersion7(now);
            var outcome = await grains.GetGrain<IAlertGrain>(id).Raise(
                new RaiseCommand(caller.Id, kind, new PositionFix(place, Distance.FromMetres(15), now), note, false, null, now, null, []));
            if (outcome.Result != RaiseResult.Created) return false;
            _open[id] = (caller.Id, random.NextDouble() < CallsOff ? now + TimeSpan.FromSeconds(10 + random.Next(30)) : null);
            return true;
        }

        return false;
    }
}
