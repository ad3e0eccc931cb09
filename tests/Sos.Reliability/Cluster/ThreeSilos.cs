using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability.Cluster;

/// <summary>Three servers of the Orleans build on one PostgreSQL database behind a load balancer, with their staff and the accounting of what is sent.</summary>
internal sealed class ThreeSilos : IAsyncDisposable
{
    private const string Switch = "SOS_TEST_POSTGRES";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sos-cluster-");
    private readonly HttpClient _http;

    private ThreeSilos(string database, IReadOnlyDictionary<string, string>? settings)
    {
        // One folder: the keys are shared, and there is nothing else in it. A cluster of its own in the database.
        var cluster = Guid.NewGuid().ToString("N");
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["Sos:Orleans:Database"] = database,
            ["Sos:Orleans:ClusterId"] = cluster,
            ["Sos:Orleans:ServiceId"] = cluster,
        };
        Servers = [.. Enumerable.Range(0, 3).Select(_ => new ServerProcess(_folder.FullName, all))];
        _http = new HttpClient(new SiloBalancer([.. Servers.Select(server => server.Address)])) { BaseAddress = Servers[0].Address, Timeout = TimeSpan.FromSeconds(10) };
        Log = new IntentLog(Path.Combine(_folder.FullName, "intents.log"));
        Population = new Population(_http);
    }

    public IReadOnlyList<ServerProcess> Servers { get; }

    public IntentLog Log { get; }

    /// <summary>People, each of whose requests goes to any of the servers.</summary>
    public Population Population { get; }

    /// <summary>An operator of every area.</summary>
    public ApiClient Staff { get; private set; } = null!;

    /// <summary>Starts them, all at once. Skips the test where there is no database.</summary>
    public static async Task<ThreeSilos> Start(IReadOnlyDictionary<string, string>? settings = null)
    {
        var database = Environment.GetEnvironmentVariable(Switch);
        Assert.SkipUnless(database is { Length: > 0 }, $"Needs a PostgreSQL database: set {Switch} to its connection string.");
        var silos = new ThreeSilos(database, settings);
        await Task.WhenAll(silos.Servers.Select(server => server.Start()));

        // Each process has a token of its own, and only it takes that one.
        using var first = new HttpClient { BaseAddress = silos.Servers[0].Address };
        await new Population(first).MakeAdmin(silos.Servers[0].BootstrapToken);
        await silos.Population.MakeAdmin(null);
        silos.Staff = await silos.Population.Operator(1);
        return silos;
    }

    /// <summary>Finds every acknowledged alert again and looks for others.</summary>
    public async Task<AlertAudit> Account(IReadOnlyCollection<ApiClient> callers)
    {
        var audit = new AlertAudit(Staff, Log);
        await audit.Run(callers);
        return audit;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers) await server.DisposeAsync();
        await Log.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }
}
