using System.Security.Cryptography;
using System.Text;
using Orleans;
using Sos.Contracts.Identity;
using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>
/// The proof that makes the first administrator: <c>Sos:Bootstrap:Admin</c>, or else a token of the data folder's own, printed at every
/// start until somebody has used it.
/// </summary>
internal sealed class BootstrapToken(IConfiguration configuration, IdentitySeals seals)
{
    /// <summary>Key of the grain that remembers the use.</summary>
    public const string Grain = "admin";

    private const string Setting = "Sos:Bootstrap:Admin";
    private const int ShortestToken = 16;

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(Choose(configuration[Setting], seals)));

    /// <summary>The token that is printed; null when the deployment has set its own.</summary>
    public string? Printed { get; } = string.IsNullOrEmpty(configuration[Setting]) ? seals.BootstrapToken : null;

    /// <summary>True for the token.</summary>
    public bool Fits(string token) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _hash);

    private static string Choose(string? configured, IdentitySeals seals)
    {
        if (string.IsNullOrEmpty(configured)) return seals.BootstrapToken;
        return configured.Length >= ShortestToken ? configured : throw new StartupException($"{Setting} must have {ShortestToken} characters or more; make one with 'openssl rand -hex 16'.");
    }
}

/// <summary>Start → prints how the first administrator is made, as long as there is none. Reads the keys, so that a damaged one ends the start.</summary>
internal sealed class BootstrapNotice(IGrainFactory grains, BootstrapToken token, SigningKeys keys, IHostApplicationLifetime lifetime, IConfiguration configuration) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (keys.Current is null || token.Printed is not { } text || await grains.GetGrain<IBootstrapGrain>(BootstrapToken.Grain).IsTaken()) return;
        lifetime.ApplicationStarted.Register(() => Print(text));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // To the terminal and not to the log: logs are kept and read by others.
    private void Print(string text)
    {
        var address = (configuration["urls"] ?? "http://localhost:5000").Split(';')[0].TrimEnd('/');
        Console.WriteLine($"No administrator yet. Become the first one, once: {address}/bootstrap#{text}");
    }
}
