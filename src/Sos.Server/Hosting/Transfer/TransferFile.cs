namespace Sos.Server.Hosting.Transfer;

/// <summary>Files that hold people's data: whole or not there, and for nobody but the account that writes them.</summary>
internal static class TransferFile
{
    /// <summary>Bytes read and written at once.</summary>
    public const int BufferBytes = 1024 * 1024;

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
