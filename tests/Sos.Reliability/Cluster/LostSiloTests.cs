using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability.Cluster;

/// <summary>Two silos of Microsoft Orleans on one PostgreSQL database, and one of them killed. Only in the Orleans build.</summary>
public sealed class LostSiloTests
{
    private const string Switch = "SOS_TEST_POSTGRES";
    private static readonly TimeSpan AutoAssignAfter = TimeSpan.FromSeconds(5);

    /// <summary>Orleans votes a silo out after it has missed three probes, five seconds apart.</summary>
    private static readonly TimeSpan Detection = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_one_silo_acknowledged_the_other_has_and_does_in_time_when_the_first_is_killed()
    {
        var database = Environment.GetEnvironmentVariable(Switch);
        Assert.SkipUnless(database is { Length: > 0 }, $"Needs a PostgreSQL database: set {Switch} to its connection string.");
        var folder = Directory.CreateTempSubdirectory("sos-cluster-");
        var cluster = Guid.NewGuid().ToString("N");
        var settings = new Dictionary<string, string>
        {
            ["Sos:Orleans:Database"] = database,
            ["Sos:Orleans:ClusterId"] = cluster,
            ["Sos:Orleans:ServiceId"] = cluster,
            ["Sos:Dispatch:AutoAssignAfter"] = AutoAssignAfter.ToString(),
        };

        // One folder: the keys are shared, and there is nothing else in it.
        await using var first = new ServerProcess(folder.FullName, settings);
        await using var second = new ServerProcess(folder.FullName, settings);
        await first.Start();
        await second.Start();
        using var toFirst = new HttpClient { BaseAddress = first.Address, Timeout = TimeSpan.FromSeconds(10) };
        using var toSecond = new HttpClient { BaseAddress = second.Address, Timeout = TimeSpan.FromSeconds(10) };
        var population = new Population(toSecond);
        await population.MakeAdmin(second.BootstrapToken);
        var staff = await population.Operator(1);
        for (var i = 0; i < 3; i++)
        {
            var responder = await population.Responder(i);
            (await responder.Put("responders/me", new { onDuty = true, capacity = 10, transport = "car" })).Require();
            (await responder.Post("responders/me/position", Place(i))).Require();
        }

        var alerts = new List<AlertAnswer>();
        for (var i = 0; i < 10; i++)
        {
            var caller = new ApiClient(toFirst);
            await caller.SignIn(TestNumbers.Number(3, i));
            alerts.Add((await caller.Post("alerts", new { id = Guid.CreateVersion7(), kind = "medical", position = Place(i), holdSeconds = 0 })).Read<AlertAnswer>());
        }

        await first.Kill();
        var killed = DateTimeOffset.UtcNow;
        var worst = TimeSpan.Zero;
        foreach (var alert in alerts)
        {
            var assigned = await Assigned(staff, alert.Id);
            if (assigned.At - killed > worst) worst = assigned.At - killed;
        }

        ServerUnderFire.Say($"two silos on PostgreSQL, one killed: {alerts.Count} of {alerts.Count} alerts assigned once by the other, the last {worst.TotalSeconds:F1} s after the kill");
        folder.Delete(recursive: true);
    }

    private static async Task<EventAnswer> Assigned(ApiClient staff, Guid alert)
    {
        using var between = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        using var patience = new CancellationTokenSource(Detection + AutoAssignAfter);
        while (await between.WaitForNextTickAsync(patience.Token))
        {
            // While the loss is not noticed yet, calls to grains of the lost silo fail.
            if (!(await staff.Get($"alerts/{alert}")).Succeeded) continue;
            var assigned = (await AlertAudit.Events(staff, alert)).Where(change => change.Kind == "assigned").ToList();
            if (assigned.Count > 0) return Assert.Single(assigned);
        }

        throw new TimeoutException($"Alert {alert} was not assigned.");
    }

    private static object Place(int number) => new { latitude = 46.2 + 0.002 * number, longitude = -28.4, accuracy = 10, at = DateTimeOffset.UtcNow };
}
