using System.Collections.Concurrent;
using System.Diagnostics;
using Sos.TestKit.Client;

namespace Sos.Simulator.Load;

/// <summary>How long a killed server takes to start on many stored alerts, and until it answers for all that are open.</summary>
internal static class RestartRun
{
    private static readonly string[] Closed = ["resolved", "cancelled", "false_alarm"];

    /// <summary>Runs it; answers the exit status: 1 when an open alert was not found again.</summary>
    public static async Task<int> Run(CommandLine line, CancellationToken cancellationToken)
    {
        var (stored, open, workers, choice) = (line.Whole("alerts", 100_000), line.Whole("open", 1_000), line.Whole("workers", 64), ServerChoice.From(line));
        line.Close();
        if (choice.Address is not null) throw new CommandLineException("'restart' kills its server: it takes none by --server.");

        await using var server = await choice.Open(cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        var population = new Population(http);
        await population.MakeAdmin(server.BootstrapToken, cancellationToken);
        var callers = await LoadRun.SignIn(Math.Max(open, workers), "Callers", population.Caller, cancellationToken);
        await new PressLoad(callers).Fill(stored - open, workers, cancellationToken);
        var alerts = new ConcurrentBag<(ApiClient Caller, Guid Id)>();
        await Parallel.ForEachAsync(callers.Take(open), cancellationToken, async (caller, token) =>
        {
            var answer = await caller.Post("alerts", new { id = Guid.CreateVersion7(), kind = "medical", position = new { latitude = 46.2, longitude = -28.4 }, holdSeconds = 0 }, token);
            answer.Require();
            alerts.Add((caller, answer.Read<AlertAnswer>().Id));
        });

        await server.Process!.Kill();
        var started = Stopwatch.GetTimestamp();
        var ready = await server.Process.Start(cancellationToken);
        var found = 0;
        await Parallel.ForEachAsync(alerts, cancellationToken, async (alert, token) =>
        {
            var answer = await alert.Caller.Get($"alerts/{alert.Id}", token);
            if (answer.Succeeded && !Closed.Contains(answer.Read<AlertAnswer>().Status)) Interlocked.Increment(ref found);
        });
        Console.WriteLine(
            $"Killed with {stored} stored alerts, {open} of them open: ready after {ready.TotalSeconds:F2} s, "
            + $"{found} of {open} found open after {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s");
        return found == open ? 0 : 1;
    }
}
