using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.State;

namespace Sos.Grains.Zones.Cap;

[GrainType("sos.cap-alert")]
internal sealed class CapAlertGrain(
    [PersistentState("cap-alert", StorageNames.Records)] IPersistentState<CapAlertState> record,
    ZoneListing listing,
    IOptions<CapOptions> options,
    TimeProvider time) : Grain, ICapAlertGrain, IRemindable
{
    private const string Reminder = "tend";

    /// <summary>What a crash has left undone is looked at so soon after.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Every = TimeSpan.FromHours(12);

    // Interleaves with a write that may yet fail, so it is served from what is known to be on disk.
    private CapAlertView? _view;

    private CapAlertState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _view = State.View(Id);
        return Task.CompletedTask;
    }

    public async Task<CapTaken> Take(CapWarning warning)
    {
        if (State.IsMade) return CapTaken.Known;
        if (State.Warning is null)
        {
            // Listed before it is stored: a list that names what is not there misleads nobody.
            if (!await Index().Add(Id)) return CapTaken.Full;
            await Tend();
            State.Take(warning, Now, options.Value);
            await Write();
        }

        if (State.End is not null) return CapTaken.Superseded;
        var zones = warning.Zones.Where(zone => State.Zones.Contains(zone.Id)).Select(zone => (zone.Id, zone.Draft)).ToList();
        var outcomes = await listing.Make(zones);
        var full = zones.Where((_, i) => outcomes[i].Refusal != ZoneRefusal.None)
            .Select(zone => new CapFault("cell-full", "alert", $"\"{zone.Draft.Name}\" lies where there are too many zones already."));
        State.Warning = State.Warning! with { Faults = [.. State.Warning.Faults, .. full] };
        State.IsMade = true;
        await Write();
        return CapTaken.Taken;
    }

    public async Task Complete()
    {
        if (State.IsComplete || State.Warning is null) return;
        State.IsComplete = true;
        await Write();
    }

    public async Task End(CapEnd end)
    {
        if (State.End is null)
        {
            await Tend();
            State.End = end;
            State.KeepUntil(Now, options.Value);
            await Write();
        }

        await TakeDown();
    }

    public Task EndSoon(CapEnd end) => End(end);

    public async Task<bool> Remove()
    {
        if (State.Warning is null)
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return false;
        }

        await End(new CapEnd(CapEndKind.Removed, null));
        return true;
    }

    public Task<CapAlertView?> Read()
    {
        // A guessed id costs no memory.
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_view);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (State.End is not null) await TakeDown();
        if (State.Warning is { } warning && !State.IsComplete)
        {
            var end = new CapEnd(warning.Type == CapMessageType.Cancel ? CapEndKind.Cancelled : CapEndKind.Replaced, Id);
            foreach (var key in State.Ends) await GrainFactory.GetGrain<ICapAlertGrain>(key).EndSoon(end);
        }

        if (!record.RecordExists || Now >= State.ForgetAt) await Forget();
    }

    private async Task TakeDown()
    {
        if (State.Zones.Count == 0) return;
        await Task.WhenAll(State.Zones.Select(zone => GrainFactory.GetGrain<IZoneGrain>(zone).Remove()));
        State.Zones.Clear();
        await Write();
    }

    private async Task Forget()
    {
        await Index().Remove(Id);
        if (record.RecordExists)
        {
            await this.ClearOrLeave(record);
        }

        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
        DeactivateOnIdle();
    }

    // Before the write: a stray reminder is harmless, a missing one would leave undone what a crash has.
    private async Task Tend() => await this.RegisterOrUpdateReminder(Reminder, Soon, Every);

    private ICapIndexGrain Index() => GrainFactory.GetGrain<ICapIndexGrain>(CapKeys.ShardOf(Id));

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        _view = State.View(Id);
    }
}
