using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Sos.Embedded.Storage.SqliteNative;

namespace Sos.Embedded.Storage;

/// <summary>
/// SQLite's own file system with two methods of the database file replaced: a written page gets its checksum, a read page must
/// fit it. Everything else (locks, syncs, journal) is SQLite's.
/// </summary>
/// <remarks>The idea is that of SQLite's <c>cksumvfs</c> extension, which is not in the bundled library and leaves the page's place out.</remarks>
internal static unsafe class ChecksummedFileSystem
{
    public const string Name = "sos-checksums";
    public const int PageSize = 8192;

    // Made once and never freed: SQLite keeps pointers to them for the life of the process.
    private static FileSystem* _original;
    private static FileMethods* _methods;
    private static delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> _read;
    private static delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> _write;

    /// <summary>Makes the file system known to SQLite. Called once, after the library is loaded.</summary>
    public static void Register()
    {
        _original = FindFileSystem(null);
        var own = (FileSystem*)NativeMemory.AllocZeroed((nuint)sizeof(FileSystem));
        *own = *_original;
        own->Version = Math.Min(_original->Version, 3);
        own->Next = null;
        own->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        own->Open = &Open;
        if (RegisterFileSystem(own, 0) != Ok) throw new InvalidOperationException("SQLite does not take a file system.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(FileSystem* self, byte* path, OpenFile* file, int flags, int* outFlags)
    {
        var code = _original->Open(_original, path, file, flags, outFlags);
        if (code != Ok || (flags & OpenMainDatabase) == 0) return code;
        if (_methods is null)
        {
            _read = file->Methods->Read;
            _write = file->Methods->Write;
            var methods = (FileMethods*)NativeMemory.AllocZeroed((nuint)sizeof(FileMethods));
            *methods = *file->Methods;
            methods->Version = 1;
            methods->Read = &Read;
            methods->Write = &Write;
            _methods = methods;
        }

        file->Methods = _methods;
        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, byte* buffer, int bytes, long offset)
    {
        var code = _read(file, buffer, bytes, offset);
        if (!IsPage(bytes, offset)) return code;
        var page = new ReadOnlySpan<byte>(buffer, bytes);
        // Beyond the end SQLite reads zeros, and takes a first page of zeros for a new database. A page that ends half-way is damage.
        if (code == IoErrorShortRead) return page.ContainsAnyExcept((byte)0) ? IoErrorData : code;
        return code != Ok || PageChecksum.IsSound(page, offset / PageSize) ? code : IoErrorData;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* buffer, int bytes, long offset)
    {
        // The reserved bytes of SQLite's own page buffer are ours.
        if (IsPage(bytes, offset)) PageChecksum.Seal(new Span<byte>(buffer, bytes), offset / PageSize);
        return _write(file, buffer, bytes, offset);
    }

    private static bool IsPage(int bytes, long offset) => bytes == PageSize && offset % PageSize == 0;
}
