using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;

namespace Sos.Grains.Identity;

[GrainType("sos.session")]
internal sealed class SessionGrain(
    [PersistentState("session", StorageNames.Records)] IPersistentState<SessionState> record,
    TimeProvider time,
    IOptions<IdentityOptions> options) : Grain, ISessionGrain
{
    // Views interleave with a write that may yet fail, so they are served from what is known to be on disk.
    private SessionView? _written;
    private DateTimeOffset? _revokedAt;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    async Task<SessionView> ISessionGrain.Open(OpenSession command)
    {
        if (!record.RecordExists)
        {
            var now = time.GetUtcNow();
            record.State.UserId = command.UserId;
            record.State.Device = command.Device;
            record.State.OpenedAt = now;
            record.State.UsedAt = now;
            await Write();
        }

        return ViewOf(record.State);
    }

    async Task<RefreshOutcome> ISessionGrain.Refresh(RefreshCommand command)
    {
        if (!record.RecordExists) return Missing(new RefreshOutcome(null, false));
        var verdict = SessionRules.Refresh(record.State, command, time.GetUtcNow(), options.Value);
        if (verdict is RefreshVerdict.Rotated or RefreshVerdict.Reused) await Write();
        return verdict is RefreshVerdict.Rotated or RefreshVerdict.Repeated
            ? new RefreshOutcome(ViewOf(record.State), false)
            : new RefreshOutcome(null, verdict == RefreshVerdict.Reused);
    }

    async Task ISessionGrain.Revoke()
    {
        if (!record.RecordExists)
        {
            DeactivateOnIdle();
            return;
        }

        if (record.State.RevokedAt is not null) return;
        record.State.RevokedAt = time.GetUtcNow();
        await Write();
    }

    Task<SessionView?> ISessionGrain.View()
    {
        if (_written is null) return Task.FromResult(Missing<SessionView?>(null));
        var now = time.GetUtcNow();
        var open = _revokedAt is null && now < _written.UsedAt + options.Value.SessionIdle && now < _written.OpenedAt + options.Value.SessionLife;
        return Task.FromResult(open ? _written : null);
    }

    /// <summary>A guessed session id costs no memory.</summary>
    private T Missing<T>(T answer)
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return answer;
    }

    private SessionView ViewOf(SessionState state) => new(this.GetPrimaryKey(), state.UserId, state.Device, state.OpenedAt, state.UsedAt, state.Generation);

    private void Remember()
    {
        _written = record.RecordExists ? ViewOf(record.State) : null;
        _revokedAt = record.State.RevokedAt;
    }

    private async Task Write()
    {
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        Remember();
    }
}
