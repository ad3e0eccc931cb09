using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Messaging;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.State;

namespace Sos.Grains.Relatives;

/// <summary>
/// One person's side of her relations: her own list (here) and its groups (<c>.Groups</c>), to whom she is shown (<c>.Sharing</c>), who sees where she was (<c>.Trail</c>), what the
/// other sides hear (<c>.Notes</c>), and what time brings (<c>.Time</c>).
/// </summary>
[GrainType("sos.relatives")]
internal sealed partial class RelativesGrain(
    [PersistentState("relatives", StorageNames.Records)] IPersistentState<RelativesState> record,
    ISmsGateway gateway,
    IContactLinks links,
    TimeProvider time,
    ILogger<RelativesGrain> logger) : Grain, IRelativesGrain, IRemindable
{
    private RelativesState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    private DateTimeOffset Now => time.GetUtcNow();

    private IUserGrain Person => GrainFactory.GetGrain<IUserGrain>(Id);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!record.RecordExists) return;
        await Ask();
        Remember();
        StartPump(TimeSpan.Zero);
    }

    public Task<RelativeList> List()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(RelativeRules.View(State));
    }

    public async Task<RelativeOutcome> Add(RelativeDraft draft)
    {
        var now = Now;
        var (refusal, entry) = RelativeRules.Add(State, draft, (await Person.Profile())?.Phone, Guid.CreateVersion7(now), now);
        if (refusal == RelativeRefusal.None) await Commit();
        return Outcome(refusal, entry);
    }

    public async Task<RelativeOutcome> Change(Guid relation, RelativeChange change)
    {
        var refusal = RelativeRules.Change(State, relation, change);
        if (refusal == RelativeRefusal.None) await Commit();
        return Outcome(refusal, State.Of(relation));
    }

    public async Task<RelativeOutcome> Remove(Guid relation)
    {
        if (RelativeRules.Remove(State, relation) is not { } entry) return Outcome(RelativeRefusal.NotFound, null);
        await Commit();
        return Outcome(RelativeRefusal.None, entry);
    }

    public async Task<RelativeOutcome> Answer(Guid invitation, bool accepts, string? name)
    {
        var now = Now;
        var (refusal, entry) = ConsentRules.Answer(State, invitation, accepts, name, Guid.CreateVersion7(now), now);
        if (refusal == RelativeRefusal.None) await Commit();
        return Outcome(refusal, entry);
    }

    public async Task<RelativeOutcome> Share(Guid relation, RelativeSharing sharing)
    {
        var refusal = SharingRules.Share(State, relation, sharing, Now);
        if (refusal == RelativeRefusal.None) await Commit();
        return Outcome(refusal, State.Of(relation));
    }

    public async Task<bool> Toggle(bool sharing)
    {
        if (State.Sharing != sharing)
        {
            State.Sharing = sharing;
            await Commit();
        }
        else if (!record.RecordExists) DeactivateOnIdle();
        else await Push();

        return State.Sharing;
    }

    public async Task Erase()
    {
        await ForgetReminders();
        if (record.RecordExists) await this.ClearOrLeave(record);
        Remember();
        DeactivateOnIdle();
    }

    private IRelativeHistoryGrain History => GrainFactory.GetGrain<IRelativeHistoryGrain>(Id);

    private RelativeOutcome Outcome(RelativeRefusal refusal, RelationEntry? entry)
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return new RelativeOutcome(refusal, refusal == RelativeRefusal.None ? entry?.View() : null, State.Relations.Count);
    }

    // The reminder before the write: a stray one is harmless, a missing one would leave the two sides apart.
    private async Task Commit()
    {
        State.Version++;
        GroupRules.Follow(State);
        var ends = _sharing && !State.Sharing || _shows && SharingRules.LastEnd(State) is null;
        try
        {
            if (!_asked) await Ask();
            WindowRules.Settle(State, _apart, _mayShare, Now);
            await Remind(IsAnythingDue || ShowsLess ? TryAgainAfter : LookAfter);
            await RemindOfEnd();
            await record.WriteStateAsync();
        }
        catch
        {
            // What is in memory is not what is on disk.
            DeactivateOnIdle();
            throw;
        }

        Remember();
        StartPump(TimeSpan.Zero);
        await Push();
        if (ends) await Person.Tell(new SharingEnd(State.Sharing, Now));
    }
}
