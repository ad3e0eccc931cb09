namespace Sos.Embedded.Storage;

/// <summary>The data folder, held against every other process while this object lives.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "sos.db");

    public string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <exception cref="DataDirectoryException">The folder cannot be made, written to, or is in use.</exception>
    public static DataDirectory Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            // People's data: nobody but the service's own account looks in.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data folder '{path}' cannot be made; choose another with Sos:DataDirectory.", denied);
        }

        try
        {
            return new DataDirectory(path, new FileStream(System.IO.Path.Combine(path, "sos.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new DataDirectoryException($"The data folder '{path}' cannot be written to; choose another with Sos:DataDirectory.", denied);
        }
        catch (IOException taken)
        {
            throw new DataDirectoryException($"The data folder '{path}' is in use by another process; stop it or choose another with Sos:DataDirectory.", taken);
        }
    }

    /// <summary>An empty database where there was one is a loss, not a beginning.</summary>
    /// <exception cref="DataDirectoryException">The database that was here is gone.</exception>
    public void CheckDatabase()
    {
        if (_lock.Length == 0 || new FileInfo(Database) is { Exists: true, Length: > 0 }) return;
        throw new DataDirectoryException($"The data folder '{Path}' has lost its database sos.db; restore it from a backup, or delete the folder to begin anew.");
    }

    /// <summary>Remembers in the lock file that there is a database from now on.</summary>
    public void RememberDatabase()
    {
        if (_lock.Length > 0) return;
        _lock.WriteByte((byte)'1');
        _lock.Flush(flushToDisk: true);
    }

    public void Dispose() => _lock.Dispose();
}
