using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Sos.Server.Hosting;
using Sos.Server.Hosting.Transfer;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Tests.Privacy;

/// <summary>Looks for keys and words in the raw files of a data folder.</summary>
internal static class StoredKey
{
    /// <summary>A record's own data key as it is stored and as it encrypts: the format of docs/decisions/0010.</summary>
    public static async Task<(byte[] Wrapped, byte[] Secret)> Of(string folder, string type, Guid id, string state)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Sos:DataDirectory", folder)]).Build();
        await using var data = await StoredData.Open(settings, NullLoggerFactory.Instance);
        var ring = DataKeyFiles.Read(new KeyFolder(new DataFolder(settings)));
        await foreach (var item in data.Read())
        {
            if (item is not TransferState found || found.Grain.ToString() != $"{type}/{id:N}" || found.Name != state) continue;
            var (bytes, secret) = (found.Bytes.ToArray(), new byte[32]);
            byte[] identity = [1, (byte)'K', 0, bytes[3], .. Encoding.UTF8.GetBytes($"{type}/{id:N}/{state}")];
            Assert.True(ring.TryUnwrap(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)), bytes.AsSpan(8, 60), identity, secret));
            return (bytes[8..68], secret);
        }

        throw new InvalidOperationException($"{type} is not stored.");
    }

    /// <summary>Fails when a part of a key or one of some words is in any file.</summary>
    public static void IsNowhere(string folder, byte[] wrapped, byte[] secret, IEnumerable<string> words)
    {
        foreach (var (name, content) in Files(folder))
        {
            // Half a key would halve the work of whoever seeks the rest: no eight bytes of it in a row either.
            foreach (var key in new[] { wrapped, secret })
            {
                for (var at = 0; at + 8 <= key.Length; at++) Assert.False(Lies(content, key.AsSpan(at, 8)), $"{name} holds bytes {at} to {at + 8} of the key");
            }

            Assert.All(words, word => Assert.False(Lies(content, Encoding.UTF8.GetBytes(word)), $"{name}: {word}"));
        }
    }

    public static List<(string Name, byte[] Content)> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => (Path.GetRelativePath(folder, path), File.ReadAllBytes(path)))];

    public static bool Lies(byte[] content, ReadOnlySpan<byte> part) => content.AsSpan().IndexOf(part) >= 0;
}
