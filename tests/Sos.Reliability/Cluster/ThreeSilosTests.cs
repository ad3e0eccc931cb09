using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability.Cluster;

/// <summary>R-13: three silos in three processes on PostgreSQL under load, and what becomes of it when they are killed.</summary>
public sealed class ThreeSilosTests
{
    private const int Writers = 8;
    private const int Fresh = 16;

    /// <summary>Rounds of killing; SOS_ROUNDS for more.</summary>
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SOS_ROUNDS"), out var rounds) ? rounds : 4;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AutoAssignAfter = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_while_one_of_three_is_killed_again_and_again()
    {
        await using var silos = await ThreeSilos.Start();
        var random = ServerUnderFire.Seeded("R-13");
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var writers = new List<Writer>();
        for (var i = 0; i < Writers; i++)
            writers.Add(new Writer(await silos.Population.Caller(i), await silos.Population.Responder(i), i, silos.Log, new Random(random.Next()), acknowledged));
        var fresh = new List<ApiClient>();
        for (var i = 0; i < Fresh; i++) fresh.Add(await silos.Population.Caller(100 + i));

        using var enough = new CancellationTokenSource();
        var writing = writers.Select(writer => writer.Run(enough.Token)).ToList();
        var recoveries = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            await After(Every - Down);
            Assert.DoesNotContain(writing, task => task.IsFaulted);
            var victim = silos.Servers[round % silos.Servers.Count];
            await victim.Kill();
            var presses = fresh.Select((caller, i) => PressUntilTaken(silos, caller, i)).ToList();
            await After(Down);
            await victim.Start();
            recoveries.AddRange(await Task.WhenAll(presses));
        }

        await After(Every - Down);
        await enough.CancelAsync();
        await Task.WhenAll(writing);

        var audit = await silos.Account([.. writers.Select(writer => writer.Caller), .. fresh]);
        recoveries.Sort();
        ServerUnderFire.Say(
            $"R-13: three silos, one killed {Rounds} times, every {Every.TotalSeconds:F0} s: {silos.Log.Intents.Count} sent, {silos.Log.CountOf(Certainty.Acknowledged)} acknowledged, "
            + $"{writers.Sum(w => w.Unknown)} answers lost and repeated, {writers.Sum(w => w.Resolved)} whole lives: {audit}; "
            + $"a press at the moment of a kill was taken after p50 {Ms(recoveries, 0.5)}, p95 {Ms(recoveries, 0.95)}, longest {Ms(recoveries, 1)}");
        ServerUnderFire.AssertClean(audit);
        Assert.Empty(writers.SelectMany(writer => writer.Refusals));
        Assert.Equal(silos.Log.Intents.Count, silos.Log.CountOf(Certainty.Acknowledged));
    }

    [Fact]
    public async Task All_three_killed_at_once_and_started_again_assign_who_was_due()
    {
        await using var silos = await ThreeSilos.Start(new Dictionary<string, string> { ["Sos:Dispatch:AutoAssignAfter"] = AutoAssignAfter.ToString() });
        for (var i = 0; i < 30; i++)
        {
            var responder = await silos.Population.Responder(i);
            (await responder.Put("responders/me", new { onDuty = true, capacity = 2, transport = "car" })).Require();
            (await responder.Post("responders/me/position", Place(i))).Require();
        }

        var callers = new List<ApiClient>();
        for (var i = 0; i < 30; i++) callers.Add(await silos.Population.Caller(i));
        var alerts = await Task.WhenAll(callers.Select(async (caller, i) =>
        {
            var intent = Intend(caller, i);
            await silos.Log.Intend(intent);
            var answer = await caller.Post("alerts", new { id = intent.Id, kind = intent.Kind, position = Place(i), note = intent.Note, holdSeconds = 0 });
            await silos.Log.Settle(intent.Id, answer.Certainty);
            return answer.Read<AlertAnswer>();
        }));

        await Task.WhenAll(silos.Servers.Select(server => server.Kill()));
        await After(AutoAssignAfter);
        var starts = await Task.WhenAll(silos.Servers.Select(server => server.Start()));
        var ready = DateTimeOffset.UtcNow;
        await After(TimeSpan.FromSeconds(3));
        var late = new List<TimeSpan>();
        foreach (var alert in alerts)
        {
            // While silos find each other again a question may go unanswered; the asker asks again.
            while (!(await silos.Staff.Get($"alerts/{alert.Id}/events?limit=1")).Succeeded)
            {
            }

            var assigned = (await AlertAudit.Events(silos.Staff, alert.Id)).Where(change => change.Kind == "assigned").ToList();
            var due = alert.RaisedAt + AutoAssignAfter;
            late.Add(Assert.Single(assigned).At - (due > ready ? due : ready));
        }

        var audit = await silos.Account(callers);
        ServerUnderFire.Say($"R-13: three silos killed at once and started again, ready after {starts.Min().TotalSeconds:F1} to {starts.Max().TotalSeconds:F1} s: {alerts.Length} of {alerts.Length} assigned once, the last {late.Max().TotalMilliseconds:F0} ms after max(due, ready); {audit}");
        ServerUnderFire.AssertClean(audit);
        Assert.True(late.Max() <= TimeSpan.FromSeconds(2), $"{late.Max()} after max(due, ready)");
    }

    private static async Task<TimeSpan> PressUntilTaken(ThreeSilos silos, ApiClient caller, int number)
    {
        var began = Stopwatch.GetTimestamp();
        var intent = Intend(caller, number);
        await silos.Log.Intend(intent);
        ApiAnswer answer;
        do answer = await caller.Post("alerts", new { id = intent.Id, kind = intent.Kind, position = Place(number), note = intent.Note, holdSeconds = 10 });
        while (answer.Certainty == Certainty.Unknown);
        var took = Stopwatch.GetElapsedTime(began);
        await silos.Log.Settle(intent.Id, answer.Certainty);
        answer.Require();
        do answer = await caller.Post($"alerts/{intent.Id}/cancel", new { reason = "next round" });
        while (answer.Certainty == Certainty.Unknown);
        return took;
    }

    private static Intent Intend(ApiClient caller, int number) =>
        new(Guid.CreateVersion7(), caller.UserId, "medical", Latitude(number), -28.4, $"of {number.ToString(CultureInfo.InvariantCulture)}");

    private static object Place(int number) => new { latitude = Latitude(number), longitude = -28.4, accuracy = 10, at = DateTimeOffset.UtcNow };

    private static double Latitude(int number) => 45.2 + 0.002 * number;

    private static string Ms(List<TimeSpan> sorted, double share) => $"{sorted[(int)Math.Ceiling(share * sorted.Count) - 1].TotalMilliseconds:F0} ms";

    private static async Task After(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
