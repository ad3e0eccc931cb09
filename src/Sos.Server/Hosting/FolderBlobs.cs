using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Sos.Contracts.Operations;
using Sos.Grains.Alerts;

namespace Sos.Server.Hosting;

/// <summary>
/// Files in a folder that only the service's account may read, a folder a group. A file is written under another name, synced, renamed, and the
/// folder synced: after a crash or a power cut it is there whole or not at all.
/// </summary>
internal sealed class FolderBlobs(DataFolder data, IOptions<AttachmentOptions> options) : IBlobStore
{
    private const string Unfinished = ".part";
    private readonly string _folder = options.Value.Directory is { Length: > 0 } directory ? Path.GetFullPath(directory) : Path.Combine(data.Path, "attachments");

    /// <inheritdoc/>
    public Task<BlobUpload> Begin(BlobName name)
    {
        MakeFolder(GroupOf(name.Group));
        return Task.FromResult<BlobUpload>(new Upload(PathOf(name)));
    }

    /// <inheritdoc/>
    public Task<Stream?> Open(BlobName name)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(name), new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0, Share = FileShare.Read | FileShare.Delete }));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task Delete(BlobName name)
    {
        if (!Directory.Exists(GroupOf(name.Group))) return Task.CompletedTask;
        File.Delete(PathOf(name) + Unfinished);
        File.Delete(PathOf(name));
        SyncFolder(GroupOf(name.Group));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAll(Guid group)
    {
        try
        {
            Directory.Delete(GroupOf(group), recursive: true);
            SyncFolder(_folder);
        }
        catch (DirectoryNotFoundException)
        {
            // There was nothing, or it is done already.
        }

        return Task.CompletedTask;
    }

    private string GroupOf(Guid group) => Path.Combine(_folder, group.ToString("N"));

    private string PathOf(BlobName name) => Path.Combine(GroupOf(name.Group), name.Id.ToString("N"));

    // A rename is durable when its folder is; .NET opens no folders, and Windows needs it not.
    private static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = open([.. System.Text.Encoding.UTF8.GetBytes(path), 0], 0);
        if (folder < 0) throw new IOException($"The folder of files cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        var synced = fsync(folder);
        var trouble = Marshal.GetLastPInvokeError();
        _ = close(folder);
        if (synced != 0) throw new IOException($"The folder of files cannot be synced (errno {trouble}).");
    }

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int close(int descriptor);

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private sealed class Upload : BlobUpload
    {
        private readonly string _path;
        private readonly FileStream _file;

        public Upload(string path)
        {
            _path = path;
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0, Share = FileShare.Delete };
            if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            _file = new FileStream(path + Unfinished, how);
        }

        public override Stream Content => _file;

        public override async Task Complete()
        {
            _file.Flush(flushToDisk: true);
            await _file.DisposeAsync();

            // Fails when the group was deleted meanwhile.
            File.Move(_path + Unfinished, _path, overwrite: false);
            SyncFolder(Path.GetDirectoryName(_path)!);
            SyncFolder(Path.GetDirectoryName(Path.GetDirectoryName(_path))!);
        }

        public override async ValueTask DisposeAsync()
        {
            await _file.DisposeAsync();
            if (Directory.Exists(Path.GetDirectoryName(_path))) File.Delete(_path + Unfinished);
        }
    }
}
