using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.app")]
internal sealed class AppGrain([PersistentState("app", StorageNames.Records)] IPersistentState<AppState> record, TimeProvider time) : Grain, IAppGrain
{
    // Views interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private AppView? _view;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    async Task<AppView> IAppGrain.Register(AppDraft draft)
    {
        if (record.State.Draft is null)
        {
            record.State.Draft = draft;
            record.State.RegisteredAt = time.GetUtcNow();
            await Write();
        }

        return new AppView(this.GetPrimaryKey(), record.State.Draft, record.State.RegisteredAt);
    }

    Task<AppView?> IAppGrain.View()
    {
        // A guessed client id costs no memory.
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_view);
    }

    async Task IAppGrain.Revoke()
    {
        if (record.State.Draft is null || record.State.RevokedAt is not null) return;
        record.State.RevokedAt = time.GetUtcNow();
        await Write();
    }

    private void Remember() =>
        _view = record.State is { Draft: { } draft, RevokedAt: null } state ? new AppView(this.GetPrimaryKey(), draft, state.RegisteredAt) : null;

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }
}
