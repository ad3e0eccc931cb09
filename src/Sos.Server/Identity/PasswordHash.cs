using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sos.Grains.Identity;

namespace Sos.Server.Identity;

/// <summary>
/// Memory-hard hashes of passwords: scrypt with 32 MiB, three times (OWASP ASVS 5.0, appendix C), written as PHC strings, so that those of other
/// costs stay readable. Half the processors make them at most.
/// </summary>
internal sealed class PasswordHash(IOptions<IdentityOptions> options) : IDisposable
{
    private const int BlockSize = 8;
    private const int Times = 3;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"$scrypt$ln={options.Value.PasswordCost},r={BlockSize},p={Times}$");
    private readonly SemaphoreSlim _free = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Hashes with a salt of its own.</summary>
    public async Task<string> Make(byte[] key)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(salt, await Derive(key, salt, options.Value.PasswordCost, BlockSize, Times));
    }

    /// <summary>A hash that costs as much to compare with as any, and is that of nothing.</summary>
    public string OfNothing() => Write(RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Whether this is what was hashed.</summary>
    /// <exception cref="FormatException">The hash was not made here.</exception>
    public async Task<bool> Fits(byte[] key, string hash)
    {
        if (hash.Split('$') is not ["", "scrypt", var costs, var salt, var expected]) throw new FormatException("A password's hash cannot be read.");
        var numbers = costs.Split(',').Select(cost => int.Parse(cost.AsSpan(cost.IndexOf('=', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture)).ToArray();
        var derived = await Derive(key, Decode(salt), numbers[0], numbers[1], numbers[2]);
        return CryptographicOperations.FixedTimeEquals(derived, Decode(expected));
    }

    /// <summary>True for a hash of other costs than today's: it is made anew when its password is known for a moment.</summary>
    public bool IsOutdated(string hash) => !hash.StartsWith(_prefix, StringComparison.Ordinal);

    public void Dispose() => _free.Dispose();

    private string Write(byte[] salt, byte[] hash) => $"{_prefix}{Encode(salt)}${Encode(hash)}";

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    private async Task<byte[]> Derive(byte[] key, byte[] salt, int cost, int blockSize, int times)
    {
        // Who does not get a turn is told to come back: hashes must not take the machine from an SOS.
        if (!await _free.WaitAsync(Patience)) throw new TimeoutException("Too many passwords at once.");
        try
        {
            return await Task.Run(() => Scrypt.Derive(key, salt, cost, blockSize, times, HashBytes));
        }
        finally
        {
            _free.Release();
        }
    }
}
