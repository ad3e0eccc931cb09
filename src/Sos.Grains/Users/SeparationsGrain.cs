using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Operations;
using Sos.Contracts.Users;
using Sos.Grains.State;

namespace Sos.Grains.Users;

/// <summary>Who must not meet a person.</summary>
[GenerateSerializer, Alias("sos.users.separations-state")]
internal sealed class SeparationsState
{
    /// <summary>Most people of a side; both sides full and in base 64 are 52 KB.</summary>
    public const int Most = 1_200;

    /// <summary>Whom she has blocked, 16 bytes each.</summary>
    [Id(0)] public byte[] Mine { get; set; } = [];

    /// <summary>Who has blocked her, likewise.</summary>
    [Id(1)] public byte[] Theirs { get; set; } = [];
}

[GrainType("sos.separations")]
internal sealed partial class SeparationsGrain(
    [PersistentState("separations", StorageNames.Records)] IPersistentState<SeparationsState> record,
    ILogger<SeparationsGrain> logger) : Grain, ISeparationsGrain
{
    // Questions interleave with a write that may yet fail, so they are answered from what is known to be on disk.
    private ImmutableArray<Guid> _everybody = [];

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Guid>> Everybody()
    {
        // Nearly everybody who presses has none: that costs no memory.
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult(_everybody);
    }

    /// <inheritdoc/>
    public async Task Put(Guid person, SeparationSide side, bool apart)
    {
        var ids = PackedIds.Unpack(side == SeparationSide.Mine ? record.State.Mine : record.State.Theirs);
        if (apart && ids.Count >= SeparationsState.Most && !ids.Contains(person))
        {
            // The other one's record has it all the same, so she is never sent to him; only he may still be asked about her.
            LogFull(SeparationsState.Most);
            return;
        }

        if (!(apart ? ids.Add(person) : ids.Remove(person)))
        {
            if (!record.RecordExists) DeactivateOnIdle();
            return;
        }

        if (side == SeparationSide.Mine) record.State.Mine = PackedIds.Pack(ids);
        else record.State.Theirs = PackedIds.Pack(ids);
        await Write();
    }

    /// <inheritdoc/>
    public async Task Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        Remember();
        DeactivateOnIdle();
    }

    private void Remember() => _everybody = [.. PackedIds.Unpack(record.State.Mine).Union(PackedIds.Unpack(record.State.Theirs))];

    private async Task Write()
    {
        await this.WriteOrLeave(record);

        Remember();
    }

    [LoggerMessage(1212, LogLevel.Warning, "A person is blocked by {Most} others: staff should look at that account. One more is kept on the other side only.")]
    private partial void LogFull(int most);
}
