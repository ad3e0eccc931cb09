using System.Collections.Immutable;
using Sos.Contracts.Geo;
using Sos.Contracts.Relatives;
using Sos.Contracts.Responders;
using Sos.Contracts.Users;
using Sos.Grains.Relatives;
using Sos.Grains.Tests.City;

namespace Sos.Grains.Tests.Relatives;

/// <summary>A trail from the first report to its end, and what a relative sees of it.</summary>
public sealed class TrailLifeTests
{
    [Fact]
    public async Task Positions_are_kept_only_while_she_wants_it_by_their_own_times_and_are_there_after_a_kill()
    {
        await using var all = await RelativesCity.Start();
        var (ann, _) = await all.Person("Ann");
        await all.Report(ann, CityHost.Square);
        Assert.Empty(await Kept(all, ann));
        Assert.Equal(new TrailSettings(false, 24), await Trail(all, ann).Settings());

        await all.City.Advance(TimeSpan.FromMinutes(1));
        var on = all.City.Now;
        await SwitchOn(all, ann, 24);
        await all.City.Advance(TimeSpan.FromMinutes(10));
        // What was true before she wanted it is not kept however late it comes; the rest is, in the order in which it was true.
        await all.User(ann).Report([At(on, 6), At(on, 2), At(on, -0.5), At(on, 4)]);
        await all.City.Until("they are kept", async () => (await Kept(all, ann)).Length == 3);
        Assert.Equal([2.0, 4, 6], (await Kept(all, ann)).Select(point => (point.Fix.At - on).TotalMinutes));

        await all.City.Advance(TrailRules.WrittenAfter);
        await all.City.Until("they are written", async () => (await Hour(all, ann, on).Read()).Length == 3);
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await Kept(all, ann)).Length);
        await all.User(ann).KeepTrail(false);
        await all.Report(ann, CityHost.Square);
        Assert.Equal(3, (await Kept(all, ann)).Length);
        Assert.False(await all.User(Guid.NewGuid()).KeepTrail(true));
    }

    [Fact]
    public async Task What_is_older_than_she_said_is_not_shown_and_is_deleted_within_the_hour()
    {
        await using var all = await RelativesCity.Start();
        var (ann, _) = await all.Person("Ann");
        var start = await Walk(all, ann, hours: 3);
        Assert.Equal(96, (await Kept(all, ann)).Length);
        await Trail(all, ann).Set(new TrailSettings(true, 2));
        // 72 minutes into the walk and later: what she keeps no longer is gone when she is answered.
        Assert.Equal(all.City.Now.AddHours(-2), (await Kept(all, ann))[0].Fix.At);
        Assert.Empty(await Hour(all, ann, start).Read());
        await all.City.CrashAndRestart(TimeSpan.FromMinutes(30));
        Assert.Equal(all.City.Now.AddHours(-2), (await Kept(all, ann))[0].Fix.At, TimeSpan.FromMinutes(2));
        await all.City.Until("the rest is deleted", TimeSpan.FromMinutes(20), async () => (await Left(all, ann, start)) == 0);
        Assert.Empty(await Kept(all, ann));
        Assert.True((await Trail(all, ann).Settings()).Enabled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_deletion_that_is_killed_in_the_middle_shows_nothing_and_is_finished_after_the_restart(int write)
    {
        var guillotine = new Guillotine();
        await using var all = await RelativesCity.Start(guillotine.Guard);
        var (ann, _) = await all.Person("Ann");
        var start = await Walk(all, ann, hours: 3);
        guillotine.KillAt(write, after: true);
        await Assert.ThrowsAnyAsync<Exception>(() => Trail(all, ann).Clear());
        guillotine.Lift();
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(5));
        Assert.Empty(await Kept(all, ann));
        // What comes after the first write is deleted side by side.
        if (write == 1) Assert.Equal(96, await Left(all, ann, start));
        await all.City.Until("it is finished", TimeSpan.FromMinutes(20), async () => (await Left(all, ann, start)) == 0);
    }

    [Fact]
    public async Task A_deletion_takes_what_is_on_its_way_too_and_recording_goes_on()
    {
        await using var all = await RelativesCity.Start();
        var (ann, _) = await all.Person("Ann");
        var start = await Walk(all, ann, hours: 1);
        var late = all.City.Now;
        await all.City.Advance(TimeSpan.FromSeconds(1));
        await Trail(all, ann).Clear();
        Assert.Equal(0, await Left(all, ann, start));
        await Trail(all, ann).Keep(new TrailPoint(new PositionFix(CityHost.Square, null, late), CityHost.Square));
        Assert.Empty(await Kept(all, ann));
        await all.City.Advance(TimeSpan.FromMinutes(6));
        await all.Report(ann, CityHost.Square);
        await all.City.Until("the next is kept", async () => (await Kept(all, ann)).Length == 1);
    }

    [Fact]
    public async Task A_report_waits_for_no_write_whoever_keeps_a_trail_and_is_told_to_none_of_who_does_not()
    {
        await using var bench = await NearbyBench.Start();
        var (ada, ben) = await bench.Relatives();
        await bench.User(ada).Register(new UserRegistration("+15550100400", null, Roles.User));
        await bench.User(ada).KeepTrail(true);
        await bench.Trail(ada).Set(new TrailSettings(true, 24));
        bench.RefusesWrites = true;
        for (var i = 0; i < TrailRules.MostUnwritten + 3; i++)
        {
            await bench.Advance(30);
            var told = bench.Calls.Next("ITrailGrain.Keep");
            Assert.Equal(ReportOutcome.Accepted, (await bench.At(ada, 100 * i)).Outcome);
            Assert.Equal(ReportOutcome.Accepted, (await bench.At(ben, -5_000)).Outcome);
            // Before the clock goes on: what waits for longer than a call may is dropped.
            await told;
        }

        Assert.Equal(TrailRules.MostUnwritten + 3, bench.Calls.Count("ITrailGrain.Keep"));
    }

    [Fact]
    public async Task A_relative_sees_where_she_was_while_she_was_shown_since_the_window_was_given_and_it_is_known_that_she_looked()
    {
        await using var all = await RelativesCity.Start();
        var ((ann, _), (ben, bens)) = (await all.Person("Ann"), await all.Person("Ben"));
        await all.Relate(ann, ben, bens);
        await SwitchOn(all, ann, 24);
        await all.Show(ann, ben);
        await Go(all, ann, 3);
        Assert.Empty(await all.Of(ann).Trail(ben)); // she is shown, and no trail

        var id = (await all.With(ann, ben))!.Id;
        await all.Of(ann).Share(id, new RelativeSharing(true, null, SharePrecision.Exact, TrailWindow.Day));
        var given = all.City.Now;
        await Go(all, ann, 3);
        await all.City.Advance(TimeSpan.FromSeconds(1));
        await all.Of(ann).Change(id, new RelativeChange(null, null, true));
        await Go(all, ann, 3);
        await all.Of(ann).Change(id, new RelativeChange(null, null, false));
        var again = all.City.Now;
        await Go(all, ann, 2);
        var seen = await all.Of(ann).Trail(ben);
        Assert.Equal([given.AddMinutes(1), given.AddMinutes(2), given.AddMinutes(3), again.AddMinutes(1), again.AddMinutes(2)], seen.Select(place => place.Fix.At));
        Assert.Equal(CityHost.Square, seen[0].Fix.Point);
        Assert.Empty(await all.Of(ann).Trail(Guid.NewGuid()));
        await all.City.CrashAndRestart(TimeSpan.FromSeconds(1));
        Assert.Single(await all.History(ann).Looks(), look => look.Trail && look.Name == "Ben");

        // From now on to a kilometre: the same way is squares, and says no accuracy and no moment.
        await all.Of(ann).Share(id, new RelativeSharing(true, null, SharePrecision.Approximate, TrailWindow.Day));
        await Go(all, ann, 12);
        var squares = await all.Of(ann).Trail(ben);
        Assert.NotEmpty(squares);
        Assert.All(squares, place =>
        {
            Assert.Equal((SharePrecision.Approximate, null, SharingSquares.Middle(place.Fix.Point)), (place.Precision, place.Fix.Accuracy, place.Fix.Point));
            Assert.Equal(0, place.Fix.At.Ticks % WindowRules.Slot.Ticks);
        });
        await all.Of(ann).Share(id, new RelativeSharing(true, null, SharePrecision.Exact, TrailWindow.None));
        Assert.Empty(await all.Of(ann).Trail(ben));
    }

    private static ITrailGrain Trail(RelativesCity all, Guid person) => all.City.Grains.GetGrain<ITrailGrain>(person);

    private static ITrailHourGrain Hour(RelativesCity all, Guid person, DateTimeOffset at) => all.City.Grains.GetGrain<ITrailHourGrain>(ITrailHourGrain.KeyOf(person, TrailRules.HourOf(at)));

    private static Task<ImmutableArray<TrailPoint>> Kept(RelativesCity all, Guid person) => Trail(all, person).Read(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private static PositionReport At(DateTimeOffset start, double minutes) =>
        new(CityHost.Square.Travel(90, Distance.FromMetres(100 * minutes + 500)), Distance.FromMetres(10), start.AddMinutes(minutes));

    private static async Task SwitchOn(RelativesCity all, Guid person, int hours)
    {
        await Trail(all, person).Set(new TrailSettings(true, hours));
        await all.User(person).KeepTrail(true);
    }

    // A point in two minutes, on disk.
    private static async Task<DateTimeOffset> Walk(RelativesCity all, Guid person, int hours)
    {
        var start = all.City.Now;
        await SwitchOn(all, person, 24);
        await all.City.Advance(TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(12));
        for (var i = 0; i < 32 * hours; i++)
        {
            var at = start.AddMinutes(2 * i);
            await Trail(all, person).Keep(new TrailPoint(new PositionFix(CityHost.Square, null, at), CityHost.Square));
        }

        await all.City.Until("it is written", async () => await Left(all, person, start) == 32 * hours);
        return start;
    }

    // What lies in the records of the hours from one on.
    private static async Task<int> Left(RelativesCity all, Guid person, DateTimeOffset start)
    {
        var left = 0;
        for (var hour = 0; hour < 5; hour++) left += (await Hour(all, person, start.AddHours(hour)).Read()).Length;
        return left;
    }

    // A report a minute, to and fro.
    private static async Task Go(RelativesCity all, Guid person, int minutes)
    {
        for (var i = 0; i < minutes; i++)
        {
            await all.City.Advance(TimeSpan.FromMinutes(1));
            await all.Report(person, CityHost.Square.Travel(90, Distance.FromMetres(all.City.Now.Minute % 2 * 200)));
            var now = all.City.Now;
            await all.City.Until("it is kept", async () => (await Kept(all, person)) is [.., var newest] && newest.Fix.At == now);
        }
    }
}
