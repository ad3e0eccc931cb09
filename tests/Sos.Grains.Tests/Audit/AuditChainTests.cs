using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Sos.Contracts.Audit;
using Sos.Contracts.Operations;
using Sos.Grains.Audit;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly Guid Actor = Guid.Parse("01890000-0000-7000-8000-0000000000a1");

    [Fact]
    public async Task A_long_day_is_read_newest_first_checked_and_survives_a_crash()
    {
        await using var city = await CityHost.Start();
        var drafts = await Fill(city, 250);
        for (var run = 0; run < 2; run++)
        {
            var chain = Chain(city);
            var verdict = await chain.Verify();
            Assert.Empty(verdict.Faults);
            Assert.Equal(250, verdict.Entries);
            var read = new List<AuditEntry>();
            for (var below = long.MaxValue; await chain.Page(new AuditFilter(), below, 60) is { Length: > 0 } page; below = page[^1].Seq) read.AddRange(page);
            Assert.Equal(drafts.AsEnumerable().Reverse(), read.Select(e => e.Draft));
            Assert.Equal(125, (await chain.Page(new AuditFilter(Act: AuditAct.ViewedTrack), long.MaxValue, 200)).Length);
            Assert.Single(await chain.Page(new AuditFilter(Subject: drafts[7].Subject), long.MaxValue, 200));
            await city.CrashAndRestart(TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task The_same_entry_again_is_not_put_in_twice_however_long_ago_it_was()
    {
        await using var city = await CityHost.Start();
        var drafts = await Fill(city, 200);
        await city.CrashAndRestart(TimeSpan.Zero);
        foreach (var draft in (AuditDraft[])[drafts[0], drafts[150], drafts[199]]) await Chain(city).Append(draft);
        Assert.Equal(200, (await Chain(city).Verify()).Entries);
    }

    [Theory]
    [InlineData("changed", "entry 120 (")]
    [InlineData("removed", "entry 120 is missing")]
    [InlineData("reordered", "entry 120 is out of order")]
    public async Task S20_what_somebody_did_to_the_stored_entries_is_found_by_name(string what, string found)
    {
        await using var city = await CityHost.Start();
        await Fill(city, 250);
        var kept = city.Grains.GetGrain<IAuditSegmentGrain>(AuditKeys.Segment(ChainName(city), 119 / AuditRules.MostEntries));
        await Rewrite(city, kept.GetGrainId(), entries =>
        {
            var place = entries.FindIndex(e => e.Seq == 120);
            if (what == "changed") entries[place] = entries[place] with { Draft = entries[place].Draft with { Reason = "nothing" } };
            else if (what == "removed") entries.RemoveAt(place);
            else (entries[place], entries[place + 1]) = (entries[place + 1], entries[place]);
        });
        await city.CrashAndRestart(TimeSpan.Zero);
        Assert.Contains((await Chain(city).Verify()).Faults, fault => fault.StartsWith($"{ChainName(city)}: {found}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_is_listed_in_its_month()
    {
        await using var city = await CityHost.Start();
        await Fill(city, 1);
        Assert.Equal([ChainName(city)], await city.Grains.GetGrain<IAuditIndexGrain>(AuditKeys.IndexOf(ChainName(city))).List());
    }

    private static async Task<List<AuditDraft>> Fill(CityHost city, int entries)
    {
        var drafts = Enumerable.Range(0, entries).Select(i => new AuditDraft(
            new Guid(i, 1, 2, new byte[8]), city.Now.AddSeconds(i), Actor, i % 2 == 0 ? AuditAct.ViewedAlert : AuditAct.ViewedTrack, $"alert/{i}", "the alert is open")).ToList();
        foreach (var draft in drafts) await Chain(city).Append(draft);
        return drafts;
    }

    private static async Task Rewrite(CityHost city, GrainId grain, Action<List<AuditEntry>> edit)
    {
        var storage = city.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Large);
        var state = new GrainState<AuditSegmentState>(new AuditSegmentState());
        await storage.ReadStateAsync("segment", grain, state);
        edit(state.State!.Entries);
        await storage.WriteStateAsync("segment", grain, state);
    }

    private static string ChainName(CityHost city) => AuditKeys.ChainOf(city.Now, Actor);

    private static IAuditGrain Chain(CityHost city) => city.Grains.GetGrain<IAuditGrain>(ChainName(city));
}
