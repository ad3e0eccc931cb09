using Sos.Grains.Privacy;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Hosting.Transfer;

/// <summary>What of a backup can be given back with the keys that there are.</summary>
internal sealed class BackupContents(string path, Stream file, BackupCipher cipher, KeyFolder keys, KeyRing ring, DateTimeOffset now)
{
    /// <summary>When the backup was made.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>How much was read and given back.</summary>
    public ExportCounts Counts { get; private set; }

    /// <summary>Records under a key that has been destroyed.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Everything from the beginning, checked item by item.</summary>
    /// <exception cref="StartupException">The file is damaged or cut off, or the keys or the passphrase are another's.</exception>
    public async IAsyncEnumerable<TransferItem> Read()
    {
        (Counts, LeftOut) = (default, 0);
        cipher.Rewind(file);
        await using var plain = new BackupReadStream(file, cipher, path);
        using var reader = await ExportReader.Open(plain, path);
        CreatedAt = reader.Header.CreatedAt;
        var key = reader.Header.Key is { } name ? BackupKeys.Find(keys, name, now) : null;
        await foreach (var item in reader.Items())
        {
            var given = item switch
            {
                TransferSealed when key is null => null,
                TransferSealed covered => BackupKeys.Open(key, covered) ?? throw Foreign(item),
                // The alerts that they wake are not given back either.
                TransferReminder when key is null && BackupKeys.Covers(item.Grain, item.Name) => null,
                _ => item,
            };
            if (given is null)
            {
                if (item is TransferSealed) LeftOut++;
                continue;
            }

            if (given is TransferState state && !Opens(state)) throw Foreign(item);
            Counts = Counts.With(given);
            yield return given;
        }
    }

    private bool Opens(TransferState state)
    {
        try
        {
            KeyRotation.Rewrap(ring, state.Name, state.Grain, state.Bytes);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private StartupException Foreign(TransferItem item) =>
        new($"The keys in the folder 'keys' do not open {item.Name} of {item.Grain.Type} in '{path}'; put the folder 'keys' of the service that was backed up there. Nothing was restored.");
}
