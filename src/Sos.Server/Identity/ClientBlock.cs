using System.Net;
using System.Net.Sockets;

namespace Sos.Server.Identity;

/// <summary>
/// The block of network addresses that a request comes from, /24 or /64: who has one address of it can have them all. It is the
/// connection's address; what a client says in a header about itself counts for nothing.
/// </summary>
/// <param name="Name">The block's first address and length.</param>
public sealed record ClientBlock(string Name)
{
    /// <summary>Binds a handler's parameter.</summary>
    public static ValueTask<ClientBlock?> BindAsync(HttpContext context) => ValueTask.FromResult<ClientBlock?>(Of(context.Connection.RemoteIpAddress));

    /// <summary>The block of an address.</summary>
    public static ClientBlock Of(IPAddress? address)
    {
        if (address is null) return new ClientBlock("none");
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var kept = address.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : 3;
        bytes.AsSpan(kept).Clear();
        return new ClientBlock($"{new IPAddress(bytes)}/{8 * kept}");
    }
}
