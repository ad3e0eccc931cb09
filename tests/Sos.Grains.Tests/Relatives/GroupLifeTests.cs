using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>Groups of one's own list: what is said to all of them at once holds for each, and nobody learns that there is a group.</summary>
public sealed class GroupLifeTests
{
    [Fact]
    public async Task She_is_shown_to_all_who_have_agreed_in_one_write_and_withdrawn_from_all_before_the_answer()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben, cleo) = await Three(all);
        var dora = (await all.Add(ann, all.Number(), "Dora")).Relative!.Id;
        var group = await Group(all, ann, (await all.With(ann, ben))!.Id, (await all.With(ann, cleo))!.Id, dora);
        await all.Of(ann).Toggle(true);
        foreach (var other in new[] { ben, cleo }) await all.Show(other, ann);
        var version = (await all.Of(ann).Policy()).Version;

        var until = all.City.Now.AddHours(2);
        var shown = (await all.Of(ann).ShareWithGroup(group, new RelativeSharing(true, until, SharePrecision.Exact)))!;
        Assert.True(shown.Sharing);
        Assert.Equal([("Ben", RelativeRefusal.None), ("Cleo", RelativeRefusal.None), ("Dora", RelativeRefusal.NotActive)], shown.Members.Select(of => (of.Member.Name, of.Refusal)));
        var policy = await all.Of(ann).Policy();
        Assert.Equal(version + 1, policy.Version);
        Assert.Equal(new[] { ben, cleo }.Order(), policy.Shares.Select(grant => grant.Viewer).Order());
        Assert.All(policy.Shares, grant => Assert.Equal((SharePrecision.Exact, until), (grant.Precision, grant.Until)));

        await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.True(await all.Shows(ann, ben) && await all.Shows(ann, cleo));
        await all.Report(ann, CityHost.Square);
        Assert.Equal(ann, (await Reported(all, ben)).Single().Relative);

        Assert.All((await all.Of(ann).ShareWithGroup(group, new RelativeSharing(false, null, SharePrecision.Exact)))!.Members.Take(2), of => Assert.True(of.IsDone));
        Assert.False(await all.Shows(ann, ben) || await all.Shows(ann, cleo));
        var withdrawn = all.City.Now;
        foreach (var other in new[] { ben, cleo }) Assert.DoesNotContain(await Reported(all, other), change => change.At > withdrawn);
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.Empty((await all.Of(ann).Policy()).Shares);
        Assert.Equal("Family", Assert.Single(await all.Of(ann).Groups()).Name);
    }

    [Fact]
    public async Task Each_is_asked_once_an_hour_whoever_else_is_in_the_group_and_answers_by_herself()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben, cleo) = await Three(all);
        var (bens, cleos) = ((await all.With(ann, ben))!.Id, (await all.With(ann, cleo))!.Id);
        var dora = (await all.Add(ann, all.Number(), "Dora")).Relative!.Id;
        var group = await Group(all, ann, bens, cleos, dora);
        await all.Of(ann).AskWhere(bens);
        var first = all.City.Now;
        await all.City.Advance(TimeSpan.FromSeconds(20));
        var asked = (await all.Of(ann).AskGroup(group))!;
        Assert.Equal(
            [(bens, RelativeRefusal.TooSoon, first.AddHours(1)), (cleos, RelativeRefusal.None, all.City.Now.AddHours(1)), (dora, RelativeRefusal.NotActive, (DateTimeOffset?)null)],
            asked.Members.Select(of => (of.Member.Id, of.Refusal, of.AgainAt)));
        await all.City.Until("both are asked, once", async () => (await all.Of(ben).Questions()).Length == 1 && (await all.Of(cleo).Questions()).Length == 1);
        Assert.All((await all.Of(ann).AskGroup(group))!.Members, of => Assert.False(of.IsDone));

        // Who answers shows herself, and who is blocked meanwhile or says nothing does not.
        await all.Of(ben).Toggle(true);
        await all.Report(ben, CityHost.Square);
        Assert.Equal(RelativeRefusal.None, (await all.Of(ben).AnswerWhere((await all.Of(ben).Questions())[0].Id, SharePrecision.Exact)).Refusal);
        Assert.NotNull(await all.Of(ben).Look(ann));
        Assert.Null(await all.Of(cleo).Look(ann));
    }

    [Fact]
    public async Task Nobody_in_a_group_finds_anything_of_it_and_who_ends_it_is_in_none_any_more()
    {
        await using var all = await RelativesCity.Start();
        var (ann, ben, cleo) = await Three(all);
        var before = (await all.Of(ben).List()).Relatives;
        var (bens, cleos) = ((await all.With(ann, ben))!.Id, (await all.With(ann, cleo))!.Id);
        var group = await Group(all, ann, bens, cleos);
        Assert.Equal(GroupRefusal.None, (await all.Of(ann).ChangeGroup(group, new GroupDraft("Others", [cleos]))).Refusal);
        Assert.Equal(GroupRefusal.None, (await all.Of(ann).ChangeGroup(group, new GroupDraft("Family", [bens, cleos]))).Refusal);
        Assert.Equal(before, (await all.Of(ben).List()).Relatives);
        Assert.Equal((0, 0), ((await all.Of(ben).Questions()).Length, (await all.Of(ben).Groups()).Length));

        // What one may do against one relative goes on working, and the group goes by the list.
        await all.Of(cleo).Remove((await all.With(cleo, ann))!.Id);
        await all.City.Until("she knows", async () => (await all.Of(ann).List()).Relatives.Any(r => r.State == RelationState.Ended));
        Assert.Equal([bens], (await all.Of(ann).Groups())[0].Members.Select(member => member.Id));
        await all.Of(ann).Remove(bens);
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Empty((await all.Of(ann).Groups())[0].Members);
        Assert.True(await all.Of(ann).RemoveGroup(group));
        Assert.False(await all.Of(ann).RemoveGroup(group));
        Assert.Null(await all.Of(ann).AskGroup(group));
    }

    private static async Task<(Guid Ann, Guid Ben, Guid Cleo)> Three(RelativesCity all)
    {
        var ((ann, _), (ben, bens), (cleo, cleos)) = (await all.Person("Ann"), await all.Person("Ben"), await all.Person("Cleo"));
        await all.Relate(ann, ben, bens);
        await all.Relate(ann, cleo, cleos);
        await all.Of(ann).Change((await all.With(ann, cleo))!.Id, new RelativeChange("Cleo", null, null));
        return (ann, ben, cleo);
    }

    private static async Task<Guid> Group(RelativesCity all, Guid person, params Guid[] members)
    {
        var made = await all.Of(person).MakeGroup(new GroupDraft("Family", [.. members]));
        Assert.Equal((GroupRefusal.None, members.Length), (made.Refusal, made.Group!.Members.Length));
        return made.Group.Id;
    }

    private static async Task<IEnumerable<NearbyChange>> Reported(RelativesCity all, Guid person)
    {
        await all.City.Advance(TimeSpan.FromSeconds(5));
        return (await all.User(person).Report([new(CityHost.Square.Travel(90, Distance.FromMetres(200)), Distance.FromMetres(10), all.City.Now)])).Changes;
    }
}
