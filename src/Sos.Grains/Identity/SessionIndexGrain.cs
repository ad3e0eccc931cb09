using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

[GrainType("sos.session-index")]
internal sealed class SessionIndexGrain(
    [PersistentState("sessions", StorageNames.Records)] IPersistentState<SessionIndexState> record,
    IOptions<IdentityOptions> options) : Grain, ISessionIndexGrain
{
    async Task<ImmutableArray<Guid>> ISessionIndexGrain.Add(Guid sessionId)
    {
        var sessions = record.State.Sessions;
        if (sessions.Contains(sessionId)) return [];
        sessions.Add(sessionId);
        // Callers that failed to remove what they were told may not make the record grow.
        while (sessions.Count > 2 * options.Value.MaxSessions) sessions.RemoveAt(0);
        await Write();
        return [.. sessions.Take(Math.Max(0, sessions.Count - options.Value.MaxSessions))];
    }

    Task<ImmutableArray<Guid>> ISessionIndexGrain.List() => Task.FromResult<ImmutableArray<Guid>>([.. record.State.Sessions]);

    async Task<bool> ISessionIndexGrain.Remove(Guid sessionId)
    {
        if (!record.State.Sessions.Remove(sessionId)) return false;
        await Write();
        return true;
    }

    async Task ISessionIndexGrain.Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    private Task Write() => this.WriteOrLeave(record);
}
