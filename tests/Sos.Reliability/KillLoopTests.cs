using System.Collections.Concurrent;
using Sos.TestKit.Client;

namespace Sos.Reliability;

/// <summary>R-01: the process is killed again and again while people press.</summary>
public sealed class KillLoopTests
{
    private const int Kills = 50;
    private const int Writers = 8;
    private const int LeastAcknowledged = 5000;
    private static readonly string[] Order = ["raised", "offered", "accepted", "en_route", "on_scene", "resolved"];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_doubled_or_invented_over_50_kills()
    {
        await using var server = await ServerUnderFire.Start();
        var random = ServerUnderFire.Seeded("R-01");
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var writers = new List<Writer>();
        for (var i = 0; i < Writers; i++)
            writers.Add(new Writer(await server.Population.Caller(i), await server.Population.Responder(i), i, server.Log, new Random(random.Next()), acknowledged));

        using var enough = new CancellationTokenSource();
        var writing = writers.Select(writer => writer.Run(enough.Token)).ToList();
        var slowest = TimeSpan.Zero;
        var kills = 0;
        while (kills < Kills || server.Log.CountOf(Certainty.Acknowledged) < LeastAcknowledged)
        {
            await After(TimeSpan.FromMilliseconds(random.Next(50, 3000)));
            Assert.DoesNotContain(writing, task => task.IsFaulted);
            await server.Process.Kill();
            kills++;
            var ready = await server.Process.Start();
            if (ready > slowest) slowest = ready;
        }

        await enough.CancelAsync();
        await Task.WhenAll(writing);

        var audit = await server.Account([.. writers.Select(writer => writer.Caller)]);
        var behind = audit.Alerts.Where(alert => acknowledged.TryGetValue(alert.Intent.Id, out var known) && IsBehind(alert.View.Status, known)).ToList();
        ServerUnderFire.Say(
            $"R-01: {kills} kills, {Writers} writers, {server.Log.Intents.Count} sent, {server.Log.CountOf(Certainty.Acknowledged)} acknowledged, "
            + $"{writers.Sum(w => w.Unknown)} answers lost and repeated, {writers.Sum(w => w.Resolved)} whole lives, {audit.Alerts.Sum(a => a.Events.Count)} events: "
            + $"{audit}, {behind.Count} behind what was acknowledged; slowest start {slowest.TotalSeconds:F1} s");
        ServerUnderFire.AssertClean(audit);
        Assert.True(behind.Count == 0, string.Join('\n', behind.Take(10).Select(alert => $"{alert.Intent.Id} is {alert.View.Status}, {acknowledged[alert.Intent.Id]} was acknowledged")));
        Assert.Empty(writers.SelectMany(writer => writer.Refusals));
        Assert.Equal(server.Log.Intents.Count, server.Log.CountOf(Certainty.Acknowledged));
    }

    /// <summary>True when an alert stands at less than what its people were told.</summary>
    private static bool IsBehind(string now, string told)
    {
        if (Array.IndexOf(Order, told) < 0) return now != told;
        return Array.IndexOf(Order, now) is >= 0 and var at && at < Array.IndexOf(Order, told);
    }

    private static async Task After(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
