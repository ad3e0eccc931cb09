using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Grains.State;

namespace Sos.Grains.Identity;

/// <summary>Who took the one use of the bootstrap token.</summary>
[GenerateSerializer, Alias("sos.identity.bootstrap-state")]
public sealed class BootstrapState
{
    /// <summary>The first administrator.</summary>
    [Id(0)] public Guid? TakenBy { get; set; }
}

[GrainType("sos.bootstrap")]
internal sealed class BootstrapGrain([PersistentState("bootstrap", StorageNames.Records)] IPersistentState<BootstrapState> record)
    : Grain, IBootstrapGrain
{
    async Task<bool> IBootstrapGrain.Take(Guid userId)
    {
        // A repeat by the same user finishes what a crash between this write and her account's cut off.
        if (record.State.TakenBy is { } first) return first == userId;
        record.State.TakenBy = userId;
        await this.WriteOrLeave(record);

        return true;
    }

    Task<bool> IBootstrapGrain.IsTaken() => Task.FromResult(record.State.TakenBy is not null);
}
