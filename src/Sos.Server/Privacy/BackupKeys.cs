using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>
/// Each backup has a key of its own, <c>keys/backup-TIME-….key</c>, and what belongs to an alert or a trail lies under it in the backup, over the encryption that it has
/// anyway. Seven days later the service destroys that key: whatever was purged since is then unreadable in every copy of the backup, also for who has
/// the passphrase and all other keys (docs/decisions/0013).
/// </summary>
internal static class BackupKeys
{
    /// <summary>How long a backup can give its alerts back: as long as the data of a closed alert is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private const string Pattern = "backup-*.key";
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";
    private const int StampLength = 16;
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Makes the key of a backup that begins now; answers its file name. On disk when it returns.</summary>
    public static string Make(KeyFolder keys, DateTimeOffset now)
    {
        var name = $"backup-{now.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.key";
        keys.ReadOrMake(name, static () => RandomNumberGenerator.GetBytes(KeyBytes));
        return name;
    }

    /// <summary>The key of a backup; null when it has been destroyed, or its time is over.</summary>
    public static byte[]? Find(KeyFolder keys, string name, DateTimeOffset now) =>
        EndOf(name) > now && keys.ReadAll(Pattern).FirstOrDefault(file => file.Name == name).Content is { Length: KeyBytes } key ? key : null;

    /// <summary>The keys there are, with the moment at which each is to be destroyed.</summary>
    public static IEnumerable<(string Name, DateTimeOffset EndsAt)> All(KeyFolder keys) => keys.Names(Pattern).Select(name => (name, EndOf(name)));

    /// <summary>True for what belongs to an alert (its record and parts, and what responders were told of it) and for where somebody was: no trail is older than a backup's life.</summary>
    public static bool Covers(GrainId grain, string state) => grain.Type.ToString() switch
    {
        "sos.alert" or "sos.alert-history" or "sos.track" or "sos.candidate-set" or "sos.trail-hour" => true,
        "sos.responder" => state == "inbox",
        _ => false,
    };

    /// <summary>The state under the backup's key.</summary>
    public static TransferSealed Seal(byte[] key, TransferState state)
    {
        var bytes = new byte[NonceBytes + state.Bytes.Length + TagBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(bytes.AsSpan(0, NonceBytes), state.Bytes.Span, bytes.AsSpan(NonceBytes, state.Bytes.Length), bytes.AsSpan(NonceBytes + state.Bytes.Length), Identity(state));
        return new TransferSealed(state.Grain, state.Name, bytes);
    }

    /// <summary>The state itself; null when it is another's or was changed.</summary>
    public static TransferState? Open(byte[] key, TransferSealed item)
    {
        var length = item.Bytes.Length - NonceBytes - TagBytes;
        if (length < 0) return null;
        var plain = new byte[length];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(item.Bytes.Span[..NonceBytes], item.Bytes.Span.Slice(NonceBytes, length), item.Bytes.Span[(NonceBytes + length)..], plain, Identity(item));
            return new TransferState(item.Grain, item.Name, plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static byte[] Identity(TransferItem item) => Encoding.UTF8.GetBytes($"sos-backup-1/{item.Grain}/{item.Name}");

    // A name that says no time ends at once.
    private static DateTimeOffset EndOf(string name) =>
        name.Length > "backup-".Length + StampLength
        && DateTimeOffset.TryParseExact(name.AsSpan("backup-".Length, StampLength), Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
            ? made + Life
            : DateTimeOffset.MinValue;
}
