using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Sos.Grains.Identity;
using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>
/// The RSA keys of access tokens, <c>keys/signing-TIME.pem</c> in the data folder: each signs from the time in its name until the next one's,
/// and verifies for <see cref="IdentityOptions.SigningKeyOverlap"/> more. The next is made a day before it signs, so that whoever reads
/// the key set has it in time; a key that verifies no more is deleted.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private const int Bits = 2048;
    private const string Pattern = "signing-*.pem";
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The one key of a service that did not rotate yet.</summary>
    private const string Unnumbered = "signing.pem";

    private static readonly TimeSpan Lead = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly KeyFolder _folder;
    private readonly TimeProvider _time;
    private readonly IdentityOptions _options;
    private readonly Lock _rotating = new();

    // Oldest first. Replaced as a whole, never changed.
    private ImmutableArray<SigningKey> _keys = [];
    private long? _looked;

    public SigningKeys(KeyFolder folder, TimeProvider time, IOptions<IdentityOptions> options)
    {
        (_folder, _time, _options) = (folder, time, options.Value);
        folder.Rename(Unnumbered, NameOf(time.GetUtcNow()));
        if (!folder.ReadAll(Pattern).Any()) folder.ReadOrMake(NameOf(time.GetUtcNow()), MakePem);
        Rotate();
    }

    /// <summary>The key that signs now.</summary>
    public SigningKey Current => SigningAt(_keys, _time.GetUtcNow());

    /// <summary>All keys that verify, the one that will sign next included.</summary>
    public IEnumerable<SigningKey> All => Verifying(_keys, _time.GetUtcNow());

    /// <summary>
    /// The key that writes that first segment of a token, or null. Keys are never looked for anywhere but in the folder, which is read again for
    /// an unknown header, at most once in <see cref="BetweenLooks"/>: another process may have made its first key in the same moment as this one.
    /// </summary>
    public SigningKey? Find(ReadOnlySpan<char> header) => Known(header) ?? (LooksAgain() ? Known(header) : null);

    /// <summary>When a key stopped signing; what it is said to have signed later was signed by a thief.</summary>
    public DateTimeOffset SignsUntil(SigningKey key)
    {
        var keys = _keys;
        var next = keys.IndexOf(key) + 1;
        return next > 0 && next < keys.Length ? keys[next].Start : DateTimeOffset.MaxValue;
    }

    /// <summary>Makes the next key when it is time, forgets those that are over, and reads what other processes have made.</summary>
    public void Rotate()
    {
        lock (_rotating)
        {
            var (now, keys) = (_time.GetUtcNow(), Read());

            // Somebody took the files away: those in memory go on.
            if (keys.IsEmpty) return;
            if (keys[^1].Start + _options.SigningKeyLife - Lead <= now)
            {
                var planned = keys[^1].Start + _options.SigningKeyLife;
                _folder.ReadOrMake(NameOf(planned < now + Lead ? now + Lead : planned), MakePem);
                keys = Read();
            }

            var verifying = Verifying(keys, now).ToHashSet();
            foreach (var over in keys.Where(key => !verifying.Contains(key))) _folder.Delete(NameOf(over.Start));
            _keys = [.. keys.Where(verifying.Contains)];
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    private SigningKey? Known(ReadOnlySpan<char> header)
    {
        var (keys, now) = (_keys, _time.GetUtcNow());
        for (var i = 0; i < keys.Length; i++)
        {
            if (header.SequenceEqual(keys[i].Header) && Verifies(keys, i, now)) return keys[i];
        }

        return null;
    }

    private bool LooksAgain()
    {
        lock (_rotating)
        {
            var now = _time.GetTimestamp();
            if (_looked is { } before && _time.GetElapsedTime(before, now) < BetweenLooks) return false;
            _looked = now;
            try
            {
                Rotate();
                return true;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or StartupException)
            {
                // A stranger's token is no reason to fail; the hourly rotation says what is wrong with the folder.
                return false;
            }
        }
    }

    private static SigningKey SigningAt(ImmutableArray<SigningKey> keys, DateTimeOffset now)
    {
        for (var i = keys.Length - 1; i > 0; i--)
        {
            if (keys[i].Start <= now) return keys[i];
        }

        // Also on a clock that was set back.
        return keys[0];
    }

    private IEnumerable<SigningKey> Verifying(ImmutableArray<SigningKey> keys, DateTimeOffset now) =>
        keys.Where((_, i) => Verifies(keys, i, now));

    private bool Verifies(ImmutableArray<SigningKey> keys, int index, DateTimeOffset now) =>
        index == keys.Length - 1 || now < keys[index + 1].Start + _options.SigningKeyOverlap;

    /// <summary>The keys of the folder; those that are in use stay the same objects.</summary>
    private ImmutableArray<SigningKey> Read()
    {
        var known = _keys.ToDictionary(key => NameOf(key.Start));
        return [.. _folder.ReadAll(Pattern)
            .Select(file => known.GetValueOrDefault(file.Name) ?? Read(file.Name, file.Content))
            .OrderBy(key => key.Start)];
    }

    private static byte[] MakePem()
    {
        using var made = RSA.Create(Bits);
        return Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
    }

    private static string NameOf(DateTimeOffset start) => $"signing-{start.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}.pem";

    private static SigningKey Read(string name, byte[] pem)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(name["signing-".Length..^".pem".Length], Stamp, CultureInfo.InvariantCulture, Utc, out var start))
            throw new StartupException($"The signing key '{name}' in the data folder has no time in its name, like signing-20260102T030405Z.pem; rename or remove it.");

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            throw new StartupException($"The signing key '{name}' in the data folder cannot be read; restore it from a backup, or remove it to sign everybody out.");
        }

        return rsa.KeySize >= Bits
            ? new SigningKey(rsa, start)
            : throw new StartupException($"The signing key '{name}' in the data folder has {rsa.KeySize} bits; replace it by one of {Bits} or more.");
    }
}

/// <summary>Every hour: rotates the keys of access tokens when it is time.</summary>
internal sealed partial class SigningKeyRotation(SigningKeys keys, TimeProvider time, ILogger<SigningKeyRotation> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                keys.Rotate();
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or StartupException)
            {
                // The keys that are in use go on; tried again in an hour, and a day is left.
                LogNotRotated(trouble);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The signing keys could not be rotated")]
    private partial void LogNotRotated(Exception trouble);
}
