using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Sos.Server.Hosting;

/// <summary>
/// The address at which phones reach the service. What a request says in its Host header is never believed: whoever sends one would choose where the
/// links of others lead.
/// </summary>
internal sealed class PublicAddress
{
    /// <summary>Like <c>https://sos.example.org</c>; default: where the service listens.</summary>
    public const string Setting = "Sos:PublicAddress";

    private readonly Func<Uri> _address;

    public PublicAddress(IConfiguration configuration, IServer server) => _address = configuration[Setting] is { Length: > 0 } text
        ? () => Parse(text)
        : () => Parse(server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5000");

    /// <summary>An address below it.</summary>
    public Uri Of(string path) => new(_address(), path);

    /// <summary>Refuses an address that no phone could open, and outside Development one that would send links, and the tokens in them, in clear.</summary>
    /// <exception cref="StartupException">The address cannot be used.</exception>
    public static void Check(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration[Setting] is not { Length: > 0 } text) return;
        if (Parse(text) is { Scheme: "http", IsLoopback: false } && !environment.IsDevelopment())
            throw new StartupException($"{Setting} must begin with https outside Development: the links that the service makes carry tokens.");
    }

    private static Uri Parse(string text)
    {
        var whole = text.TrimEnd('/').Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal) + "/";
        return Uri.TryCreate(whole, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new StartupException($"{Setting} must be an address like https://sos.example.org, not '{text}'.");
    }
}
