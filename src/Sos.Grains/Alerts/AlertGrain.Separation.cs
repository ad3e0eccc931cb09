using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Sos.Contracts.Alerts;
using Sos.Contracts.Geo;
using Sos.Contracts.Users;
using Sos.Grains.Geo;

namespace Sos.Grains.Alerts;

/// <summary>Who must not meet the victim. Read once a search, beside it: no call for each candidate, and a block counts from the next search on.</summary>
internal sealed partial class AlertGrain
{
    private static readonly TimeSpan SeparationsWithin = TimeSpan.FromSeconds(1);

    /// <summary>As last read in this activation; null: not yet.</summary>
    private FrozenSet<Guid>? _apart;

    private FrozenSet<Guid> Apart => _apart ?? FrozenSet<Guid>.Empty;

    public Task<AttendingResponder?> Attending(Guid victim)
    {
        if (!State.Exists) DeactivateOnIdle();
        var holder = State.Victim == victim && State.Holder is { Accepted: true } comes ? comes : null;
        return Task.FromResult(holder is null ? null : new AttendingResponder(holder.Responder, holder.Name));
    }

    // While nobody can say who is blocked, the search counts as one whose cells have just started: asked again for a moment, and then gone on
    // without. Help that may be unwelcome is better than none.
    private async Task<NearbyResult> Search()
    {
        var known = ReadSeparations();
        var found = State.Position is { } position
            ? await nearby.Find(position.Point, Distance.FromKilometres(_options.Rings[State.Ring]), MostFound, freeOnly: true)
            : new NearbyResult([], 0);
        return await known || State.WarmUntil <= Now ? found : new NearbyResult([], 1);
    }

    private async Task<bool> ReadSeparations()
    {
        try
        {
            _apart = (await GrainFactory.GetGrain<ISeparationsGrain>(State.Victim).Everybody().WaitAsync(SeparationsWithin, time)).ToFrozenSet();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it was: an alert goes on with what it knew.
            LogSeparationsUnknown(e.GetType().Name);
        }

        return _apart is not null;
    }

    private async Task KeepApart()
    {
        if (!State.IsOpen) return;
        await ReadSeparations();
        if (AlertSeparation.StandDown(State, Id, Apart, Now)) await Save();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Who must not meet the victim of an alert could not be read ({Exception}).")]
    private partial void LogSeparationsUnknown(string exception);
}
