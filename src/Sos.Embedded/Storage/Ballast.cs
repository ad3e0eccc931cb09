using Microsoft.Extensions.Logging;

namespace Sos.Embedded.Storage;

/// <summary>
/// A file that does nothing but take room. When the disk is full it is deleted, so that alerts can still be taken; while the
/// room is short, only the acceptance lane may use the last half of it. It is made again when the disk has room.
/// </summary>
internal sealed partial class Ballast(string path, long bytes, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private long _checked = time.GetTimestamp();

    /// <summary>The file has been given up and there is no room yet to make it again.</summary>
    public bool Released { get; private set; }

    /// <summary>Makes the file if it is not there. Without room for it the store starts all the same.</summary>
    public void Prepare()
    {
        if (bytes == 0) return;
        Released = !TryMake();
        if (Released) LogNoRoom(path, bytes);
    }

    /// <summary>Gives the file up; false when that was done before, so that there is nothing left to give.</summary>
    public bool Release()
    {
        if (bytes == 0 || Released) return false;
        File.Delete(path);
        Released = true;
        _checked = time.GetTimestamp();
        LogReleased(path);
        return true;
    }

    /// <summary>Whether a lane may write now. Also makes the file again, at most one try a second.</summary>
    public bool Admits(WriteLane lane)
    {
        if (!Released) return true;
        if (time.GetElapsedTime(_checked) >= CheckEvery)
        {
            _checked = time.GetTimestamp();
            if (FreeBytes() > bytes + bytes / 2 && TryMake())
            {
                Released = false;
                LogRestored(path);
                return true;
            }
        }

        return lane == WriteLane.Acceptance || FreeBytes() > bytes / 2;
    }

    private long FreeBytes() => new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;

    private bool TryMake()
    {
        if (File.Exists(path) && new FileInfo(path).Length == bytes) return true;
        try
        {
            // Preallocation takes the blocks, which a mere length would not.
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = bytes });
            file.SetLength(bytes);
            return true;
        }
        catch (IOException)
        {
            File.Delete(path);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The disk is full. {Path} was deleted so that alerts can still be taken; make room")]
    private partial void LogReleased(string path);

    [LoggerMessage(Level = LogLevel.Critical, Message = "There is no room for {Path} ({Bytes} bytes), the reserve for a full disk; make room")]
    private partial void LogNoRoom(string path, long bytes);

    [LoggerMessage(Level = LogLevel.Information, Message = "There is room again; {Path} was made anew")]
    private partial void LogRestored(string path);
}
