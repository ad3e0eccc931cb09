using System.Security.Cryptography;

namespace Sos.Server.Tests;

/// <summary>One signing key for all test servers of a run: making one takes longer than most tests.</summary>
internal static class TestKeys
{
    private static readonly string Pem = MakePem();

    /// <summary>Puts the key where a server with this data folder looks for it.</summary>
    public static void Put(string dataDirectory)
    {
        var keys = Directory.CreateDirectory(Path.Combine(dataDirectory, "keys")).FullName;
        File.WriteAllText(Path.Combine(keys, "signing.pem"), Pem);
    }

    private static string MakePem()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
