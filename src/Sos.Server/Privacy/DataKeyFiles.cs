using System.Globalization;
using System.Security.Cryptography;
using Sos.Contracts.Privacy;
using Sos.Grains.Privacy;
using Sos.Server.Hosting;
using Sos.Server.Identity;

namespace Sos.Server.Privacy;

/// <summary>
/// The key-encryption keys of stored data, <c>keys/data-0001.key</c> and so on in the data folder (32 bytes, 0600): the one with the highest
/// number wraps, the others still unwrap. The first is made at the first start; where data lies in the folder already, a missing key is never
/// replaced by a new one.
/// </summary>
internal sealed class DataKeyFiles : IKeyEncryption
{
    private const string Pattern = "data-*.key";

    private readonly KeyFolder _keys;
    private readonly string _folder;
    private volatile KeyRing? _ring;

    /// <summary>Reads the keys, or makes the first one.</summary>
    /// <exception cref="StartupException">A key is damaged or readable by others.</exception>
    public DataKeyFiles(KeyFolder keys, DataFolder data)
    {
        (_keys, _folder) = (keys, data.Path);
        if (Names(keys).Count == 0)
        {
            // Said by the check, after what else may be wrong with the folder.
            if (StoredData.LiesIn(data)) return;
            Make(keys);
        }

        _ring = Read(keys);
    }

    /// <inheritdoc/>
    public uint CurrentKey => Ring.CurrentKey;

    /// <summary>Refuses data whose key is not there.</summary>
    /// <exception cref="StartupException">So it is.</exception>
    public void RequireKey() => _ = Ring;

    private KeyRing Ring => _ring ?? throw new StartupException(
        $"The data folder '{_folder}' holds data but not the key that opens it ('keys/data-….key'); copy the folder 'keys' of the service that wrote it, or begin with an empty folder.");

    /// <summary>Makes a key that wraps from now on; answers its file name. Servers that make the first one at once make the same one.</summary>
    public static string Make(KeyFolder keys)
    {
        var number = Names(keys) is [.., var newest] ? NumberOf(newest) + 1 : 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"data-{number:0000}.key");
        keys.ReadOrMake(name, () => RandomNumberGenerator.GetBytes(KeyRing.KeyBytes));
        return name;
    }

    /// <summary>All keys, the one that wraps last.</summary>
    /// <exception cref="StartupException">There is none, or one is damaged or readable by others.</exception>
    public static KeyRing Read(KeyFolder keys)
    {
        foreach (var name in Names(keys)) keys.RequirePrivate(name);
        var files = keys.ReadAll(Pattern).ToList();
        if (files.Find(file => file.Content.Length != KeyRing.KeyBytes) is { Name: { } damaged })
            throw new StartupException($"The key '{damaged}' in the data folder is damaged; restore it from a backup: without it the data cannot be read.");
        return files.Count > 0 ? new KeyRing(files.Select(file => file.Content)) : throw new StartupException("There is no key 'keys/data-….key' in the data folder.");
    }

    /// <summary>Names of the keys, oldest first.</summary>
    public static List<string> Names(KeyFolder keys) => [.. keys.Names(Pattern)];

    /// <inheritdoc/>
    public uint Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> identity, Span<byte> wrapped) => Ring.Wrap(dataKey, identity, wrapped);

    /// <inheritdoc/>
    public bool TryUnwrap(uint key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> identity, Span<byte> dataKey)
    {
        // A key that another server of the cluster has got since this one started lies in the same folder.
        if (!Ring.Knows(key)) _ring = Read(_keys);
        return Ring.TryUnwrap(key, wrapped, identity, dataKey);
    }

    private static int NumberOf(string name) =>
        int.TryParse(name["data-".Length..^".key".Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new StartupException($"The key '{name}' in the data folder has no number in its name, like data-0001.key; rename it.");
}
