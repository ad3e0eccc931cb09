using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Sos.Embedded.Reminders;
using Sos.Embedded.State;
using Sos.Embedded.Storage;

namespace Sos.Runtime.Tests.Reminders;

public sealed class ReminderScheduleTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(-30, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 60)]
    [InlineData(59, 60)]
    [InlineData(60, 60)]
    [InlineData(61, 120)]
    [InlineData(86_399, 86_400)]
    public void The_next_tick_is_the_start_or_a_whole_number_of_periods_after_it(int nowSeconds, int nextSeconds)
        => Assert.Equal(Noon.AddSeconds(nextSeconds), ReminderClock.Next(Entry("a", "r"), Noon.AddSeconds(nowSeconds)));

    [Fact]
    public void A_tick_never_follows_itself_even_when_the_clock_went_back()
    {
        var entry = Entry("a", "r");
        Assert.Equal(Noon.AddSeconds(60), ReminderClock.Following(entry, Noon, Noon));
        Assert.Equal(Noon.AddSeconds(120), ReminderClock.Following(entry, Noon.AddSeconds(60), Noon.AddSeconds(60)));
        Assert.Equal(Noon.AddSeconds(120), ReminderClock.Following(entry, Noon.AddSeconds(60), Noon.AddSeconds(10)));
        Assert.Equal(Noon.AddSeconds(300), ReminderClock.Following(entry, Noon.AddSeconds(60), Noon.AddSeconds(250)));
    }

    [Fact]
    public void Of_100_000_reminders_exactly_the_due_ones_come_in_their_order()
    {
        var random = new Random(5);
        var schedule = new ReminderSchedule();
        var due = new Dictionary<string, DateTime>();
        for (var i = 0; i < 100_000; i++)
        {
            due[$"g{i}"] = Noon.AddMilliseconds(random.Next(3_600_000));
            schedule.Put(Entry($"g{i}", "r"), due[$"g{i}"]);
        }

        for (var i = 0; i < 100_000; i += 3)
        {
            schedule.Remove(GrainId.Create("t", $"g{i}"), "r");
            due.Remove($"g{i}");
        }

        var seen = new List<ReminderSchedule.Scheduled>();
        for (var now = Noon; now <= Noon.AddHours(1); now = now.AddSeconds(7)) seen.AddRange(schedule.TakeDue(now));
        seen.AddRange(schedule.TakeDue(Noon.AddHours(2)));
        Assert.Equal(due.Values.Order(), seen.Select(one => one.Due));
        Assert.Equal(due.Count, seen.Select(one => one.Entry.GrainId).Distinct().Count());
        Assert.Null(schedule.NextDue);
    }

    [Fact]
    public void A_reminder_that_was_replaced_or_removed_while_it_ticked_is_not_scheduled_again()
    {
        var schedule = new ReminderSchedule();
        schedule.Put(Entry("a", "r"), Noon);
        schedule.Put(Entry("b", "r"), Noon);
        var ticking = schedule.TakeDue(Noon);
        schedule.Put(Entry("a", "r"), Noon.AddHours(1));
        schedule.Remove(GrainId.Create("t", "b"), "r");
        foreach (var one in ticking) schedule.Again(one, Noon.AddMinutes(1));
        Assert.Equal(Noon.AddHours(1), schedule.NextDue);
        Assert.Single(schedule.TakeDue(Noon.AddHours(2)));
    }

    [Fact]
    public void Reminders_that_are_replaced_a_million_times_leave_no_heap_behind()
    {
        var schedule = new ReminderSchedule();
        for (var i = 0; i < 1_000_000; i++) schedule.Put(Entry($"g{i % 10}", "r"), Noon.AddDays(i % 7));
        Assert.InRange(schedule.HeapCount, 10, 2000);
        Assert.Equal(10, schedule.TakeDue(Noon.AddDays(30)).Count);
    }

    [Fact]
    public async Task The_table_keeps_reminders_of_keys_that_begin_alike_apart()
    {
        var table = Table();
        string[] keys = ["a", "ab", "a/b", "a\u0001", "ä", "b"];
        foreach (var key in keys)
        {
            for (var i = 0; i < 25; i++) await table.UpsertRow(Entry(key, $"r{i:00}"));
        }

        foreach (var key in keys)
        {
            var rows = (await table.ReadRows(GrainId.Create("t", key))).Reminders;
            Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{key} r{i:00}"), rows.Select(row => $"{row.GrainId.Key} {row.ReminderName}"));
        }

        Assert.Equal(keys.Length * 25, (await table.ReadRows(0, 0)).Reminders.Count);
        await Assert.ThrowsAsync<ArgumentException>(() => table.UpsertRow(Entry("a", "x\0y")));
    }

    [Fact]
    public async Task A_row_is_removed_with_its_newest_version_only()
    {
        var table = Table();
        var first = await table.UpsertRow(Entry("a", "r"));
        var second = await table.UpsertRow(Entry("a", "r"));
        Assert.False(await table.RemoveRow(GrainId.Create("t", "a"), "r", first!));
        Assert.True(await table.RemoveRow(GrainId.Create("t", "a"), "r", second!));
        Assert.False(await table.RemoveRow(GrainId.Create("t", "a"), "r", second!));
        Assert.Null(await table.ReadRow(GrainId.Create("t", "a"), "r"));
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var table = Table();
        var entry = new ReminderEntry { GrainId = GrainId.Create("sos.alert", "k/1"), ReminderName = "dispatch", StartAt = Noon.AddTicks(1_234_567), Period = Minute };
        var etag = await table.UpsertRow(entry);
        var read = await table.ReadRow(entry.GrainId, "dispatch");
        Assert.Equal((entry.GrainId, "dispatch", entry.StartAt, Minute, etag), (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
    }

    private static RecordReminderTable Table() => new(new MemoryRecordStore(new RecordStoreOptions()), Options.Create(new RecordLaneOptions()));

    private static ReminderEntry Entry(string key, string name) => new() { GrainId = GrainId.Create("t", key), ReminderName = name, StartAt = Noon, Period = Minute };
}
