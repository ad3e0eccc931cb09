namespace Sos.Server.Hosting;

/// <summary>
/// Holds the data folder of a server that is alone with everything in memory: a second one on the same folder would sign with the same keys
/// for other people. Servers of a cluster share their folder.
/// </summary>
internal sealed class FolderLock(DataFolder folder) : IHostedService, IDisposable
{
    private FileStream? _held;

    /// <inheritdoc/>
    /// <exception cref="StartupException">Another process holds the folder, or it cannot be written to.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder.Path);
            _held = new FileStream(Path.Combine(folder.Path, "sos.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{folder.Path}' cannot be written to; choose another with {DataFolder.Setting}.");
        }
        catch (IOException)
        {
            throw new StartupException($"The data folder '{folder.Path}' is in use by another process; stop it or choose another with {DataFolder.Setting}.");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();
}
