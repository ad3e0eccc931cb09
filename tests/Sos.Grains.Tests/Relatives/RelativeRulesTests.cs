using System.Collections.Immutable;
using Sos.Contracts.Relatives;
using Sos.Grains.Identity;
using Sos.Grains.Relatives;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Relatives;

public sealed class RelativeRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ann = Guid.CreateVersion7(Now);

    [Fact]
    public void A_note_may_be_heard_twice_and_late_and_the_same_comes_of_it()
    {
        var (seed, random) = (Environment.TickCount, new Random(Environment.TickCount));
        for (var run = 0; run < 2_000; run++)
        {
            var (mine, theirs) = (new Side(Ann, random), new Side(Guid.NewGuid(), random));
            for (var step = 0; step < 40; step++)
            {
                var (one, other) = random.Next(2) == 0 ? (mine, theirs) : (theirs, mine);
                switch (random.Next(6))
                {
                    case 0: one.Add(other); break;
                    case 1: one.Answer(random.Next(4) != 0); break;
                    case 2 when random.Next(3) == 0: one.Remove(); break;
                    default: one.Deliver(other, twice: random.Next(3) == 0, lost: random.Next(4) == 0); break;
                }
            }

            for (var round = 0; round < 40 && (mine.State.Outbox.Count > 0 || theirs.State.Outbox.Count > 0); round++)
            {
                mine.Deliver(theirs, false, false);
                theirs.Deliver(mine, false, false);
            }

            Assert.True(mine.State.Outbox.Count + theirs.State.Outbox.Count == 0, $"seed {seed}, run {run}: something is never heard");
            Assert.True(mine.IsActiveWith(theirs) == theirs.IsActiveWith(mine), $"seed {seed}, run {run}: one believes that they are relatives, the other does not");
        }
    }

    [Fact]
    public void Who_is_kept_apart_or_was_refused_leaves_no_trace_by_asking()
    {
        var (state, note) = (new RelativesState(), new RelativeNote(1, Ann, NoteKind.Asks, Guid.NewGuid(), Guid.NewGuid(), "Ann", "+15550001", "a0"));
        Assert.Equal((false, false), HearingRules.Hear(state, note, [Ann], Guid.NewGuid(), Now));
        Assert.Equal((true, false), HearingRules.Hear(state, note, [], Guid.NewGuid(), Now));
        ConsentRules.Answer(state, state.Invitations[0].Id, false, null, Guid.NewGuid(), Now);
        Assert.Equal((false, false), HearingRules.Hear(state, note, [], Guid.NewGuid(), Now));
        Assert.Empty(state.Invitations);
        Assert.Equal(["a0"], state.RefusedNumbers);
    }

    [Fact]
    public void A_full_record_stays_under_its_limit()
    {
        var (state, text) = (new RelativesState { Sharing = true }, new string('न', 60));
        for (var i = 0; i < RelativeRules.MostRelations; i++)
        {
            state.Relations.Add(new RelationEntry
            {
                Id = Guid.NewGuid(),
                Person = Guid.NewGuid(),
                Phone = "+15550001234567",
                AddressKey = new string('a', 64),
                Name = text,
                AddedAt = Now,
                State = RelationState.Active,
                Enabled = true,
                Until = Now,
                Precision = SharePrecision.Approximate,
                Texted = true,
                Other = Guid.NewGuid(),
                AskedAt = Now,
                OnceUntil = Now,
                OncePrecision = SharePrecision.Approximate,
                Window = TrailWindow.Week,
                Spans = [.. Enumerable.Range(0, WindowRules.MostSpans).Select(n => new ShareSpan { Began = Now.ToUnixTimeMilliseconds(), Ended = Now.ToUnixTimeMilliseconds() + n, Precision = SharePrecision.Approximate })],
            });
            state.Questions.Add(new QuestionEntry { Id = Guid.NewGuid(), Relation = Guid.NewGuid(), At = Now });
            state.RefusedNumbers.Add(new string('a', 64));
            state.Adds.Add(Now);
            ConsentRules.Say(state, NoteKind.Agrees, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        }

        // Notes of letters take what is left; in ASCII all of them fit, in other scripts as many as do.
        Assert.All(state.Relations, relation => Assert.Equal(RelativeRefusal.None, RelativeRules.Change(state, relation.Id, new RelativeChange(null, new string('a', 500), null))));
        var written = state.Relations.Select(relation => RelativeRules.Change(state, relation.Id, new RelativeChange(null, new string('न', 500), null))).ToList();
        Assert.Equal((RelativeRefusal.None, RelativeRefusal.NotesTooLong), (written[0], written[^1]));
        Assert.Equal(RelativeRefusal.None, RelativeRules.Change(state, state.Relations[^1].Id, new RelativeChange("Ben", new string('b', 500), null)));
        state.Relations[^1].Name = text;
        for (var i = 0; i < GroupRules.MostGroups; i++)
        {
            var draft = new GroupDraft(new string((char)('ऀ' + i), 60), [.. state.Relations.Select(relation => relation.Id)]);
            Assert.Equal(GroupRefusal.None, GroupRules.Make(state, draft, Guid.NewGuid()).Refusal);
        }

        var refused = new HashSet<Guid>();
        while (refused.Count < ConsentRules.MostRefused) refused.Add(Guid.NewGuid());
        state.Refused = PackedIds.Pack(refused);
        for (var i = 0; i < ConsentRules.MostInvitations + 5; i++)
            HearingRules.Hear(state, new RelativeNote(1, Guid.NewGuid(), NoteKind.Asks, Guid.NewGuid(), Guid.NewGuid(), new string('न', 40), "+15550001234567", new string('a', 64)), [], Guid.NewGuid(), Now);
        Assert.Equal(ConsentRules.MostInvitations, state.Invitations.Count);
        Assert.InRange(new SosStateSerializer().Serialize(state).ToMemory().Length, 1, 64 * 1024);
    }

    [Fact]
    public void Who_shows_herself_is_reminded_every_thirty_days_and_the_month_begins_anew_with_the_next_sharing()
    {
        var (state, due) = (new RelativesState(), new List<int>());
        for (var day = 0; day < 130; day++)
        {
            if (SharingRules.Remind(state, day is < 70 or > 80, Now.AddDays(day)).Due) due.Add(day);
        }

        Assert.Equal([30, 60, 111], due);
    }

    [Fact]
    public void A_name_is_written_in_its_own_letters_and_one_that_was_written_in_numbers_reads_the_same()
    {
        var state = new RelativesState { Relations = { new RelationEntry { Name = "नानी" } } };
        var written = new SosStateSerializer().Serialize(state).ToString();
        Assert.Contains("नानी", written, StringComparison.Ordinal);
        var before = written.Replace("नानी", @"\u0928\u093e\u0928\u0940", StringComparison.Ordinal);
        Assert.Equal("नानी", new SosStateSerializer().Deserialize<RelativesState>(BinaryData.FromString(before)).Relations.Single().Name);
    }

    [Fact]
    public void A_number_gets_one_invitation_in_thirty_days_and_after_a_refusal_none_for_a_year()
    {
        var state = new PhoneState();
        Assert.True(PhoneRules.TakeInvitation(state, Now));
        Assert.False(PhoneRules.TakeInvitation(state, Now.AddDays(30).AddSeconds(-1)));
        Assert.False(PhoneRules.HoldsNothing(state, Now.AddDays(1), new IdentityOptions()));
        Assert.True(PhoneRules.TakeInvitation(state, Now.AddDays(30)));
        Assert.True(PhoneRules.RefuseInvitations(state, Now.AddDays(31)));
        Assert.False(PhoneRules.RefuseInvitations(state, Now.AddDays(32).AddSeconds(-1)));
        Assert.False(PhoneRules.TakeInvitation(state, Now.AddDays(31 + 364)));
        Assert.True(PhoneRules.TakeInvitation(state, Now.AddDays(31 + 365)));
    }

    /// <summary>One side, whose notes are delivered by hand.</summary>
    private sealed class Side(Guid id, Random random)
    {
        private readonly string _phone = $"+1{id:N}"[..14];

        public RelativesState State { get; } = new();

        public bool IsActiveWith(Side other) => State.With(other.Id) is { State: RelationState.Active };

        private Guid Id => id;

        public void Add(Side other)
        {
            State.Adds.Clear();
            RelativeRules.Add(State, new RelativeDraft(other._phone, "a0", "them", null, true), _phone, Guid.NewGuid(), Now);
        }

        public void Answer(bool accepts)
        {
            if (State.Invitations is not [var first, ..]) return;
            ConsentRules.Answer(State, first.Id, accepts, null, Guid.NewGuid(), Now);
            State.Refused = [];
        }

        public void Remove()
        {
            if (State.Relations is [var first, ..]) RelativeRules.Remove(State, first.Id);
        }

        public void Deliver(Side other, bool twice, bool lost)
        {
            if (State.Outbox.Count == 0) return;
            var note = State.Outbox[random.Next(State.Outbox.Count)];
            if (note.To == Guid.Empty)
            {
                ConsentRules.Settle(State, new NoteResults(ImmutableDictionary<long, Guid>.Empty.Add(note.Id, other.Id), [], [], []));
                if (lost) return;
            }

            var said = new RelativeNote(note.Id, id, note.Kind, note.Relation, note.Own, "me", _phone, "a0");
            for (var i = 0; i < (twice ? 2 : 1); i++)
            {
                var (_, gone) = HearingRules.Hear(other.State, said, [], Guid.NewGuid(), Now);
                if (!lost) HearingRules.Heard(State, new NoteReceipt(note.Id, other.Id, note.Relation, gone));
            }
        }
    }
}
