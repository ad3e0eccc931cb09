using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;
using Sos.Grains.State;
using Sos.Grains.Zones.Geometry;

namespace Sos.Grains.Zones;

[GrainType("sos.zone")]
internal sealed class ZoneGrain([PersistentState("zone", StorageNames.Records)] IPersistentState<ZoneState> record, TimeProvider time) : Grain, IZoneGrain, IRemindable
{
    private const string Expiry = "expires";

    /// <summary>The shortest time that a reminder can have.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);

    // Interleaves with a write that may yet fail, so it is served from what is known to be on disk.
    private Zone? _zone;

    private Guid Id => this.GetPrimaryKey();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _zone = record.State.View(Id);
        return Task.CompletedTask;
    }

    public async Task<ZoneOutcome> Put(ZoneDraft draft)
    {
        var cells = ZoneCover.Finest(ZoneOutline.Of(draft.Shape).Box);

        // Listed before it is stored: a list that names what is not there misleads nobody, a zone that no list names would be lost.
        if (!await List(cells, new ListedZone(Id, record.State.Version + 1))) return new ZoneOutcome(ZoneRefusal.CellFull, null);
        if (draft.Expires is { } expires) await this.RegisterOrUpdateReminder(Expiry, Later(expires - time.GetUtcNow()), TimeSpan.FromHours(1));
        var before = record.State.Cells;
        record.State.Take(draft, time.GetUtcNow());
        record.State.Cells = [.. cells];
        await Write();
        foreach (var cell in before.Except(cells)) await Index(cell).Remove(Id);
        return new ZoneOutcome(ZoneRefusal.None, _zone);
    }

    public async Task<ZoneOutcome> Change(ZoneDraft draft) => _zone is null ? new ZoneOutcome(ZoneRefusal.NotFound, null) : await Put(draft);

    public async Task<bool> Remove()
    {
        if (_zone is null)
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return false;
        }

        foreach (var cell in record.State.Cells) await Index(cell).Remove(Id);
        await this.ClearOrLeave(record);

        _zone = null;
        await Forget();
        return true;
    }

    public async Task Straighten(string cell)
    {
        if (record.State.Cells.Contains(cell)) return;
        await Index(cell).Remove(Id);
        if (!record.RecordExists) DeactivateOnIdle();
    }

    public Task<Zone?> Read()
    {
        // A guessed id costs no memory.
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_zone);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_zone?.Draft.Expires is { } expires && expires > time.GetUtcNow()) return;
        if (_zone?.Draft.Expires is null || !await Remove()) await Forget();
    }

    // The cells above first: who looks from the root finds every list that has anything in it.
    private async Task<bool> List(ImmutableArray<string> cells, ListedZone zone)
    {
        foreach (var cell in cells)
        {
            for (var below = cell; below != ZoneCells.Root; below = ZoneCells.Above(below)) await Index(ZoneCells.Above(below)).NoteBelow(below[^1..]);
            if (!await Index(cell).Add([zone])) return false;
        }

        return true;
    }

    private IZoneIndexGrain Index(string cell) => GrainFactory.GetGrain<IZoneIndexGrain>(cell);

    private async Task Forget()
    {
        if (await this.GetReminder(Expiry) is { } reminder) await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        _zone = record.State.View(Id);
    }

    private static TimeSpan Later(TimeSpan wait) => wait > Soonest ? wait : Soonest;
}
