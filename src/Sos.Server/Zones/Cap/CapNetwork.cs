using System.Net;
using System.Net.Sockets;

namespace Sos.Server.Zones.Cap;

/// <summary>Names and connections, as the fetcher of feeds uses them: it looks at the addresses in between.</summary>
internal interface ICapNetwork
{
    /// <summary>The addresses of a name; none: it has none.</summary>
    Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken);

    /// <summary>A connection to the first of these addresses that answers; no name is asked for again.</summary>
    ValueTask<Stream> Connect(IPAddress[] addresses, int port, CancellationToken cancellationToken);
}

/// <summary>Those of the machine.</summary>
internal sealed class CapNetwork : ICapNetwork
{
    public Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);

    public async ValueTask<Stream> Connect(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
