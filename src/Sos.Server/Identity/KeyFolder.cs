using Sos.Server.Hosting;

namespace Sos.Server.Identity;

/// <summary>The folder <c>keys</c> in the data folder: files that only the service's own account may read.</summary>
internal sealed class KeyFolder(DataFolder data)
{
    private readonly string _path = Path.Combine(data.Path, "keys");

    /// <summary>Reads a key, or makes it; a key that is there is never replaced.</summary>
    public byte[] ReadOrMake(string name, Func<byte[]> make)
    {
        var path = Path.Combine(_path, name);
        if (!File.Exists(path)) Write(path, make());
        return File.ReadAllBytes(path);
    }

    /// <summary>Names of all keys that fit a pattern, in order.</summary>
    public IEnumerable<string> Names(string pattern) =>
        !Directory.Exists(_path) ? [] : Directory.EnumerateFiles(_path, pattern).Order(StringComparer.Ordinal).Select(path => Path.GetFileName(path));

    /// <summary>All keys whose file name fits a pattern.</summary>
    public IEnumerable<(string Name, byte[] Content)> ReadAll(string pattern) =>
        !Directory.Exists(_path) ? [] : Directory.EnumerateFiles(_path, pattern).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)));

    /// <summary>Refuses a key that others than the service's account may read or change.</summary>
    /// <exception cref="StartupException">They may; on Windows the folder's own permissions count.</exception>
    public void RequirePrivate(string name)
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(_path, name);
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~Own) == 0) return;
        throw new StartupException($"The key '{path}' can be read by other accounts of this machine; make it private with chmod 600, and rotate it if somebody may have read it.");
    }

    /// <summary>Gives a key another name; nothing happens when there is none, or the other name is taken.</summary>
    public void Rename(string name, string other)
    {
        var (from, to) = (Path.Combine(_path, name), Path.Combine(_path, other));
        if (!File.Exists(from) || File.Exists(to)) return;
        try
        {
            File.Move(from, to);
        }
        catch (FileNotFoundException)
        {
            // Another process did it in the same moment.
        }
    }

    /// <summary>Deletes a key for good.</summary>
    public void Delete(string name) => File.Delete(Path.Combine(_path, name));

    /// <summary>Writes over a key, then deletes it.</summary>
    public void Destroy(string name)
    {
        var path = Path.Combine(_path, name);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    private void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_path);
        }
        else
        {
            Directory.CreateDirectory(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // A name of its own, then a move: a crash leaves no half key.
        var unfinished = $"{path}.{Environment.ProcessId}.new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it in the same moment: that one counts.
            File.Delete(unfinished);
        }
    }
}
