using Sos.TestKit.Client;

namespace Sos.Simulator;

/// <summary>A server that is there already, or one that is started for the run on a temporary folder.</summary>
internal sealed record ServerChoice(Uri? Address, string? BootstrapToken, IReadOnlyDictionary<string, string> Settings)
{
    public static ServerChoice From(CommandLine line)
    {
        var address = line.Text("server");
        if (address is not null && !Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out _))
            throw new CommandLineException($"--server must be an address like http://localhost:5000, not '{address}'.");
        var settings = new Dictionary<string, string>();
        foreach (var pair in line.All("set"))
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            if (cut < 1) throw new CommandLineException($"--set is written Key=Value, not '{pair}'.");
            settings[pair[..cut]] = pair[(cut + 1)..];
        }

        return new ServerChoice(address is null ? null : new Uri(address.TrimEnd('/') + "/"), line.Text("bootstrap"), settings);
    }

    /// <summary>Starts or finds the server and signs in its first admin.</summary>
    public async Task<ServerUnderTest> Open(CancellationToken cancellationToken)
    {
        if (Address is not null) return new ServerUnderTest(Address, BootstrapToken, null, null);
        var folder = Directory.CreateTempSubdirectory("sos-simulator-").FullName;
        var process = new ServerProcess(folder, Settings);
        var ready = await process.Start(cancellationToken);
        Console.WriteLine($"Server ready after {ready.TotalSeconds:F1} s at {process.Address} (process {process.Id})");
        return new ServerUnderTest(process.Address, process.BootstrapToken, process, folder);
    }
}

/// <summary>The server of a run; its process and folder go with it if they were made for it.</summary>
internal sealed record ServerUnderTest(Uri Address, string? BootstrapToken, ServerProcess? Process, string? Folder) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (Process is not null) await Process.DisposeAsync();
        if (Folder is not null) Directory.Delete(Folder, recursive: true);
    }
}
