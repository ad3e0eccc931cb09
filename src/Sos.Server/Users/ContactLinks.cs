using System.Buffers.Text;
using System.Security.Cryptography;
using Sos.Contracts.Users;
using Sos.Server.Hosting;
using Sos.Server.Identity;

namespace Sos.Server.Users;

/// <summary>What a contact's link names.</summary>
/// <param name="User">Whose contact she is.</param>
/// <param name="Contact">Id of the contact or the guardian.</param>
/// <param name="Alert">The alert it follows; null for an invitation.</param>
internal sealed record ContactToken(Guid User, Guid Contact, Guid? Alert);

/// <summary>
/// Links for people without an account: ids and their seal (HMAC-SHA256, cut to 128 bits), so that a guess is refused before any grain is
/// asked, and no record holds anything that opens a page. The token stays behind the #, out of every log.
/// </summary>
internal sealed class ContactLinks : IContactLinks
{
    private const int IdBytes = 16;
    private const int SealBytes = 16;
    private const int KeyBytes = 32;
    private readonly byte[] _key;
    private readonly PublicAddress _address;

    public ContactLinks(KeyFolder keys, PublicAddress address)
    {
        _key = keys.ReadOrMake("contacts.key", static () => RandomNumberGenerator.GetBytes(32));
        if (_key.Length != 32) throw new StartupException("The key 'contacts.key' in the data folder is damaged; restore it from a backup.");
        _address = address;
    }

    public Uri? Invitation(Guid user, Guid contact) => _address.Of("contact#" + Seal([user, contact]));

    public Uri? Alert(Guid alertId, Guid user, Guid contact) => _address.Of("follow#" + Seal([user, contact, alertId]));

    // Ids of contacts and guardians are never the same, so neither opens the other's page.
    public Uri? Guardian(Guid user, Guid guardian) => _address.Of("guardian#" + Seal([user, guardian]));

    // The number's own, not the asker's: it holds whoever asks, and goes on opening when she has taken the number out of her list.
    public Uri? Refusal(string addressKey)
    {
        var key = Convert.FromHexString(addressKey);
        return _address.Of("relative#" + Base64Url.EncodeToString([.. key, .. SealOfNumber(key)]));
    }

    /// <summary>Opens the token of a number: the key of its grain; null when the service has not made it.</summary>
    public string? OpenNumber(string token)
    {
        if (token.Length != Base64Url.GetEncodedLength(KeyBytes + SealBytes) || !Base64Url.IsValid(token)) return null;
        ReadOnlySpan<byte> whole = Base64Url.DecodeFromChars(token);
        return whole.Length == KeyBytes + SealBytes && CryptographicOperations.FixedTimeEquals(SealOfNumber(whole[..KeyBytes]), whole[KeyBytes..]) ? Convert.ToHexStringLower(whole[..KeyBytes]) : null;
    }

    /// <summary>Opens a link's token; null when the service has not made it.</summary>
    public ContactToken? Open(string token)
    {
        var most = 3 * IdBytes + SealBytes;
        if (token.Length > Base64Url.GetEncodedLength(most) || !Base64Url.IsValid(token)) return null;
        ReadOnlySpan<byte> whole = Base64Url.DecodeFromChars(token);
        var ids = (whole.Length - SealBytes) / IdBytes;
        if (ids is not (2 or 3) || whole.Length != ids * IdBytes + SealBytes) return null;
        if (!CryptographicOperations.FixedTimeEquals(SealOf(whole[..^SealBytes]), whole[^SealBytes..])) return null;
        return new ContactToken(new Guid(whole[..16]), new Guid(whole.Slice(16, 16)), ids == 3 ? new Guid(whole.Slice(32, 16)) : null);
    }

    private string Seal(ReadOnlySpan<Guid> ids)
    {
        var whole = new byte[ids.Length * IdBytes + SealBytes];
        for (var i = 0; i < ids.Length; i++) ids[i].TryWriteBytes(whole.AsSpan(i * IdBytes));
        SealOf(whole.AsSpan(0, ids.Length * IdBytes)).CopyTo(whole.AsSpan(ids.Length * IdBytes));
        return Base64Url.EncodeToString(whole);
    }

    // The number of ids is sealed with its length: an invitation never opens an alert.
    private ReadOnlySpan<byte> SealOf(ReadOnlySpan<byte> ids) => HMACSHA256.HashData(_key, ids).AsSpan(0, SealBytes);

    // A number's key is as long as two ids: what it is sealed with is not, so neither opens for the other.
    private ReadOnlySpan<byte> SealOfNumber(ReadOnlySpan<byte> key) => SealOf((byte[])[.. "number"u8, .. key]);
}
