using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability;

/// <summary>R-08: the process is killed between the press and the moment when the service has to assign somebody by itself.</summary>
public sealed class AutoAssignTests
{
    private const int AlertsPerTrial = 4;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(5, 19)]
    [InlineData(30, 1)]
    public async Task Who_is_due_is_assigned_once_at_max_of_due_and_ready_whatever_was_killed(int windowSeconds, int trials)
    {
        var window = TimeSpan.FromSeconds(windowSeconds);
        await using var server = await ServerUnderFire.Start(new Dictionary<string, string> { ["Sos:Dispatch:AutoAssignAfter"] = window.ToString() });
        var random = ServerUnderFire.Seeded("R-08");
        var callers = new List<ApiClient>();
        for (var i = 0; i < AlertsPerTrial; i++) callers.Add(await server.Population.Caller(i));
        for (var i = 0; i < 2 * AlertsPerTrial; i++) await GoOnDuty(await server.Population.Responder(i), i);

        var worst = TimeSpan.Zero;
        var overDue = 0;
        for (var trial = 1; trial <= trials; trial++)
        {
            var alerts = await Task.WhenAll(callers.Select((caller, i) => Press(server, caller, i)));
            var dueAt = alerts.Max(alert => alert.RaisedAt) + window;
            await After(window * random.NextDouble());
            await server.Process.Kill();
            await After(TimeSpan.FromSeconds(trial % 4 == 0 ? windowSeconds : 2 * random.NextDouble()));
            await server.Process.Start();
            var ready = DateTimeOffset.UtcNow;
            if (ready > dueAt) overDue++;

            // Nobody says anything to the server now; it has to remember by itself.
            await After((ready > dueAt ? TimeSpan.Zero : dueAt - ready) + Late + TimeSpan.FromSeconds(0.5));
            foreach (var alert in alerts)
            {
                var events = await AlertAudit.Events(server.Staff, alert.Id);
                var due = alert.RaisedAt + window;
                var assigned = Assert.Single(events, change => change.Kind == "assigned");
                Assert.Equal("service", assigned.By);
                Assert.True(assigned.At >= due, $"trial {trial}: assigned {due - assigned.At} before it was due");
                var late = assigned.At - (due > ready ? due : ready);
                Assert.True(late <= Late, $"trial {trial}: assigned {late} after max(due, ready)");
                if (late > worst) worst = late;
            }

            foreach (var caller in callers.Zip(alerts))
                Assert.True((await caller.First.Post($"alerts/{caller.Second.Id}/cancel", new { reason = "next trial" })).Succeeded);
        }

        var audit = await server.Account(callers);
        ServerUnderFire.Say(
            $"R-08: {trials} kills inside a window of {windowSeconds} s, {trials * AlertsPerTrial} alerts, {overDue} restarts after the due time: "
            + $"each assigned exactly once, latest {worst.TotalMilliseconds:F0} ms after max(due, ready); {audit}");
        ServerUnderFire.AssertClean(audit);
    }

    private static async Task GoOnDuty(ApiClient responder, int number)
    {
        (await responder.Put("responders/me", new { onDuty = true, capacity = 1, transport = "car" })).Require();
        (await responder.Post("responders/me/position", Place(number))).Require();
    }

    private static async Task<AlertAnswer> Press(ServerUnderFire server, ApiClient caller, int number)
    {
        var intent = new Intent(Guid.CreateVersion7(), caller.UserId, "medical", Latitude(number), -28.4, $"trial of {number}");
        await server.Log.Intend(intent);
        var answer = await caller.Post("alerts", new { id = intent.Id, kind = intent.Kind, position = Place(number), note = intent.Note, holdSeconds = 0 });
        await server.Log.Settle(intent.Id, answer.Certainty);
        return answer.Read<AlertAnswer>();
    }

    private static object Place(int number) => new { latitude = Latitude(number), longitude = -28.4, accuracy = 10, at = DateTimeOffset.UtcNow };

    private static double Latitude(int number) => 46.2 + 0.002 * number;

    private static async Task After(TimeSpan time)
    {
        if (time <= TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }
}
