using Sos.Contracts.Geo;

namespace Sos.Simulator.City;

/// <summary>Where somebody is who goes straight from place to place: between calls about her home at random, then to the call.</summary>
internal sealed class Mover(Pace pace, GeoPoint home, Random random)
{
    private static readonly Distance Beat = Distance.FromKilometres(2);
    private static readonly Speed Driving = Speed.FromKilometresPerHour(50);
    private static readonly Speed Walking = Speed.FromKilometresPerHour(5);

    private readonly Lock _gate = new();
    private readonly GeoPoint _home = home;
    private GeoPoint _from = home;
    private GeoPoint _to = home;
    private DateTimeOffset _left = pace.Clock.GetUtcNow();
    private TimeSpan _takes;
    private bool _called;

    /// <summary>Where she is now; picks a new way when she has come to the end of the last and nobody has called her.</summary>
    public GeoPoint Here()
    {
        lock (_gate)
        {
            var share = Share();
            if (share >= 1 && !_called) Leave(_home.Travel(random.NextDouble() * 360, Beat * random.NextDouble()), Walking);
            return At(Math.Min(1, share));
        }
    }

    /// <summary>Turns to a call; answers how long the way takes in real time.</summary>
    public TimeSpan GoTo(GeoPoint call)
    {
        lock (_gate)
        {
            _called = true;
            Leave(call, Driving);
            return _takes;
        }
    }

    /// <summary>The call is over; she wanders on from where she is.</summary>
    public void Release()
    {
        lock (_gate) _called = false;
    }

    private void Leave(GeoPoint target, Speed speed)
    {
        _from = At(Math.Min(1, Share()));
        _to = target;
        _left = pace.Clock.GetUtcNow();
        _takes = _from.DistanceTo(target) / speed / pace.Speed;
    }

    private double Share() => _takes <= TimeSpan.Zero ? 1 : (pace.Clock.GetUtcNow() - _left) / _takes;

    private GeoPoint At(double share) => new(
        _from.Latitude + (_to.Latitude - _from.Latitude) * share,
        _from.Longitude + (_to.Longitude - _from.Longitude) * share);
}
