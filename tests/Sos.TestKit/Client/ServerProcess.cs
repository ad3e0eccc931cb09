using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sos.TestKit.Client;

/// <summary>
/// A real server process on a folder and a port that stay the same over kills and restarts. Its first admin can be made with
/// <see cref="BootstrapToken"/>, its test numbers sign in with a fixed code.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _output = new();
    private Process? _process;

    public ServerProcess(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        DataDirectory = dataDirectory;
        Address = new Uri($"http://127.0.0.1:{FreePort()}/");
        _settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["Sos:DataDirectory"] = dataDirectory,
            ["Sos:Bootstrap:Admin"] = BootstrapToken,
            [TestNumbers.Setting] = TestNumbers.Prefix,
        };

        // One administrator makes thousands of people, all from one address.
        foreach (var limit in (string[])["PerUser", "AnonymousPerBlock", "ForgedPerBlock"]) _settings.TryAdd($"Sos:Limits:{limit}", int.MaxValue.ToString(CultureInfo.InvariantCulture));

        // On Orleans with a database: a cluster of its own, and a port that says after a restart that its predecessor is dead.
        _settings.TryAdd("Sos:Orleans:ClusterId", Guid.NewGuid().ToString("N"));
        _settings.TryAdd("Sos:Orleans:ServiceId", _settings["Sos:Orleans:ClusterId"]);
        _settings.TryAdd("Sos:Orleans:SiloPort", FreePort().ToString(CultureInfo.InvariantCulture));
    }

    public string DataDirectory { get; }

    public Uri Address { get; }

    public string BootstrapToken { get; } = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>Process id of the running server.</summary>
    public int Id => Running.Id;

    private Process Running => _process ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>The server that was built beside this program, in the same configuration.</summary>
    public static string DefaultServer
    {
        get
        {
            var output = new DirectoryInfo(AppContext.BaseDirectory);
            var server = Path.Combine(output.Parent!.Parent!.FullName, "Sos.Server", output.Name, "Sos.Server.dll");
            return File.Exists(server) ? server : throw new FileNotFoundException("Build src/Sos.Server first: there is no server beside this program.", server);
        }
    }

    /// <summary>Starts the server and waits until it says that it is ready; answers how long that took.</summary>
    public async Task<TimeSpan> Start(CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        _process = Process.Start(Command()) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var probe = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        using var between = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (await between.WaitForNextTickAsync(cancellationToken))
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode} before it was ready:\n{Output}");
            if (Stopwatch.GetElapsedTime(started) > StartLimit) throw new TimeoutException($"The server was not ready after {StartLimit}:\n{Output}");
            if (await IsReady(probe, cancellationToken)) break;
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Kills the process at once (SIGKILL): nothing in it runs any more.</summary>
    public async Task Kill()
    {
        Running.Kill();
        await Running.WaitForExitAsync();
        _process!.Dispose();
        _process = null;
    }

    /// <summary>The last lines that the server wrote.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await Kill();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsReady(HttpClient probe, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await probe.GetAsync("health/ready", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // not listening yet
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // listening, not answering yet
        }
    }

    private ProcessStartInfo Command()
    {
        var command = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        command.ArgumentList.Add(DefaultServer);
        command.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        command.Environment["DOTNET_ENVIRONMENT"] = "Development";
        command.Environment["ASPNETCORE_URLS"] = Address.ToString();
        command.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (key, value) in _settings) command.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return command;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output)
        {
            _output.AppendLine(CultureInfo.InvariantCulture, $"{line}");
            if (_output.Length > 40_000) _output.Remove(0, 20_000);
        }
    }
}
