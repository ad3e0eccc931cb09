namespace Sos.Server.Hosting.Transfer;

/// <summary>
/// <c>export FILE</c> and <c>import FILE</c>: takes everything that the service has stored to another machine or another runtime.
/// Settings follow as for the service itself.
/// </summary>
/// <param name="IsImport">True for import.</param>
/// <param name="File">Path of the export.</param>
/// <param name="Settings">What follows on the command line.</param>
internal sealed record TransferCommand(bool IsImport, string File, string[] Settings)
{
    /// <summary>The command on a command line; null when there is none and the service is to run.</summary>
    /// <exception cref="StartupException">It names no file.</exception>
    public static TransferCommand? From(string[] arguments)
    {
        if (arguments is not ["export" or "import", .. var rest]) return null;
        return rest is [var file, .. var settings] && !file.StartsWith('-')
            ? new TransferCommand(arguments[0] == "import", Path.GetFullPath(file), settings)
            : throw new StartupException($"Say which file: {arguments[0]} FILE.");
    }

    /// <summary>Does it; answers the sentence that says what was done.</summary>
    /// <exception cref="StartupException">It was refused; nothing was changed.</exception>
    public Task<string> Run() => TransferFile.Run(File, Settings, reads: IsImport, IsImport ? Import : Export);

    private async Task<string> Export(IConfiguration configuration, ILoggerFactory loggers)
    {
        await using var data = await StoredData.Open(configuration, loggers);
        var counts = await TransferFile.Write(File, file =>
            ExportWriter.Write(file, new ExportHeader(ExportFormat.Name, ExportFormat.Version, SosSilo.Runtime, DateTimeOffset.UtcNow), data.Read()));
        return $"Exported {counts} to '{File}'. Without the folder 'keys' of the data folder nobody can sign in where this is imported: copy it too, with 'attachments' beside it, and keep them secret.";
    }

    private async Task<string> Import(IConfiguration configuration, ILoggerFactory loggers)
    {
        await using var file = new FileStream(File, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = TransferFile.BufferBytes });

        // Read through before anything is written: damage leaves everything as it was.
        await ExportReader.Verify(file, File);
        file.Position = 0;
        using var reader = await ExportReader.Open(file, File);
        await using var data = await StoredData.OpenEmpty(configuration, loggers);
        await data.Fill(reader.Items());
        return $"Imported {reader.Counts} from '{File}'. The folder 'keys' must come from the same service.";
    }
}
