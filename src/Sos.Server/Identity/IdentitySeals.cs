using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Sos.Server.Identity;

/// <summary>
/// Everything that is sealed with <c>keys/identity.key</c>: addresses and codes are kept as keyed hashes, refresh tokens and SOS
/// credentials are derived from session and number, so that no record holds anything that signs in. Each use has its own key (HKDF).
/// </summary>
internal sealed class IdentitySeals
{
    private const int KeyBytes = 32;
    private const int SealBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int TicketBytes = 16 + 8;
    private const int ConnectionTicketBytes = 3 * 16 + 2 * 8;
    private const int FileTicketBytes = 4 * 16 + 8 + 1;
    private const int TrackerBytes = 16 + 32;
    private const byte MethodGet = (byte)'G';
    private const byte OwnAlertsOnly = 0x80;

    private readonly byte[] _address;
    private readonly byte[] _code;
    private readonly byte[] _refresh;
    private readonly byte[] _sos;
    private readonly byte[] _ticket;
    private readonly byte[] _bootstrap;
    private readonly byte[] _connection;
    private readonly byte[] _secondFactor;
    private readonly byte[] _recovery;
    private readonly byte[] _password;
    private readonly byte[] _authorization;
    private readonly byte[] _client;
    private readonly byte[] _file;
    private readonly byte[] _tracker;
    private readonly byte[] _trackerHash;

    public IdentitySeals(KeyFolder folder)
    {
        var master = folder.ReadOrMake("identity.key", () => RandomNumberGenerator.GetBytes(KeyBytes));
        if (master.Length != KeyBytes) throw new Hosting.StartupException("The key 'identity.key' in the data folder is damaged; restore it from a backup.");
        (_address, _code, _refresh) = (Derive(master, "address"), Derive(master, "code"), Derive(master, "refresh"));
        (_sos, _ticket, _bootstrap) = (Derive(master, "sos"), Derive(master, "ticket"), Derive(master, "bootstrap"));
        (_connection, _secondFactor) = (Derive(master, "connection"), Derive(master, "second-factor"));
        (_recovery, _password) = (Derive(master, "recovery"), Derive(master, "password"));
        (_authorization, _client) = (Derive(master, "authorization"), Derive(master, "client"));
        _file = Derive(master, "file");
        (_tracker, _trackerHash) = (Derive(master, "tracker"), Derive(master, "tracker-hash"));
    }

    /// <summary>The token of the bootstrap link: the same at every start, useless once taken.</summary>
    public string BootstrapToken => Base64Url.EncodeToString(_bootstrap);

    /// <summary>Key of the address's grain.</summary>
    public string AddressKey(string address) => Convert.ToHexStringLower(HMACSHA256.HashData(_address, Encoding.UTF8.GetBytes(address)));

    /// <summary>Hash of a code; it is good in one code session only.</summary>
    public ImmutableArray<byte> CodeHash(Guid codeSession, string code) =>
        [.. HMACSHA256.HashData(_code, (byte[])[.. codeSession.ToByteArray(), .. Encoding.UTF8.GetBytes(code)])];

    /// <summary>Key of a limiter's grain: who it counts is in no record and no log.</summary>
    public string LimiterKey(string limiter, string subject) =>
        $"{limiter}/{Convert.ToHexStringLower(HMACSHA256.HashData(_address, Encoding.UTF8.GetBytes($"{limiter}/{subject}"))[..16])}";

    /// <summary>
    /// What a client gets to name its code session: session, time of asking and address, encrypted, so that nobody can ask for another
    /// address's grain and everything that the answer says follows from the ticket alone.
    /// </summary>
    public string SealTicket(CodeTicket ticket)
    {
        byte[] plain = [.. ticket.CodeSession.ToByteArray(), .. BitConverter.GetBytes(ticket.AskedAt.ToUnixTimeMilliseconds()), .. Encoding.UTF8.GetBytes(ticket.Address)];
        return Base64Url.EncodeToString(Encrypt(_ticket, plain, []));
    }

    /// <summary>Opens what <see cref="SealTicket"/> has made.</summary>
    public bool TryOpenTicket(string text, [NotNullWhen(true)] out CodeTicket? ticket)
    {
        ticket = null;
        if (!TryDecode(text, NonceBytes + TicketBytes + TagBytes, 512, out var whole) || !TryDecrypt(_ticket, whole, [], out var plain)) return false;
        var asked = DateTimeOffset.FromUnixTimeMilliseconds(BitConverter.ToInt64(plain, 16));
        ticket = new CodeTicket(new Guid(plain.AsSpan(0, 16)), asked, Encoding.UTF8.GetString(plain.AsSpan(TicketBytes)));
        return true;
    }

    /// <summary>The refresh token of that number in the family.</summary>
    public string RefreshToken(Guid session, int generation)
    {
        Span<byte> content = stackalloc byte[20];
        session.TryWriteBytes(content);
        BinaryPrimitives.WriteInt32LittleEndian(content[16..], generation);
        return Seal(_refresh, content);
    }

    /// <summary>Checks a refresh token's seal; whether it is the good one, the session's grain knows.</summary>
    public bool TryOpenRefresh(string text, out Guid session, out int generation)
    {
        (session, generation) = (Guid.Empty, 0);
        if (!TryOpen(_refresh, text, 20, out var content)) return false;
        session = new Guid(content.AsSpan(0, 16));
        generation = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(16));
        return generation >= 0;
    }

    /// <summary>The SOS credential of a session.</summary>
    public string SosCredential(Guid session, Guid user)
    {
        Span<byte> content = stackalloc byte[32];
        session.TryWriteBytes(content);
        user.TryWriteBytes(content[16..]);
        return Seal(_sos, content);
    }

    /// <summary>Checks an SOS credential's seal.</summary>
    public bool TryOpenSos(string text, out Guid session, out Guid user)
    {
        (session, user) = (Guid.Empty, Guid.Empty);
        if (!TryOpen(_sos, text, 32, out var content)) return false;
        (session, user) = (new Guid(content.AsSpan(0, 16)), new Guid(content.AsSpan(16, 16)));
        return true;
    }

    /// <summary>A ticket for one connection: who, in which session, until when the ticket and until when the connection is good.</summary>
    public string ConnectionTicket(ConnectionTicket ticket)
    {
        Span<byte> content = stackalloc byte[ConnectionTicketBytes];
        ticket.Session.TryWriteBytes(content);
        ticket.User.TryWriteBytes(content[16..]);
        ticket.Id.TryWriteBytes(content[32..]);
        BinaryPrimitives.WriteInt64LittleEndian(content[48..], ticket.Until.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(content[56..], ticket.ConnectionUntil.ToUnixTimeMilliseconds());
        return Seal(_connection, content);
    }

    /// <summary>Checks a connection ticket's seal; whether it was used, the session's grain knows.</summary>
    public bool TryOpenConnection(string text, [NotNullWhen(true)] out ConnectionTicket? ticket)
    {
        ticket = null;
        if (!TryOpen(_connection, text, ConnectionTicketBytes, out var content)) return false;
        ticket = new ConnectionTicket(
            new Guid(content.AsSpan(0, 16)),
            new Guid(content.AsSpan(16, 16)),
            new Guid(content.AsSpan(32, 16)),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(48))),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(56))));
        return true;
    }

    /// <summary>An authorization code: whose, its id, and the session that it opens.</summary>
    public string AuthorizationCode(Guid user, Guid code, Guid session) =>
        Seal(_authorization, (byte[])[.. user.ToByteArray(), .. code.ToByteArray(), .. session.ToByteArray()]);

    /// <summary>Checks an authorization code's seal; whether it was used, the grain of the user's apps knows.</summary>
    public bool TryOpenAuthorizationCode(string text, out Guid user, out Guid code, out Guid session)
    {
        (user, code, session) = (Guid.Empty, Guid.Empty, Guid.Empty);
        if (!TryOpen(_authorization, text, 3 * 16, out var content)) return false;
        (user, code, session) = (new Guid(content.AsSpan(0, 16)), new Guid(content.AsSpan(16, 16)), new Guid(content.AsSpan(32, 16)));
        return true;
    }

    /// <summary>Hash of a client secret, which has 256 bits of its own; it is good for its app only.</summary>
    public string ClientSecretHash(Guid clientId, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_client, (byte[])[.. clientId.ToByteArray(), .. Encoding.UTF8.GetBytes(secret)]));

    /// <summary>A ticket to GET one file: what, for whom, in which session and until when. Good for no other method.</summary>
    public string FileTicket(FileTicket ticket)
    {
        Span<byte> content = stackalloc byte[FileTicketBytes];
        content[0] = ticket.OwnOnly ? (byte)(MethodGet | OwnAlertsOnly) : MethodGet;
        ticket.Alert.TryWriteBytes(content[1..]);
        ticket.Attachment.TryWriteBytes(content[17..]);
        ticket.User.TryWriteBytes(content[33..]);
        ticket.Session.TryWriteBytes(content[49..]);
        BinaryPrimitives.WriteInt64LittleEndian(content[65..], ticket.Until.ToUnixTimeMilliseconds());
        return Seal(_file, content);
    }

    /// <summary>Checks a file ticket's seal and its spelling, of which there is one; whether it is still good, others know.</summary>
    public bool TryOpenFile(string text, [NotNullWhen(true)] out FileTicket? ticket)
    {
        ticket = null;
        if (!TryOpen(_file, text, FileTicketBytes, out var content) || Base64Url.EncodeToString(content) != text || (content[0] & ~OwnAlertsOnly) != MethodGet) return false;
        var until = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(65));
        ticket = new FileTicket(
            new Guid(content.AsSpan(1, 16)), new Guid(content.AsSpan(17, 16)), new Guid(content.AsSpan(33, 16)), new Guid(content.AsSpan(49, 16)),
            (content[0] & OwnAlertsOnly) != 0, DateTimeOffset.FromUnixTimeMilliseconds(until));
        return true;
    }

    /// <summary>The token of a tracker: whose, and 256 bits of chance.</summary>
    public string TrackerToken(Guid user, ReadOnlySpan<byte> secret) => Seal(_tracker, (byte[])[.. user.ToByteArray(), .. secret]);

    /// <summary>Checks the seal of a tracker's token, so that a guess costs no grain; whether it was revoked, its person's trackers know by the hash.</summary>
    public bool TryOpenTracker(string text, out Guid user, [NotNullWhen(true)] out string? hash)
    {
        (user, hash) = (Guid.Empty, null);
        if (!TryOpen(_tracker, text, TrackerBytes, out var content)) return false;
        user = new Guid(content.AsSpan(0, 16));
        hash = Convert.ToHexStringLower(HMACSHA256.HashData(_trackerHash, content.AsSpan(0, TrackerBytes)));
        return true;
    }

    /// <summary>Encrypts the secret of a user's authenticator app for her record and no other.</summary>
    public ImmutableArray<byte> SealSecret(Guid user, ReadOnlySpan<byte> secret) => [.. Encrypt(_secondFactor, secret, user.ToByteArray())];

    /// <summary>Decrypts what <see cref="SealSecret"/> has made.</summary>
    public bool TryOpenSecret(Guid user, ImmutableArray<byte> secret, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = null;
        return secret.Length > NonceBytes + TagBytes && TryDecrypt(_secondFactor, secret.AsSpan(), user.ToByteArray(), out plain);
    }

    /// <summary>Hash of a recovery code, which has 120 bits of its own; it is good for its user only.</summary>
    public string RecoveryHash(Guid user, string code) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_recovery, (byte[])[.. user.ToByteArray(), .. Encoding.UTF8.GetBytes(code)]));

    /// <summary>What is hashed in place of a password: without the service's key nobody can try passwords against a record.</summary>
    public byte[] PasswordKey(string password) => HMACSHA256.HashData(_password, Encoding.UTF8.GetBytes(password));

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> about)
    {
        var whole = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(NonceBytes + plain.Length), about);
        return whole;
    }

    private static bool TryDecrypt(byte[] key, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> about, [NotNullWhen(true)] out byte[]? plain)
    {
        var text = new byte[whole.Length - NonceBytes - TagBytes];
        plain = null;
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(whole[..NonceBytes], whole.Slice(NonceBytes, text.Length), whole[(NonceBytes + text.Length)..], text, about);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plain = text;
        return true;
    }

    private static string Seal(byte[] key, ReadOnlySpan<byte> content)
    {
        var whole = new byte[content.Length + SealBytes];
        content.CopyTo(whole);
        HMACSHA256.HashData(key, content, whole.AsSpan(content.Length));
        return Base64Url.EncodeToString(whole);
    }

    private static bool TryOpen(byte[] key, string text, int contentBytes, [NotNullWhen(true)] out byte[]? whole)
    {
        if (!TryDecode(text, contentBytes + SealBytes, contentBytes + SealBytes, out whole)) return false;
        Span<byte> expected = stackalloc byte[SealBytes];
        HMACSHA256.HashData(key, whole.AsSpan(0, contentBytes), expected);
        return CryptographicOperations.FixedTimeEquals(expected, whole.AsSpan(contentBytes));
    }

    private static bool TryDecode(string text, int least, int most, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length > Base64Url.GetEncodedLength(most) || !Base64Url.IsValid(text)) return false;
        var decoded = Base64Url.DecodeFromChars(text);
        if (decoded.Length < least || decoded.Length > most) return false;
        bytes = decoded;
        return true;
    }

    private static byte[] Derive(byte[] master, string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, master, KeyBytes, info: Encoding.ASCII.GetBytes("sos/" + use));
}
