namespace Sos.Reliability.Storage;

internal enum DiskAction
{
    Write,
    Truncate,
    Sync,
    Answered,
}

/// <summary>Something done to a file; for a truncation the offset is the new size.</summary>
internal sealed record DiskOperation(string File, DiskAction Action, long Offset, byte[] Data);

/// <summary>The files of a folder as a disk would hold them after some operations.</summary>
internal sealed class DiskImage
{
    private const int Sector = 512;
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>After a kill: the system keeps everything that was written.</summary>
    public static DiskImage AfterKill(IEnumerable<DiskOperation> operations)
    {
        var image = new DiskImage();
        foreach (var operation in operations) image.Apply(operation, random: null);
        return image;
    }

    /// <summary>
    /// After a power cut: what was synced is there; of what came after the last sync of its file, any 512-byte sectors and any
    /// changes of size are there and others are not.
    /// </summary>
    public static DiskImage AfterPowerCut(IReadOnlyList<DiskOperation> operations, Random random)
    {
        var image = new DiskImage();
        for (var i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            var synced = operations.Skip(i).Any(later => later.Action == DiskAction.Sync && later.File == operation.File);
            image.Apply(operation, synced ? null : random);
        }

        return image;
    }

    public void WriteTo(string folder)
    {
        foreach (var old in Directory.GetFiles(folder)) File.Delete(old);
        foreach (var (name, bytes) in _files) File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    private void Apply(DiskOperation operation, Random? random)
    {
        if (operation.Action == DiskAction.Write)
        {
            for (var at = 0; at < operation.Data.Length; at += Sector)
            {
                if (random is not null && random.Next(2) == 0) continue;
                Put(operation.File, operation.Offset + at, operation.Data.AsSpan(at, Math.Min(Sector, operation.Data.Length - at)));
            }
        }
        else if (operation.Action == DiskAction.Truncate && (random is null || random.Next(2) == 0))
        {
            Resize(operation.File, (int)operation.Offset);
        }
    }

    private void Put(string file, long offset, ReadOnlySpan<byte> data)
    {
        if (!_files.TryGetValue(file, out var bytes) || bytes.Length < offset + data.Length) bytes = Resize(file, (int)offset + data.Length);
        data.CopyTo(bytes.AsSpan((int)offset));
    }

    private byte[] Resize(string file, int size)
    {
        var bytes = _files.GetValueOrDefault(file, []);
        Array.Resize(ref bytes, size);
        return _files[file] = bytes;
    }
}
