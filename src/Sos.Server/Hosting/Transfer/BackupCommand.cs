using System.Diagnostics;
using System.Globalization;
using Sos.Server.Identity;
using Sos.Server.Privacy;

namespace Sos.Server.Hosting.Transfer;

/// <summary>
/// <c>backup FILE</c>, also beside a running service, and <c>restore FILE</c> into an empty folder or database. Encrypted with the passphrase in
/// <c>Sos:Backup:Passphrase</c> or in the file that <c>Sos:Backup:PassphraseFile</c> names; the folder <c>keys</c> is not in it. Settings follow as for the service.
/// </summary>
/// <param name="IsRestore">True for restore.</param>
/// <param name="File">Path of the backup.</param>
/// <param name="Settings">What follows on the command line.</param>
internal sealed record BackupCommand(bool IsRestore, string File, string[] Settings)
{
    private const int ShortestPassphrase = 16;

    /// <summary>The command on a command line; null when it is another.</summary>
    /// <exception cref="StartupException">It names no file.</exception>
    public static BackupCommand? From(string[] arguments)
    {
        if (arguments is not ["backup" or "restore", .. var rest]) return null;
        return rest is [var file, .. var settings] && !file.StartsWith('-')
            ? new BackupCommand(arguments[0] == "restore", Path.GetFullPath(file), settings)
            : throw new StartupException($"Say which file: {arguments[0]} FILE.");
    }

    /// <summary>Does it; answers the sentence that says what was done.</summary>
    /// <exception cref="StartupException">It was refused; nothing was changed.</exception>
    public Task<string> Run() => TransferFile.Run(File, Settings, reads: IsRestore, IsRestore ? Restore : Backup);

    private async Task<string> Backup(IConfiguration configuration, ILoggerFactory loggers)
    {
        var passphrase = Passphrase(configuration);
        var keys = new KeyFolder(new DataFolder(configuration));
        // Before a key of its own: a folder that is named by mistake gets none.
        DataKeyFiles.Read(keys);
        var now = DateTimeOffset.UtcNow;
        string? made = null;
        var counts = await TransferFile.Write(File, async file =>
        {
            // On disk before what it encrypts.
            made = BackupKeys.Make(keys, now);
            using var cipher = await BackupCipher.Begin(file, passphrase);
            await using var into = new BackupWriteStream(file, cipher);
            var header = new ExportHeader(ExportFormat.Name, ExportFormat.Version, SosSilo.Runtime, now, made);
            var written = await ExportWriter.Write(into, header, Covered(StoredData.ReadBeside(configuration, loggers), BackupKeys.Find(keys, made, now)!));
            await into.Finish();
            return written;
        });
        return string.Create(CultureInfo.InvariantCulture, $"Backed up {counts} to '{File}'. The folder 'keys' is not in it: mirror it to another place now, with what was deleted from it; 'keys/{made}' opens the alerts of this backup for 7 days.");
    }

    private async Task<string> Restore(IConfiguration configuration, ILoggerFactory loggers)
    {
        var begun = Stopwatch.GetTimestamp();
        var passphrase = Passphrase(configuration);
        var keys = new KeyFolder(new DataFolder(configuration));
        await using var file = new FileStream(File, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = TransferFile.BufferBytes });
        if (DataKeyFiles.Names(keys).Count == 0) throw new StartupException("Put the folder 'keys' of the service that was backed up into the data folder first; without it nothing can be read.");
        using var cipher = await BackupCipher.Open(file, passphrase, File);
        var contents = new BackupContents(File, file, cipher, keys, DataKeyFiles.Read(keys), DateTimeOffset.UtcNow);

        // Read through before anything is written: damage leaves everything as it was.
        await foreach (var _ in contents.Read())
        {
        }

        await using var data = await StoredData.OpenEmpty(configuration, loggers);
        await data.Fill(contents.Read());
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var left = contents.LeftOut == 0 ? "" : $" {contents.LeftOut} records of alerts were left out: the key of this backup has been destroyed, seven days after it was made.";
        return string.Create(CultureInfo.InvariantCulture, $"Restored {contents.Counts} from '{File}', as of {contents.CreatedAt:u}, in {took:F1} s.{left}");
    }

    private static async IAsyncEnumerable<TransferItem> Covered(IAsyncEnumerable<TransferItem> items, byte[] key)
    {
        await foreach (var item in items) yield return item is TransferState state && BackupKeys.Covers(state.Grain, state.Name) ? BackupKeys.Seal(key, state) : item;
    }

    private static string Passphrase(IConfiguration configuration)
    {
        var passphrase = configuration["Sos:Backup:Passphrase"];
        if (configuration["Sos:Backup:PassphraseFile"] is { Length: > 0 } path)
        {
            try
            {
                passphrase = System.IO.File.ReadAllText(path).TrimEnd('\r', '\n');
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                throw new StartupException($"Sos:Backup:PassphraseFile names '{path}', which cannot be read ({trouble.Message}).");
            }
        }

        return passphrase is { Length: >= ShortestPassphrase }
            ? passphrase
            : throw new StartupException($"Backups are encrypted: set Sos:Backup:PassphraseFile to a file with a passphrase of {ShortestPassphrase} characters or more (or Sos:Backup:Passphrase in the environment), and keep it where the backups are not.");
    }
}
