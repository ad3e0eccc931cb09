using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.phone")]
internal sealed class PhoneGrain(
    [PersistentState("phone", StorageNames.Records)] IPersistentState<PhoneState> record,
    TimeProvider time,
    IOptions<IdentityOptions> options) : Grain, IPhoneGrain
{
    async Task<CodeStarted> IPhoneGrain.Start(StartCode command)
    {
        var started = PhoneRules.Start(record.State, command, time.GetUtcNow(), options.Value);
        if (started.Started) await Write();
        return started;
    }

    async Task<CodeChecked> IPhoneGrain.Check(CheckCode command)
    {
        var verdict = PhoneRules.Check(record.State, command, time.GetUtcNow(), options.Value);
        if (verdict == CodeVerdict.Unknown)
        {
            // A guessed address costs no memory.
            if (!record.RecordExists) DeactivateOnIdle();
            return new CodeChecked(null);
        }

        if (verdict == CodeVerdict.Good) record.State.UserId ??= Guid.CreateVersion7(time.GetUtcNow());
        await Write();
        return new CodeChecked(verdict == CodeVerdict.Good ? record.State.UserId : null);
    }

    async Task<Guid> IPhoneGrain.Claim()
    {
        if (record.State.UserId is { } known) return known;
        var made = Guid.CreateVersion7(time.GetUtcNow());
        record.State.UserId = made;
        await Write();
        return made;
    }

    Task<Guid?> IPhoneGrain.Owner()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(record.State.UserId);
    }

    async Task<bool> IPhoneGrain.Link(Guid userId)
    {
        if (record.State.UserId is { } known) return known == userId;
        record.State.UserId = userId;
        await Write();
        return true;
    }

    async Task IPhoneGrain.Unlink(Guid userId)
    {
        if (record.State.UserId != userId) return;
        record.State.UserId = null;
        // The codes of the last day go on counting: an address does not get more of them by being given up.
        if (PhoneRules.HoldsNothing(record.State, time.GetUtcNow(), options.Value)) await this.ClearOrLeave(record);
        else await Write();
        DeactivateOnIdle();
    }

    async Task<bool> IPhoneGrain.TakeInvitation()
    {
        if (!PhoneRules.TakeInvitation(record.State, time.GetUtcNow()))
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return false;
        }

        await Write();
        return true;
    }

    async Task IPhoneGrain.RefuseInvitations()
    {
        if (PhoneRules.RefuseInvitations(record.State, time.GetUtcNow())) await Write();
    }

    async Task IPhoneGrain.Forgive()
    {
        if (record.State.Failures == 0) return;
        record.State.Failures = 0;
        await Write();
    }

    private Task Write() => this.WriteOrLeave(record);
}
