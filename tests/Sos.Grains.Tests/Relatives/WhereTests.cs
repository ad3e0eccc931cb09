using Sos.Contracts.Relatives;
using Sos.Contracts.Users;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>"Where are you?": once an hour, answered by hand, once, and nobody learns that she was not heard.</summary>
public sealed class WhereTests
{
    [Fact]
    public async Task She_is_asked_once_an_hour_and_an_answer_shows_her_for_ten_minutes_and_no_longer()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Of(ben).Toggle(true);
        await all.Report(ben, CityHost.Square);
        var relation = (await all.With(ann, ben))!.Id;
        var asked = await all.Of(ann).AskWhere(relation);
        Assert.Equal((RelativeRefusal.None, all.City.Now.AddHours(1)), (asked.Refusal, asked.AgainAt));
        Assert.Equal(new WhereAsked(RelativeRefusal.TooSoon, all.City.Now.AddHours(1)), await all.Of(ann).AskWhere(relation));
        await all.City.Until("he is asked", async () => (await all.Of(ben).Questions()).Length == 1);
        var question = (await all.Of(ben).Questions())[0];
        Assert.Equal("Ann", question.Name);
        Assert.Null(await all.Of(ben).Look(ann));

        Assert.Equal(RelativeRefusal.None, (await all.Of(ben).AnswerWhere(question.Id, SharePrecision.Exact)).Refusal);
        Assert.Equal(CityHost.Square, (await all.Of(ben).Look(ann))!.Fix.Point);
        Assert.Equal(RelativeRefusal.NotFound, (await all.Of(ben).AnswerWhere(question.Id, SharePrecision.Exact)).Refusal);
        await all.City.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await all.Shows(ben, ann));
        await all.City.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(RelativeRefusal.None, (await all.Of(ann).AskWhere(relation)).Refusal);
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("silent")]
    [InlineData("paused")]
    [InlineData("blocked")]
    public async Task Whoever_is_not_heard_gets_the_answers_of_who_is_not_answered(string how)
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Of(ben).Toggle(true);
        await all.Report(ben, CityHost.Square);
        if (how == "paused") await all.Of(ben).Change((await all.With(ben, ann))!.Id, new RelativeChange(null, null, true));
        if (how == "blocked") await all.City.Grains.GetGrain<IBlocksGrain>(ben).Add(new BlockDraft(ann));
        var relation = (await all.With(ann, ben))!.Id;
        Assert.Equal(RelativeRefusal.None, (await all.Of(ann).AskWhere(relation)).Refusal);
        if (how is "refused" or "silent") await all.City.Until("he is asked", async () => (await all.Of(ben).Questions()).Length == 1);
        if (how == "refused") Assert.Equal(RelativeRefusal.None, (await all.Of(ben).AnswerWhere((await all.Of(ben).Questions())[0].Id, null)).Refusal);
        Assert.Equal(new WhereAsked(RelativeRefusal.TooSoon, all.City.Now.AddHours(1)), await all.Of(ann).AskWhere(relation));
        Assert.Null(await all.Of(ben).Look(ann));
        Assert.Equal(how == "silent" ? 1 : 0, (await all.Of(ben).Questions()).Length);
    }

    [Fact]
    public async Task The_master_switch_stands_over_an_answer_and_an_hour_later_there_is_nothing_to_answer()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await all.Of(ann).AskWhere((await all.With(ann, ben))!.Id);
        await all.City.Until("he is asked", async () => (await all.Of(ben).Questions()).Length == 1);
        var question = (await all.Of(ben).Questions())[0].Id;
        Assert.Equal(RelativeRefusal.SwitchedOff, (await all.Of(ben).AnswerWhere(question, SharePrecision.Exact)).Refusal);
        await all.Of(ben).Toggle(true);
        await all.City.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RelativeRefusal.NotFound, (await all.Of(ben).AnswerWhere(question, SharePrecision.Exact)).Refusal);
    }
}
