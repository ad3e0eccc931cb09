using System.Collections.Immutable;
using Orleans.Runtime;
using Sos.Contracts.Geo;
using Sos.Contracts.Responders;
using Sos.Grains.Geo;

namespace Sos.Grains.Responders;

/// <summary>Where she is: in memory, in one cell; durable is only a cell she was in lately.</summary>
internal sealed partial class ResponderGrain
{
    private readonly PlausibilityStep _plausibility = new(geo.Value);
    private PositionFix? _fix;
    private DateTimeOffset? _heardAt;
    private GeocellId? _cell;
    private GeocellId? _writtenCell;
    private IGeocellGrain? _cellGrain;
    private IGeocellGrain? _leaving;
    private ResponderTraits? _traits;
    private long _seq;

    /// <inheritdoc/>
    public async Task<ReportOutcome> Report(PositionReport report)
    {
        if (!State.Serves) return ReportOutcome.OffDuty;
        var now = Now;
        if (!State.IsCleared(now)) return await EndDuty();
        _heardAt = now;
        ResponderRules.Reached(State, now);
        var taken = await Take(report, now);
        if (EntryAt(now) is not { } entry) return taken;

        // The common case is one call and one state machine.
        if (GeocellId.Of(entry.Point) == _cell && _leaving is null) await _cellGrain!.Report(entry);
        else await Enter(entry);
        if (_fix is not null && ResponderRules.CellIsDue(State, _cell == _writtenCell, now, _options)) await WriteCell(_fix, now);
        return taken;
    }

    // Her clearance is over: out of every cell. What she holds she brings to its end.
    private async Task<ReportOutcome> EndDuty()
    {
        var leaving = Whereabouts();
        ResponderRules.Change(State, new DutyChange(false, null, null));
        State.Epoch = epochs.Next(State.Epoch);
        await Write();
        await Moved(leaving);
        return ReportOutcome.OffDuty;
    }

    /// <inheritdoc/>
    public async Task Announce(ImmutableArray<string> cells)
    {
        if (cells.IsDefaultOrEmpty || !GeocellId.TryParse(cells[0], out var first)) return;
        var area = AreaId.Of(first.Bounds().Centre);
        if (State.RosterArea != area.Value)
        {
            // A crash came between her leaving the area and its roster hearing of it.
            await Tell(Roster(area).Remove(Id));
        }

        if (State.Serves && EntryAt(Now) is { } entry && cells.Contains(GeocellId.Of(entry.Point).ToString())) await Told(entry);
    }

    // The first step of everybody's reports; her cell is no step of it, because a report that has not reached it fails, and her device repeats it.
    private async ValueTask<ReportOutcome> Take(PositionReport report, DateTimeOffset now)
    {
        var work = new PositionWork(report, now);
        await _plausibility.Take(work);
        _fix = work.Fix ?? _fix;
        return work.Outcome;
    }

    // Enter first, leave after: in between she stands in both, and readers take the newer; never in none.
    private async Task Enter(CellEntry entry)
    {
        var cell = GeocellId.Of(entry.Point);
        var entered = cell == _cell ? _cellGrain! : GrainFactory.GetGrain<IGeocellGrain>(cell.ToString());
        await entered.Report(entry);
        if (cell != _cell) (_leaving, _cellGrain, _cell) = (_cellGrain ?? _leaving, entered, cell);
        if (_leaving is null) return;
        await _leaving.Leave(Id, entry.Epoch, entry.Seq);
        _leaving = null;
    }

    private CellEntry? EntryAt(DateTimeOffset now)
    {
        if ((_fix ?? State.LastKnown()) is not { } fix) return null;
        var expires = fix.At + geo.Value.ExpiresAfter;
        if (expires <= now) return null;
        var stale = now - geo.Value.LiveFor;
        var at = _heardAt ?? (fix.At < stale ? fix.At : stale);
        var traits = State.Traits(now, _options);
        if (traits != _traits) _traits = traits;
        return new CellEntry(Id, State.Epoch, ++_seq, fix.Point, at, expires, _traits);
    }

    private PositionFix? ShownPosition(DateTimeOffset now) => (_fix ?? State.LastKnown()) is { } fix && fix.At + geo.Value.ExpiresAfter > now ? fix : null;

    // Listed in the new area before it is written, taken off the old one after: a crash leaves her listed twice, never not at all.
    private async Task WriteCell(PositionFix fix, DateTimeOffset now)
    {
        var area = AreaId.Of(fix.Point);
        var before = State.RosterArea;
        if (before != area.Value && !await Tell(Roster(area).Add(Id))) return;
        (State.LastCell, State.LastCellAt, State.RosterArea) = (_cell!.Value.ToString(), now, area.Value);
        await Write();
        _writtenCell = _cell;
        if (before is not null && before != area.Value) await Tell(Roster(new AreaId(before)).Remove(Id));
    }

    private (IGeocellGrain? Durable, string? Area) Whereabouts() => (
        State.LastCell is null || State.LastCell == _cell?.ToString() ? null : GrainFactory.GetGrain<IGeocellGrain>(State.LastCell), State.RosterArea);

    // After a change of duty or clearance. Off duty she is out of every cell before the answer; a failure is the caller's to repeat, and repeating works.
    private async Task Moved((IGeocellGrain? Durable, string? Area) before)
    {
        if (State.Serves)
        {
            await RefreshCell();
            return;
        }

        _fix = null;
        _plausibility.Forget();
        foreach (var cell in new[] { _cellGrain, _leaving, before.Durable })
        {
            if (cell is not null) await cell.Leave(Id, State.Epoch, _seq);
        }

        (_cell, _writtenCell, _cellGrain, _leaving, _heardAt) = (null, null, null, null, null);
        if (before.Area is not null) await Tell(Roster(new AreaId(before.Area)).Remove(Id));
    }

    private IRosterIndexGrain Roster(AreaId area) => GrainFactory.GetGrain<IRosterIndexGrain>(RosterBuckets.KeyOf(area, Id));

    // A roster is a help after a restart and no more: reports go on without it.
    private async Task<bool> Tell(Task roster)
    {
        try
        {
            await roster;
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogRosterUnreachable(e.GetType().Name);
            return false;
        }
    }
}
