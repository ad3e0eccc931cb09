using System.Runtime.InteropServices;

namespace Sos.Embedded.Storage;

/// <summary>The parts of SQLite's C interface that SQLitePCLRaw does not give: file systems, and the reserved bytes of pages.</summary>
internal static unsafe partial class SqliteNative
{
    public const int Ok = 0;
    public const int IoErrorShortRead = 10 | (2 << 8);
    public const int IoErrorData = 10 | (32 << 8);
    public const int OpenMainDatabase = 0x100;
    public const int ControlReserveBytes = 38;
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_find")]
    public static partial FileSystem* FindFileSystem(byte* name);

    [LibraryImport(Library, EntryPoint = "sqlite3_vfs_register")]
    public static partial int RegisterFileSystem(FileSystem* fileSystem, int makeDefault);

    [LibraryImport(Library, EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileControl(nint database, string schema, int operation, void* argument);

    /// <summary><c>sqlite3_vfs</c>, version 3. Only the members up to <see cref="Open"/> are named; the rest is copied as it is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FileSystem
    {
        public int Version;
        public int OpenFileBytes;
        public int MaxPath;
        public FileSystem* Next;
        public byte* Name;
        public void* Data;
        public delegate* unmanaged[Cdecl]<FileSystem*, byte*, OpenFile*, int, int*, int> Open;
        public fixed long Others[11];

        // CurrentTimeInt64 is of version 2, the last three are of version 3.
        public fixed long Later[4];
    }

    /// <summary><c>sqlite3_file</c>: its methods, and behind them what belongs to the file system.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenFile
    {
        public FileMethods* Methods;
    }

    /// <summary><c>sqlite3_io_methods</c>, version 1: no shared memory and no memory mapping, which are not used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FileMethods
    {
        public int Version;
        public void* Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Write;
        public fixed long Others[9];
    }
}
