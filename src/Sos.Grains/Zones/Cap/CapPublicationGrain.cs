using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Zones;
using Sos.Contracts.Zones.Cap;
using Sos.Grains.State;

namespace Sos.Grains.Zones.Cap;

[GrainType("sos.cap-publication")]
internal sealed class CapPublicationGrain(
    [PersistentState("cap-publication", StorageNames.Records)] IPersistentState<CapPublicationState> record, IOptions<CapOptions> options, TimeProvider time) : Grain, ICapPublicationGrain
{
    // Interleaves with a write that may yet fail, so it is served from what is known to be on disk.
    private CapPublication? _newest;

    private CapPublicationState State => record.State;

    private DateTimeOffset Now => time.GetUtcNow();

    // What is published already goes on under its name: nobody else ends it.
    private CapIssue Issue => new(this.GetPrimaryKey(), CapPublicationRules.IsOpen(State.Newest, Now) ? State.Newest!.Name.Sender : options.Value.Sender ?? "", Now);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    public async Task<CapPublication?> Publish(CapMark mark, Zone zone)
    {
        // A drill that becomes true would be an update that nobody who passes drills over has a message for.
        if (CapPublicationRules.IsOpen(State.Newest, Now) && State.Newest!.Mark.IsExercise != mark.IsExercise) return null;
        if (!await Index().Add(this.GetPrimaryKey())) return null;
        if (CapPublicationRules.Publish(State, mark, zone, Issue)) await Write();
        return _newest;
    }

    public async Task<CapPublication?> Follow(Zone? zone)
    {
        if (State.Newest is null) return Unknown();
        if (CapPublicationRules.Follow(State, zone, Issue)) await Write();
        if (!CapPublicationRules.IsOver(State.Newest, Now)) return _newest;
        await Index().Remove(this.GetPrimaryKey());

        // A zone that is still there may be published again, and its messages go on in their numbers.
        if (zone is null) await Clear();
        return null;
    }

    public async Task Withdraw()
    {
        if (State.Newest is null) Unknown();
        else if (CapPublicationRules.Withdraw(State, Issue)) await Write();
    }

    public Task<CapPublication?> Read() => Task.FromResult(_newest ?? Unknown());

    // A guessed id costs no memory.
    private CapPublication? Unknown()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return null;
    }

    private ICapIndexGrain Index() => GrainFactory.GetGrain<ICapIndexGrain>(CapKeys.Published);

    private void Remember() => _newest = State.Newest;

    private async Task Clear()
    {
        await this.ClearOrLeave(record);

        Remember();
        DeactivateOnIdle();
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }
}
