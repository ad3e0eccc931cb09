using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sos.Server.Tests.Identity;

/// <summary>Makes tokens that the service would never make, without using its code.</summary>
internal static class TokenForge
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static byte[] Decode(string segment) => Convert.FromBase64String(segment.Replace('-', '+').Replace('_', '/') + new string('=', (4 - segment.Length % 4) % 4));

    public static JsonObject Json(string segment) => JsonNode.Parse(Decode(segment))!.AsObject();

    /// <summary>As the service writes it: "at+jwt" with its plus.</summary>
    public static string Text(JsonObject json) => json.ToJsonString(Plain);

    /// <summary>Signs any header and claims with a key.</summary>
    public static string Sign(string header, string claims, Func<byte[], byte[]> sign)
    {
        var content = Encode(header) + "." + Encode(claims);
        return content + "." + Encode(sign(Encoding.ASCII.GetBytes(content)));
    }

    public static Func<byte[], byte[]> Rs256(RSA key) => content => key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
