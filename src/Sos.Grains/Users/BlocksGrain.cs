using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Alerts;
using Sos.Contracts.Identity;
using Sos.Contracts.Operations;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.State;

namespace Sos.Grains.Users;

/// <summary>
/// The list is the truth. What follows from it (both people's separations, then what they share and their open alerts) is brought about at once, for a number after
/// the answer, and again by a reminder until it is done: a kill between the two sides is made good within a minute of the restart.
/// </summary>
[GrainType("sos.blocks")]
internal sealed partial class BlocksGrain(
    [PersistentState("blocks", StorageNames.Records)] IPersistentState<BlocksState> record,
    TimeProvider time,
    ILogger<BlocksGrain> logger) : Grain, IBlocksGrain, IRemindable
{
    private const string ReminderName = "unsettled";
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>A number that is nobody's is looked up again so often.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromHours(1);

    private readonly HashSet<Guid> _lookedUp = [];
    private IGrainTimer? _soon;
    private TimeSpan? _reminder;

    private BlocksState State => record.State;

    private Guid Id => this.GetPrimaryKey();

    /// <inheritdoc/>
    public Task<ImmutableArray<Block>> List()
    {
        if (!record.RecordExists) DeactivateOnIdle();
        return Task.FromResult<ImmutableArray<Block>>([.. State.Blocks.Select(b => b.View())]);
    }

    /// <inheritdoc/>
    public async Task<BlockOutcome> Add(BlockDraft draft)
    {
        // Whose number it is she knows where both have agreed to be relatives: then nothing is shared any more when she is answered.
        var relative = draft.Phone is { } phone ? await RelativeWith(phone) : null;
        var now = time.GetUtcNow();
        var (refusal, entry, changed) = BlockRules.Add(State, draft, Id, Guid.CreateVersion7(now), now);
        if (changed)
        {
            if (relative is { } known) BlockRules.Resolve(State, entry!, known);
            await Commit(afterTheAnswer: draft.Phone is not null && relative is null);
        }

        return new BlockOutcome(refusal, entry?.View());
    }

    /// <inheritdoc/>
    public async Task Remove(Guid block)
    {
        if (BlockRules.Remove(State, block)) await Commit(afterTheAnswer: true);
    }

    /// <inheritdoc/>
    public async Task Erase()
    {
        if (record.RecordExists) await this.ClearOrLeave(record);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _reminder ??= status.Period;
        _lookedUp.Clear();
        await Settle();
    }

    // Before the write: a stray reminder is harmless, a missing one would leave somebody in danger half blocked.
    private async Task Commit(bool afterTheAnswer)
    {
        await Remind(TryAgainAfter);
        await Write();
        if (!afterTheAnswer)
        {
            await Settle();
            return;
        }

        // How long it takes would tell whether the number is anybody's.
        _soon ??= this.RegisterGrainTimer(Settle, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _soon.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private async Task Settle()
    {
        foreach (var entry in State.Blocks.Where(b => b.IsOpen && !_lookedUp.Contains(b.Id)).ToArray()) await Try(LookUp(entry));
        var settled = 0;
        foreach (var person in State.Unsettled.ToArray())
        {
            if (!await Try(Separate(person))) continue;
            State.Unsettled.Remove(person);
            settled++;
        }

        if (settled > 0) await Write();
        await Remind(State.Unsettled.Count > 0 ? TryAgainAfter : State.Blocks.Exists(b => b.IsOpen) ? LookAgainAfter : null);
    }

    private async Task<bool> Try(Task step)
    {
        try
        {
            await step;
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it was, it is all still in the record, the others go on, and the reminder comes again.
            LogNotSettled(e.GetType().Name);
            return false;
        }
    }

    // Nothing keeps a block from being taken: without an answer the number is looked up like any other.
    private async Task<Guid?> RelativeWith(string phone)
    {
        Guid? person = null;
        await Try(Ask());
        return person;

        async Task Ask() => person = await GrainFactory.GetGrain<IRelativesGrain>(Id).PersonOf(phone);
    }

    private async Task LookUp(BlockEntry entry)
    {
        if (await GrainFactory.GetGrain<IPhoneGrain>(entry.AddressKey!).Owner() is { } owner && owner != Id) BlockRules.Resolve(State, entry, owner);
        _lookedUp.Add(entry.Id);
    }

    private async Task Separate(Guid person)
    {
        // Only somebody who is there: a guessed id makes no records.
        if (await GrainFactory.GetGrain<IUserGrain>(person).Profile() is null) return;
        var blocked = BlockRules.IsBlocked(State, person);
        await GrainFactory.GetGrain<ISeparationsGrain>(Id).Put(person, SeparationSide.Mine, blocked);
        await GrainFactory.GetGrain<ISeparationsGrain>(person).Put(Id, SeparationSide.Theirs, blocked);
        foreach (var either in blocked ? new[] { Id, person } : [])
        {
            // The alert reads the separations by itself; should this be lost, its reminder does the same within a minute.
            if (await GrainFactory.GetGrain<IUserGrain>(either).OpenAlert() is { } open) await GrainFactory.GetGrain<IAlertGrain>(open).Ping();
        }

        foreach (var either in new[] { Id, person }) await GrainFactory.GetGrain<IRelativesGrain>(either).Refresh();
    }

    private async Task Remind(TimeSpan? every)
    {
        if (every is { } period)
        {
            if (_reminder == period) return;
            await this.RegisterOrUpdateReminder(ReminderName, period, period);
        }
        else if (await this.GetReminder(ReminderName) is { } reminder) await this.UnregisterReminder(reminder);

        _reminder = every;
    }

    private Task Write() => this.WriteOrLeave(record);

    [LoggerMessage(1211, LogLevel.Warning, "A block has not reached both sides yet ({Exception}); it is tried again.")]
    private partial void LogNotSettled(string exception);
}
