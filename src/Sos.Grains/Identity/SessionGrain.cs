using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.session")]
internal sealed class SessionGrain(
    [PersistentState("session", StorageNames.Records)] IPersistentState<SessionState> record,
    TimeProvider time,
    ServiceStart start,
    IOptions<IdentityOptions> options) : Grain, ISessionGrain
{
    /// <summary>Tickets that wait for their use; a device needs one or two.</summary>
    private const int MostTickets = 16;

    // In memory only: a restart makes those that were not used worthless, and can make none good twice.
    private readonly List<(Guid Id, DateTimeOffset Until)> _tickets = [];

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
            record.State.Method = command.Method;
            record.State.App = command.App;
            record.State.OpenedAt = now;
            record.State.UsedAt = now;
            await Write();
        }

        return ViewOf(record.State);
    }

    async Task<RefreshOutcome> ISessionGrain.Refresh(RefreshCommand command)
    {
        if (!record.RecordExists) return Missing(new RefreshOutcome(null, false));
        var verdict = SessionRules.Refresh(record.State, command, time.GetUtcNow(), start.At, options.Value);
        if (verdict is RefreshVerdict.Rotated or RefreshVerdict.Reused) await Write();
        return verdict is RefreshVerdict.Rotated or RefreshVerdict.Repeated
            ? new RefreshOutcome(ViewOf(record.State), false)
            : new RefreshOutcome(null, verdict == RefreshVerdict.Reused, verdict == RefreshVerdict.Reused ? record.State.UserId : null);
    }

    async Task ISessionGrain.Revoke()
    {
        if (!record.RecordExists)
        {
            DeactivateOnIdle();
            return;
        }

        if (record.State.RevokedAt is not null) return;
        SessionRules.End(record.State, time.GetUtcNow());
        await Write();
    }

    async Task ISessionGrain.Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        Remember();
        DeactivateOnIdle();
    }

    async Task<SessionView?> ISessionGrain.Strengthen()
    {
        if (!record.RecordExists || !SessionRules.IsOpen(record.State, time.GetUtcNow(), options.Value)) return Missing<SessionView?>(null);
        record.State.StrongAt = time.GetUtcNow();
        await Write();
        return ViewOf(record.State);
    }

    Task<bool> ISessionGrain.IssueTicket(Guid ticket, DateTimeOffset until)
    {
        if (!record.RecordExists || !SessionRules.IsOpen(record.State, time.GetUtcNow(), options.Value)) return Task.FromResult(Missing(false));
        if (_tickets.Count == MostTickets) _tickets.RemoveAt(0);
        _tickets.Add((ticket, until));
        return Task.FromResult(true);
    }

    Task<bool> ISessionGrain.RedeemTicket(Guid ticket)
    {
        var now = time.GetUtcNow();
        var good = _tickets.RemoveAll(known => known.Id == ticket && now < known.Until) == 1;
        _tickets.RemoveAll(known => now >= known.Until);
        return Task.FromResult(Missing(good && SessionRules.IsOpen(record.State, now, options.Value)));
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

    private SessionView ViewOf(SessionState state) =>
        new(this.GetPrimaryKey(), state.UserId, state.Device, state.OpenedAt, state.UsedAt, state.Generation, state.StrongAt, state.Method, state.App);

    private void Remember()
    {
        _written = record.RecordExists ? ViewOf(record.State) : null;
        _revokedAt = record.State.RevokedAt;
    }

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }
}
