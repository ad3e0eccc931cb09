using Sos.Contracts.Audit;
using Sos.Grains.Audit;
using Sos.Grains.State;

namespace Sos.Grains.Tests.Audit;

public sealed class AuditRulesTests
{
    private const string Chain = "20261121-03";
    private const int Tamperings = 100;
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_chain_as_it_was_written_has_no_fault()
    {
        var (full, open) = Written(250);
        var verdict = AuditRules.Check(Chain, [.. full], open);
        Assert.Empty(verdict.Faults);
        Assert.Equal((250, open.Head), (verdict.Entries, verdict.Head));
        Assert.Empty(AuditRules.Check(Chain, [], new AuditSegmentState()).Faults);
    }

    [Fact]
    public void S20_an_entry_that_was_changed_is_named()
    {
        var random = new Random(20);
        for (var i = 0; i < Tamperings; i++)
        {
            var (full, open) = Written(250);
            var seq = random.NextInt64(1, 251);
            Change(full, open, seq, entry => (i % 6) switch
            {
                0 => entry with { Draft = entry.Draft with { Reason = "nothing" } },
                1 => entry with { Draft = entry.Draft with { Actor = Guid.NewGuid() } },
                2 => entry with { Draft = entry.Draft with { At = entry.Draft.At.AddTicks(1) } },
                3 => entry with { Draft = entry.Draft with { Act = AuditAct.NotedAlert } },
                4 => entry with { Draft = entry.Draft with { Detail = entry.Draft.Detail is null ? "" : null } },
                _ => entry with { Uptime = entry.Uptime + 1 },
            });
            Assert.Contains(AuditRules.Check(Chain, [.. full], open).Faults, fault => fault.StartsWith($"{Chain}: entry {seq} (", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void S20_an_entry_that_was_changed_with_its_hash_is_named_by_the_one_after_it()
    {
        var random = new Random(21);
        for (var i = 0; i < Tamperings; i++)
        {
            var (full, open) = Written(250);
            var seq = random.NextInt64(1, 251);
            var before = seq == 1 ? AuditRules.Beginning(Chain) : Entry(full, open, seq - 1).Hash;
            Change(full, open, seq, entry =>
            {
                var draft = entry.Draft with { Reason = "nothing" };
                return entry with { Draft = draft, Hash = AuditRules.Hash(before, seq, draft, entry.Uptime) };
            });
            Assert.NotEmpty(AuditRules.Check(Chain, [.. full], open).Faults);
        }
    }

    [Fact]
    public void S20_an_entry_that_was_removed_is_named()
    {
        var random = new Random(22);
        for (var i = 0; i < Tamperings; i++)
        {
            var (full, open) = Written(250);
            var seq = i == 0 ? 250 : random.NextInt64(1, 251);
            Edit(full, open, entries => entries.RemoveAll(e => e.Seq == seq));
            Assert.Contains($"{Chain}: entry {seq} is missing", AuditRules.Check(Chain, [.. full], open).Faults);
        }
    }

    [Fact]
    public void S20_entries_that_changed_places_are_named()
    {
        var random = new Random(23);
        for (var i = 0; i < Tamperings; i++)
        {
            var (full, open) = Written(AuditRules.MostEntries);
            var place = random.Next(0, AuditRules.MostEntries - 1);
            (open.Entries[place], open.Entries[place + 1]) = (open.Entries[place + 1], open.Entries[place]);
            Assert.Contains($"{Chain}: entry {place + 1} is out of order or too many", AuditRules.Check(Chain, [.. full], open).Faults);

            // Also when they take each other's number.
            open = Written(AuditRules.MostEntries).Open;
            var (a, b) = (open.Entries[place], open.Entries[place + 1]);
            (open.Entries[place], open.Entries[place + 1]) = (b with { Seq = a.Seq }, a with { Seq = b.Seq });
            Assert.Contains(AuditRules.Check(Chain, [.. full], open).Faults, fault => fault.StartsWith($"{Chain}: entry {place + 1} (", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void S20_a_segment_that_is_missing_or_another_chains_is_named()
    {
        var (full, open) = Written(250);
        Assert.Contains($"{Chain}: segment 1 is missing", AuditRules.Check(Chain, [full[0], null, .. full[2..]], open).Faults);
        Assert.NotEmpty(AuditRules.Check(Chain, [full[1], full[0], .. full[2..]], open).Faults);
        Assert.NotEmpty(AuditRules.Check("20261121-04", [.. full], open).Faults);
        open.Count += 1_000_000_000;
        Assert.NotEmpty(AuditRules.Check(Chain, [.. full], open).Faults);
    }

    [Fact]
    public void A_segment_of_the_longest_entries_fits_into_a_record_and_reads_back()
    {
        var state = new AuditSegmentState();
        while (!AuditRules.IsFull(state)) AuditRules.Append(state, Chain, Longest(), 1);
        AuditRules.Append(state, Chain, Longest(), 1);
        var bytes = new SosStateSerializer().Serialize(state);
        Assert.InRange(bytes.ToMemory().Length, 1, 64 * 1024);
        Assert.Empty(AuditRules.Check(Chain, [], new SosStateSerializer().Deserialize<AuditSegmentState>(bytes)).Faults);

        static AuditDraft Longest() => new(Guid.NewGuid(), Noon, Guid.NewGuid(), AuditAct.UnassignedResponder, new string('ü', 1_000), new string('ü', 1_000), new string('ü', 1_000));
    }

    private static (List<AuditSegment> Full, AuditSegmentState Open) Written(int entries)
    {
        var (full, open) = (new List<AuditSegment>(), new AuditSegmentState());
        for (var i = 0; i < entries; i++)
        {
            if (AuditRules.IsFull(open))
            {
                full.Add(open.ToSegment());
                open = AuditRules.Next(open);
            }

            AuditRules.Append(open, Chain, new AuditDraft(new Guid(i, 0, 0, new byte[8]), Noon.AddSeconds(i), new Guid(i % 3, 1, 0, new byte[8]), AuditAct.ViewedAlert, $"alert/{i}", "open", i % 2 == 0 ? "more" : null), i);
        }

        return (full, open);
    }

    private static AuditEntry Entry(List<AuditSegment> full, AuditSegmentState open, long seq) => full.SelectMany(s => s.Entries).Concat(open.Entries).Single(e => e.Seq == seq);

    private static void Change(List<AuditSegment> full, AuditSegmentState open, long seq, Func<AuditEntry, AuditEntry> change) =>
        Edit(full, open, entries =>
        {
            var place = entries.FindIndex(e => e.Seq == seq);
            if (place >= 0) entries[place] = change(entries[place]);
        });

    private static void Edit(List<AuditSegment> full, AuditSegmentState open, Action<List<AuditEntry>> edit)
    {
        for (var i = 0; i < full.Count; i++)
        {
            var entries = full[i].Entries.ToList();
            edit(entries);
            full[i] = full[i] with { Entries = [.. entries] };
        }

        edit(open.Entries);
    }
}
