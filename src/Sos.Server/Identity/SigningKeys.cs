using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using JWT.Algorithms;
using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>
/// The RSA keys of access tokens: <c>keys/signing.pem</c> in the data folder signs, made at the first start; every other
/// <c>keys/signing-*.pem</c> there still verifies, so that a key can be replaced while its tokens live.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private const int MinimumBits = 2048;
    private const string Active = "signing.pem";

    private readonly FrozenDictionary<string, SigningKey> _byId;

    public SigningKeys(KeyFolder folder)
    {
        var pem = folder.ReadOrMake(Active, () =>
        {
            using var made = RSA.Create(MinimumBits);
            return System.Text.Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
        });
        Current = Read(Active, pem);
        _byId = folder.ReadAll("signing-*.pem").Select(file => Read(file.Name, file.Content)).Append(Current)
            .DistinctBy(key => key.Id).ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
    }

    /// <summary>The key that signs.</summary>
    public SigningKey Current { get; }

    /// <summary>All keys that verify.</summary>
    public IEnumerable<SigningKey> All => _byId.Values;

    /// <summary>The key of that id, or null: ids are never looked for anywhere but in this list.</summary>
    public SigningKey? Find(string id) => _byId.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (var key in All) key.Dispose();
    }

    private static SigningKey Read(string name, byte[] pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(System.Text.Encoding.ASCII.GetString(pem));
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            throw new StartupException($"The signing key '{name}' in the data folder cannot be read; restore it from a backup, or remove it to sign everybody out.");
        }

        return rsa.KeySize >= MinimumBits
            ? new SigningKey(rsa)
            : throw new StartupException($"The signing key '{name}' in the data folder has {rsa.KeySize} bits; replace it by one of {MinimumBits} or more.");
    }
}

/// <summary>One RSA key with its id: the first 16 characters of the base64url SHA-256 of its public part.</summary>
internal sealed class SigningKey(RSA rsa) : IDisposable
{
    // RSA objects are not promised to be thread-safe: each caller borrows its own.
    private readonly ConcurrentBag<RS256Algorithm> _idle = [];
    private readonly RSAParameters _parameters = rsa.ExportParameters(includePrivateParameters: true);

    public string Id { get; } = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16];

    public RSAParameters PublicParameters { get; } = rsa.ExportParameters(includePrivateParameters: false);

    public byte[] Sign(byte[] content) => Borrow(content, static (algorithm, input) => algorithm.Sign(input));

    public bool Verify(byte[] content, byte[] signature) => Borrow((content, signature), static (algorithm, input) => algorithm.Verify(input.content, input.signature));

    public void Dispose() => rsa.Dispose();

    private TResult Borrow<TInput, TResult>(TInput input, Func<RS256Algorithm, TInput, TResult> use)
    {
        if (!_idle.TryTake(out var algorithm))
        {
            var own = RSA.Create(_parameters);
            algorithm = new RS256Algorithm(own, own);
        }

        try
        {
            return use(algorithm, input);
        }
        finally
        {
            _idle.Add(algorithm);
        }
    }
}
