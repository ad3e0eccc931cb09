using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.second-factor")]
internal sealed class SecondFactorGrain(
    [PersistentState("second-factor", StorageNames.Records)] IPersistentState<SecondFactorState> record, TimeProvider time) : Grain, ISecondFactorGrain
{
    // Views interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private SecondFactorView _written = new(false, 0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    async Task ISecondFactorGrain.Propose(ImmutableArray<byte> sealedSecret)
    {
        record.State.Proposed = [.. sealedSecret];
        await Write();
    }

    Task<SecondFactorTry> ISecondFactorGrain.Proposed() => Task.FromResult(TryOf(record.State.Proposed));

    Task<bool> ISecondFactorGrain.Confirm(SecondFactorConfirmation confirmation) => WriteIf(SecondFactorRules.Confirm(record.State, confirmation));

    async Task<SecondFactorTry> ISecondFactorGrain.Begin()
    {
        if (record.State.Secret is null) return TryOf(null);
        if (SecondFactorRules.Begin(record.State, time.GetUtcNow()) is { Ticks: > 0 } wait) return new SecondFactorTry(null, wait);
        await Write();
        return TryOf(record.State.Secret);
    }

    Task<bool> ISecondFactorGrain.Use(long step) => WriteIf(SecondFactorRules.Use(record.State, step));

    Task<bool> ISecondFactorGrain.Recover(string hash) => WriteIf(SecondFactorRules.Recover(record.State, hash));

    Task<bool> ISecondFactorGrain.Renew(ImmutableArray<string> recovery) => WriteIf(SecondFactorRules.Renew(record.State, recovery));

    async Task ISecondFactorGrain.Remove()
    {
        if (!record.RecordExists) return;
        record.State = new SecondFactorState { LastStep = record.State.LastStep };
        await Write();
    }

    async Task ISecondFactorGrain.Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        Remember();
        DeactivateOnIdle();
    }

    Task<SecondFactorView> ISecondFactorGrain.View()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_written);
    }

    private static SecondFactorTry TryOf(byte[]? secret) => new(secret is null ? null : [.. secret], TimeSpan.Zero);

    private void Remember() => _written = new SecondFactorView(record.State.Secret is not null, record.State.Recovery.Count);

    private async Task<bool> WriteIf(bool changed)
    {
        if (changed) await Write();
        return changed;
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }
}
