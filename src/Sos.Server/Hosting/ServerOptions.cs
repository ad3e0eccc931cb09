using System.ComponentModel.DataAnnotations;

namespace Sos.Server.Hosting;

/// <summary>Section <c>Sos:Server</c>: limits of the HTTP server, for every connection and request.</summary>
public sealed class ServerOptions
{
    /// <summary>Largest body in bytes; <c>POST /alerts</c> cuts its own at 256 KB instead of refusing it.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest sum of a request's headers in bytes.</summary>
    [Range(4096, 1024 * 1024)]
    public int MaxHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Most headers of a request.</summary>
    [Range(16, 1000)]
    public int MaxHeaders { get; set; } = 64;

    /// <summary>Most connections at once, hubs included.</summary>
    [Range(10, 1_000_000)]
    public long MaxConnections { get; set; } = 50_000;

    /// <summary>
    /// How long a server that was told to stop goes on serving after it has said that it is not ready: as long as load balancers need to
    /// notice. Default 5 s; none in Development.
    /// </summary>
    public TimeSpan? DrainTime { get; set; }

    /// <summary>Where this service's sandbox (<c>--sandbox</c>, a process of its own) is: told to developers in the OpenAPI description. None by default.</summary>
    [RegularExpression("^https?://[^/?#@]+(/[^?#]*)?$")]
    public string? SandboxAddress { get; set; }

    /// <summary>Time in which the headers must be complete.</summary>
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be without a request.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Addresses of the proxies before this server, one an entry; only from them is <c>X-Forwarded-For</c> believed, and its last
    /// <see cref="ProxyHops"/> entries only. Empty: the header is ignored, whoever sends it.
    /// </summary>
    public IList<string> Proxies { get; } = [];

    /// <summary>Proxies that a request passes.</summary>
    [Range(1, 4)]
    public int ProxyHops { get; set; } = 1;
}
