namespace Sos.Server.Hosting.Transfer;

/// <summary>Files that hold people's data: whole or not there, and for nobody but the account that writes them.</summary>
internal static class TransferFile
{
    /// <summary>Bytes read and written at once.</summary>
    public const int BufferBytes = 1024 * 1024;

    /// <summary>Does what a command does with a file; answers the sentence that says what was done.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What follows on the command line, as for the service.</param>
    /// <param name="reads">True when the file is read, false when it is written.</param>
    /// <param name="work">What is done.</param>
    /// <exception cref="StartupException">It was refused; nothing was changed.</exception>
    public static async Task<string> Run(string path, string[] settings, bool reads, Func<IConfiguration, ILoggerFactory, Task<string>> work)
    {
        var builder = WebApplication.CreateBuilder(settings);
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        await using var services = builder.Services.BuildServiceProvider();
        try
        {
            return await work(builder.Configuration, services.GetRequiredService<ILoggerFactory>());
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"'{path}' cannot be {(reads ? "read" : "written")} ({trouble.Message}).");
        }
    }

    /// <summary>Writes a file that is not there yet; on disk when it returns.</summary>
    /// <exception cref="StartupException">There is one of this name.</exception>
    public static async Task<T> Write<T>(string path, Func<Stream, Task<T>> write)
    {
        if (File.Exists(path)) throw new StartupException($"'{path}' exists already; choose another name.");
        var unfinished = path + ".unfinished";
        T written;
        try
        {
            await using var file = Create(unfinished);
            written = await write(file);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            // Half of people's data is of no use to anybody who may have it.
            File.Delete(unfinished);
            throw;
        }

        File.Move(unfinished, path);
        return written;
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = BufferBytes };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
