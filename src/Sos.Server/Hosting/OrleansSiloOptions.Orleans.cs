using System.Net;
using System.Net.Sockets;

namespace Sos.Server.Hosting;

/// <summary>Section <c>Sos:Orleans</c>: where silos meet. Without <see cref="Database"/> there is one, and what it knows ends with it.</summary>
internal sealed class OrleansSiloOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sos:Orleans";

    /// <summary>
    /// Connection string of a PostgreSQL database, in which the first server makes the tables. None by default: everything in memory, which
    /// is refused outside Development.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>Lets a service outside Development keep everything in memory and lose it with the process: for tests. Default false.</summary>
    public bool AllowMemory { get; set; }

    /// <summary>The silos that work together; both versions of an update belong to the same. Default <c>sos</c>.</summary>
    public string ClusterId { get; set; } = "sos";

    /// <summary>The service whose states and reminders these are; never changes. Default <c>sos</c>.</summary>
    public string ServiceId { get; set; } = "sos";

    /// <summary>IP address at which the other silos reach this one. By default this machine alone.</summary>
    public string? Address { get; set; }

    /// <summary>TCP port for the other silos; 0, the default, takes any that is free.</summary>
    public int SiloPort { get; set; }

    /// <summary>
    /// How often silos ask each other whether they live; one that misses three is gone. Default 1.5 s: a silo that was killed is known to be
    /// gone after some 5 s. Longer on a machine that stalls.
    /// </summary>
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Reads the section.</summary>
    /// <exception cref="StartupException">A setting cannot work; one sentence says what to do.</exception>
    public static OrleansSiloOptions From(IConfiguration configuration)
    {
        var options = new OrleansSiloOptions();
        configuration.GetSection(Section).Bind(options);
        options.Check();
        return options;
    }

    /// <summary>The port, found free a moment ago where none was given: Orleans itself wants a number.</summary>
    public int PortToListenOn()
    {
        if (SiloPort != 0) return SiloPort;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Refuses settings that cannot work.</summary>
    /// <exception cref="StartupException">One sentence that says what to do.</exception>
    private void Check()
    {
        if (ProbeEvery < TimeSpan.FromMilliseconds(100) || ProbeEvery > TimeSpan.FromMinutes(1)) throw new StartupException($"{Section}:{nameof(ProbeEvery)} is {ProbeEvery}; give a time from 00:00:00.1 to 00:01:00.");
        if (SiloPort is < 0 or > 65535) throw new StartupException($"{Section}:{nameof(SiloPort)} is {SiloPort}; give a port from 1 to 65535, or 0 for any that is free.");
        if (Address is { Length: > 0 } && !IPAddress.TryParse(Address, out _)) throw new StartupException($"{Section}:{nameof(Address)} is not an IP address; give the one at which the other silos reach this machine.");
        if (ClusterId.Length == 0 || ServiceId.Length == 0) throw new StartupException($"{Section}:{nameof(ClusterId)} and {Section}:{nameof(ServiceId)} must not be empty.");
    }
}
