using System.Collections.Concurrent;
using Sos.Contracts.Geo;
using Sos.Simulator.Calls;
using Sos.Simulator.Reporting;
using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Simulator.City;

/// <summary>Replays calls against a server, then finds every acknowledged one again.</summary>
internal static class Replay
{
    /// <summary>Runs it all; answers the exit status.</summary>
    public static async Task<int> Run(CallsOptions options, CancellationToken cancellationToken)
    {
        var county = options.Outline is null ? (GeoBounds?)null : CountyBounds.Read(options.Outline, options.MarginKilometres);
        var file = CallReader.Read(options.File, county, options.Calls);
        if (file.Calls.Count == 0) throw new CommandLineException("The file has no call that can be replayed.");
        var span = file.Calls[^1].At - file.Calls[0].At;
        Console.WriteLine(
            $"{file.Calls.Count} calls over {span.TotalDays:F1} days; skipped: {file.Malformed} malformed, {file.Outside} outside the county. "
            + $"At ×{options.Speed:G} that takes {span / options.Speed:hh\\:mm\\:ss}. Seed {options.Seed}.");

        await using var server = await options.Server.Open(cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512 }) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(10) };
        var population = new Population(http);
        await population.MakeAdmin(server.BootstrapToken, cancellationToken);

        var logFile = Path.Combine(Path.GetTempPath(), $"sos-simulator-{Environment.ProcessId}.log");
        await using var log = new IntentLog(logFile);
        var pace = new Pace(options.Speed);
        var journal = new Journal();
        var people = new CityPeople(population, options, pace, journal, log);
        var responders = await people.Responders(file.Calls, cancellationToken);
        await people.FirstOnes(cancellationToken);
        var staff = await population.Operator(1, cancellationToken);
        var desk = new OperatorAgent(new Person(await population.Operator(2, cancellationToken), new Random(options.Seed)), options, pace, journal);

        using var shift = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] onDuty = [.. responders.Select(responder => responder.Run(shift.Token)), desk.Run(shift.Token)];
        var open = await Calls(file.Calls, people, options, pace, journal, cancellationToken);
        await shift.CancelAsync();
        await Task.WhenAll(onDuty);

        var audit = new AlertAudit(staff, log);
        await audit.Run(people.Callers, cancellationToken);
        RunReport.Write(Console.Out, file, log, journal, audit, open);
        var clean = audit.IsClean && journal.Faults.Count == 0;
        if (clean) File.Delete(logFile);
        else Console.WriteLine($"What was sent and answered: {logFile}");
        return clean ? 0 : 1;
    }

    /// <summary>Lets the calls come in; answers how many were still open when the drain time was over.</summary>
    private static async Task<int> Calls(
        IReadOnlyList<EmergencyCall> calls, CityPeople people, CallsOptions options, Pace pace, Journal journal, CancellationToken cancellationToken)
    {
        var bar = new ProgressBar("Calls", calls.Count);
        using var lines = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new ConcurrentDictionary<int, Task>();
        var began = pace.Clock.GetTimestamp();
        var closed = 0;
        for (var i = 0; i < calls.Count; i++)
        {
            var due = (calls[i].At - calls[0].At) / options.Speed;
            await pace.Pause(due - pace.Clock.GetElapsedTime(began), cancellationToken);
            var (number, call) = (i, calls[i]);
            running[number] = Live(call).ContinueWith(
                _ => running.TryRemove(number, out var _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            bar.Show(i + 1, $"{running.Count} open, {closed} closed, {journal.Offers} offers, {journal.Accepted} accepted");
        }

        lines.CancelAfter(options.Drain);
        while (!running.IsEmpty && !lines.IsCancellationRequested)
        {
            bar.Show(calls.Count, $"{running.Count} open, {closed} closed: waiting for the last");
            await pace.Pause(TimeSpan.FromMilliseconds(200), cancellationToken);
        }

        var open = running.Count;
        bar.Finish($"{closed} closed, {open} still open");
        await Task.WhenAll(running.Values);
        return open;

        async Task Live(EmergencyCall call)
        {
            try
            {
                var caller = await people.Take(lines.Token);
                await caller.Call(call, lines.Token);
                people.Free(caller);
                Interlocked.Increment(ref closed);
            }
            catch (OperationCanceledException) when (lines.IsCancellationRequested)
            {
                // Still open at the end: the accounting looks at it all the same.
            }
            catch (Exception trouble) when (trouble is not OutOfMemoryException)
            {
                journal.Fault($"a caller's {trouble.GetType().Name}: {trouble.Message}");
            }
        }
    }
}
