using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using JWT.Algorithms;

namespace Sos.Server.Identity;

/// <summary>One RSA key with its id: the first 16 characters of the base64url SHA-256 of its public part.</summary>
internal sealed class SigningKey(RSA rsa, DateTimeOffset start) : IDisposable
{
    // RSA objects are not promised to be thread-safe: each caller borrows its own.
    private readonly ConcurrentBag<RS256Algorithm> _idle = [];
    private readonly RSAParameters _parameters = rsa.ExportParameters(includePrivateParameters: true);

    /// <summary>From when it signs.</summary>
    public DateTimeOffset Start => start;

    public string Id { get; } = Base64Url.EncodeToString(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16];

    /// <summary>The first segment of every token it signs: base64url of <c>{"alg":"RS256","typ":"at+jwt","kid":"…"}</c> (RFC 9068, 2.1).</summary>
    public string Header => field ??= Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"RS256","typ":"at+jwt","kid":"{{Id}}"}"""));

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
