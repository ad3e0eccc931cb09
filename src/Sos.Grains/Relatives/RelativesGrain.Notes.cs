using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Sos.Contracts.Identity;
using Sos.Contracts.Messaging;
using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Users;

namespace Sos.Grains.Relatives;

/// <summary>
/// What the other sides are to hear, and the one text message to a number that is nobody's: an interleaving timer that reads a snapshot of what is on disk,
/// sends, and hands the results in by a call to its own grain. How long a look-up or a gateway takes shows in no answer.
/// </summary>
internal sealed partial class RelativesGrain
{
    /// <summary>What was not heard is said again after so long, and by the reminder after a minute.</summary>
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(10);

    private ImmutableArray<DueNote> _due = [];
    private ImmutableArray<(Guid Invitation, string AddressKey)> _textDue = [];
    private ImmutableArray<string> _refusedNumbers = [];
    private IGrainTimer? _pump;
    private bool _pumping;
    private bool _pumpAgain;

    public async Task Hear(RelativeNote note)
    {
        if (!_asked) await Ask();
        var now = Now;
        var (changed, gone) = HearingRules.Hear(State, note, _apart, Guid.CreateVersion7(now), now);
        if (changed) await Commit();
        else if (!record.RecordExists) DeactivateOnIdle();
        await GrainFactory.GetGrain<IRelativesGrain>(note.From).Heard(new NoteReceipt(note.Id, Id, note.Relation, gone));
    }

    public async Task Heard(NoteReceipt receipt)
    {
        if (HearingRules.Heard(State, receipt)) await Commit();
        else if (!record.RecordExists) DeactivateOnIdle();
    }

    public async Task Settle(NoteResults results)
    {
        if (ConsentRules.Settle(State, results)) await Commit();
    }

    private void StartPump(TimeSpan after)
    {
        if (_due.IsEmpty && _textDue.IsEmpty && _refusedNumbers.IsEmpty) return;
        if (_pumping) _pumpAgain = true;
        else if (_pump is null) _pump = this.RegisterGrainTimer(Pump, new GrainTimerCreationOptions(after, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        else _pump.Change(after, Timeout.InfiniteTimeSpan);
    }

    private async Task Pump()
    {
        if (_pumping) return;
        (_pumping, _pumpAgain) = (true, false);
        try
        {
            await SendDue();
        }
        finally
        {
            _pumping = false;
            StartPump(_pumpAgain ? TimeSpan.Zero : SayAgainAfter);
        }
    }

    private async Task SendDue()
    {
        var found = ImmutableDictionary.CreateBuilder<long, Guid>();
        var (dropped, texted, refused) = (new List<long>(), new List<Guid>(), new List<string>());
        foreach (var note in _due)
        {
            await Try(async () =>
            {
                if (note.To == Guid.Empty && note.AddressKey is { } number)
                {
                    if (await LookUp(note, number) is { } owner) found[note.Id] = owner;
                    else dropped.Add(note.Id);
                }
                else if (note.Kind == NoteKind.Asks && note.AddressKey is null || !await Say(note, note.To)) dropped.Add(note.Id);
            });
        }

        foreach (var (invitation, number) in _textDue)
        {
            // The budget first: what was taken from it before a kill is not sent twice.
            await Try(async () =>
            {
                if (await GrainFactory.GetGrain<IPhoneGrain>(number).TakeInvitation()) await Person.Text(TextTemplate.RelativeAsks, $"{invitation:N}/relative");
                texted.Add(invitation);
            });
        }

        foreach (var number in _refusedNumbers)
        {
            await Try(async () =>
            {
                await GrainFactory.GetGrain<IPhoneGrain>(number).RefuseInvitations();
                refused.Add(number);
            });
        }

        if (found.Count + dropped.Count + texted.Count + refused.Count == 0) return;
        await this.AsReference<IRelativesGrain>().Settle(new NoteResults(found.ToImmutable(), [.. dropped], [.. texted], [.. refused]));
    }

    // Null: nobody's, or her own; who has no account gets one message.
    private async Task<Guid?> LookUp(DueNote note, string number)
    {
        var phone = GrainFactory.GetGrain<IPhoneGrain>(number);
        if (await phone.Owner() is { } owner) return owner != Id && await Say(note, owner) ? owner : null;
        if (note.Texted && await phone.TakeInvitation())
        {
            var text = RelativeTexts.Invitation(ContactTexts.NameOf(await Person.Profile()), links.Refusal(number));
            if (!await gateway.Send(new TextMessage(note.Phone, text, $"{note.Relation:N}/relative"), CancellationToken.None)) LogNotTaken();
        }

        return null;
    }

    // False: nobody is there.
    private async Task<bool> Say(DueNote note, Guid to)
    {
        if (await GrainFactory.GetGrain<IUserGrain>(to).Profile() is null) return false;
        var said = new RelativeNote(note.Id, Id, note.Kind, note.Relation, note.Own);
        if (note.Kind == NoteKind.Asks)
        {
            var profile = await Person.Profile();
            said = said with { Name = ContactTexts.NameOf(profile), Phone = profile?.Phone, AddressKey = note.AddressKey };
        }

        await GrainFactory.GetGrain<IRelativesGrain>(to).Hear(said);
        return true;
    }

    private async Task Try(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it was, it is all still in the record, the others go on, and it is tried again.
            LogNotSaid(e.GetType().Name);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "A note about a relation was not sent ({Exception}); it is tried again.")]
    private partial void LogNotSaid(string exception);

    [LoggerMessage(1302, LogLevel.Warning, "An invitation to a number without an account was not taken by the gateway.")]
    private partial void LogNotTaken();

    /// <summary>A note as it lies on disk.</summary>
    private sealed record DueNote(long Id, Guid To, NoteKind Kind, Guid Relation, Guid Own, string Phone, string? AddressKey, bool Texted)
    {
        public static DueNote Of(OutNote note, RelationEntry? entry) => new(note.Id, note.To, note.Kind, note.Relation, note.Own, entry?.Phone ?? "", entry?.AddressKey, entry?.Texted == true);
    }
}
