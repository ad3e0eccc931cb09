using Sos.Simulator.Reporting;
using Sos.TestKit.Client;

namespace Sos.Simulator.Load;

/// <summary>
/// Figures of the SOS path over HTTP, client and server on one machine. Presses hold for 10 s and are called off after the
/// measurement of each, so that nobody is asked and every caller can press again; the calling off is part of the load, not of the times
/// (of "saturated", of neither).
/// </summary>
internal static class LoadRun
{
    private const int SignInsAtOnce = 32;

    /// <summary>Runs it all; answers the exit status.</summary>
    public static async Task<int> Run(LoadOptions options, CancellationToken cancellationToken)
    {
        await using var server = await options.Server.Open(cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        var population = new Population(http);
        await population.MakeAdmin(server.BootstrapToken, cancellationToken);
        if (options.Responders > 0) await Prefill(population, options, cancellationToken);
        if (options.Only.Contains("positions")) return await PositionLoad.Run(population, options, cancellationToken);
        var callers = await SignIn(options.Callers, "Callers", population.Caller, cancellationToken);

        var refused = 0;
        if (options.Only.Contains("fixed")) refused += await new PressLoad(callers).AtRate(options.Rate, options.Duration, cancellationToken);
        if (options.Only.Contains("saturated")) refused += await new PressLoad(callers).Saturated(options.Workers, options.Duration, cancellationToken);
        if (options.Only.Contains("mixed")) refused += await new PressLoad(callers).Mixed(options.Workers, options.Duration, cancellationToken);
        if (options.Only.Contains("lives")) refused += await WholeLives.Run(population, callers, options, cancellationToken);
        return refused == 0 ? 0 : 1;
    }

    /// <summary>Signs people in, many at once.</summary>
    public static async Task<ApiClient[]> SignIn(
        int count, string title, Func<int, CancellationToken, Task<ApiClient>> signIn, CancellationToken cancellationToken)
    {
        var people = new ApiClient[count];
        var bar = new ProgressBar(title, count);
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, parallel, async (i, token) =>
        {
            people[i] = await signIn(i, token);
            bar.Show(Interlocked.Increment(ref done), "signed in");
        });
        bar.Finish($"{count} signed in");
        return people;
    }

    /// <summary>Responders on duty in cells all over a country of 300 × 300 km, away from the callers.</summary>
    private static async Task Prefill(Population population, LoadOptions options, CancellationToken cancellationToken)
    {
        await SignIn(options.Responders, "Responders", async (i, token) =>
        {
            var random = new Random(options.Seed + i);
            var responder = await population.Responder(100_000 + i, token);
            (await responder.Put("responders/me", new { onDuty = true, capacity = 1, transport = "car" }, token)).Require();
            var position = new { latitude = 44 + 2.7 * random.NextDouble(), longitude = -34 + 3.8 * random.NextDouble(), accuracy = 10, at = DateTimeOffset.UtcNow };
            (await responder.Post("responders/me/position", position, token)).Require();
            return responder;
        }, cancellationToken);
    }
}
