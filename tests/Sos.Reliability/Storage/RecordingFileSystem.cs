using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sos.Embedded.Storage;
using SQLitePCL;

namespace Sos.Reliability.Storage;

/// <summary>
/// SQLite's file system, writing down what is done to the files of one folder: the material for images of a disk after a kill
/// or a power cut at any point. It becomes SQLite's default before the store is used for the first time in this process.
/// </summary>
internal static unsafe class RecordingFileSystem
{
    private static readonly ConcurrentDictionary<nint, string> Paths = new();
    private static SqliteNative.FileSystem* _original;
    private static Methods* _real;

    // Databases and journals have different tables (a journal takes no locks), with the same three methods in them.
    private static readonly ConcurrentDictionary<nint, nint> Recording = new();
    private static volatile string? _folder;
    private static volatile List<DiskOperation>? _log;

    /// <summary>While set, a sync of any file fails as a dying disk would let it.</summary>
    public static bool SyncsFail { get; set; }

    /// <summary>Writes down what happens in the folder from now on.</summary>
    public static List<DiskOperation> Record(string folder)
    {
        _log = [];
        _folder = folder;
        return _log;
    }

    /// <summary>Marks the point at which the caller knows its step to be done.</summary>
    public static void MarkAnswered()
    {
        if (_log is { } log) lock (log) log.Add(new DiskOperation("", DiskAction.Answered, 0, []));
    }

    public static void Stop() => _folder = null;

#pragma warning disable CA2255 // Must come before the static constructor of the store's database.
    [ModuleInitializer]
    internal static void Install()
#pragma warning restore CA2255
    {
        Batteries_V2.Init();
        _original = SqliteNative.FindFileSystem(null);
        var own = (SqliteNative.FileSystem*)NativeMemory.AllocZeroed((nuint)sizeof(SqliteNative.FileSystem));
        *own = *_original;
        own->Version = Math.Min(_original->Version, 3);
        own->Next = null;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8("sos-recording");
        own->Open = &Open;
        if (SqliteNative.RegisterFileSystem(own, makeDefault: 1) != 0) throw new InvalidOperationException("SQLite does not take a file system.");
    }

    private static nint MakeRecording(nint real)
    {
        var methods = (Methods*)NativeMemory.AllocZeroed((nuint)sizeof(Methods));
        *methods = *(Methods*)real;
        methods->Version = 1;
        methods->Write = &Write;
        methods->Truncate = &Truncate;
        methods->Sync = &Sync;
        return (nint)methods;
    }

    private static void Add(SqliteNative.OpenFile* file, DiskAction action, long offset, ReadOnlySpan<byte> data)
    {
        if (_folder is not { } folder || _log is not { } log || !Paths.TryGetValue((nint)file, out var path) || !path.StartsWith(folder, StringComparison.Ordinal)) return;
        lock (log) log.Add(new DiskOperation(Path.GetFileName(path), action, offset, data.ToArray()));
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(SqliteNative.FileSystem* self, byte* path, SqliteNative.OpenFile* file, int flags, int* outFlags)
    {
        var code = _original->Open(_original, path, file, flags, outFlags);
        if (code != 0 || path is null) return code;
        _real = (Methods*)file->Methods;
        Paths[(nint)file] = Marshal.PtrToStringUTF8((nint)path)!;
        file->Methods = (SqliteNative.FileMethods*)Recording.GetOrAdd((nint)file->Methods, static real => MakeRecording(real));
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(SqliteNative.OpenFile* file, byte* buffer, int bytes, long offset)
    {
        Add(file, DiskAction.Write, offset, new ReadOnlySpan<byte>(buffer, bytes));
        return _real->Write(file, buffer, bytes, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(SqliteNative.OpenFile* file, long size)
    {
        Add(file, DiskAction.Truncate, size, []);
        return _real->Truncate(file, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(SqliteNative.OpenFile* file, int flags)
    {
        if (SyncsFail) return raw.SQLITE_IOERR_FSYNC;
        var code = _real->Sync(file, flags);
        Add(file, DiskAction.Sync, 0, []);
        return code;
    }

    /// <summary><c>sqlite3_io_methods</c>, version 1.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public void* Close;
        public void* Read;
        public delegate* unmanaged[Cdecl]<SqliteNative.OpenFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<SqliteNative.OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<SqliteNative.OpenFile*, int, int> Sync;
        public fixed long Others[7];
    }
}
