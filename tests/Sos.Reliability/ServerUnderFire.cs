using Sos.TestKit.Accounting;
using Sos.TestKit.Client;

namespace Sos.Reliability;

/// <summary>A real server process on a folder of its own, people signed in to it, and the accounting of what they press.</summary>
internal sealed class ServerUnderFire : IAsyncDisposable
{
    private const string Switch = "SOS_KILL";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sos-reliability-");
    private readonly HttpClient _http;

    private ServerUnderFire(IReadOnlyDictionary<string, string>? settings)
    {
        Process = new ServerProcess(Path.Combine(_folder.FullName, "data"), settings);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 }) { BaseAddress = Process.Address, Timeout = TimeSpan.FromSeconds(6) };
        Log = new IntentLog(Path.Combine(_folder.FullName, "intents.log"));
        Population = new Population(_http);
    }

    /// <summary>Somebody has asked for minutes of killing.</summary>
    public static bool IsAskedFor => Environment.GetEnvironmentVariable(Switch) == "1";

    public ServerProcess Process { get; }

    public IntentLog Log { get; }

    public Population Population { get; }

    /// <summary>An operator of every area.</summary>
    public ApiClient Staff { get; private set; } = null!;

    /// <summary>Starts the server and signs in its staff. Skips the test where nobody has asked for minutes of killing.</summary>
    public static async Task<ServerUnderFire> Start(IReadOnlyDictionary<string, string>? settings = null)
    {
        Assert.SkipUnless(IsAskedFor, $"Kills server processes for minutes: set {Switch}=1 to run it.");
        var server = new ServerUnderFire(settings);
        await server.Process.Start();
        await server.Population.MakeAdmin(server.Process.BootstrapToken);
        server.Staff = await server.Population.Operator(1);
        return server;
    }

    /// <summary>Finds every acknowledged alert again and looks for others.</summary>
    public async Task<AlertAudit> Account(IReadOnlyCollection<ApiClient> callers)
    {
        var audit = new AlertAudit(Staff, Log);
        await audit.Run(callers);
        return audit;
    }

    /// <summary>A seed that is told, so that a failure can be tried again with SOS_SEED.</summary>
    public static Random Seeded(string test)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SOS_SEED"), out var given) ? given : Random.Shared.Next(1, 1_000_000);
        Say($"{test}: seed {seed}");
        return new Random(seed);
    }

    /// <summary>One line for the person who runs it, beside what the test framework keeps.</summary>
    public static void Say(string line)
    {
        Console.WriteLine(line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    /// <summary>Fails with the first faults in the message.</summary>
    public static void AssertClean(AlertAudit audit) =>
        Assert.True(audit.IsClean, $"{audit}\n{string.Join('\n', audit.Missing.Concat(audit.Doubled).Concat(audit.Impossible).Take(20))}");

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Log.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }
}
