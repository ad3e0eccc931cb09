namespace Sos.Grains.State;

/// <summary>Ids in a record, 16 bytes each: a third of what they are as text.</summary>
internal static class PackedIds
{
    private const int Size = 16;

    /// <summary>The ids of a packed list.</summary>
    public static HashSet<Guid> Unpack(byte[] packed)
    {
        var ids = new HashSet<Guid>(packed.Length / Size);
        for (var i = 0; i + Size <= packed.Length; i += Size) ids.Add(new Guid(packed.AsSpan(i, Size)));
        return ids;
    }

    /// <summary>Packs ids.</summary>
    public static byte[] Pack(HashSet<Guid> ids)
    {
        var packed = new byte[ids.Count * Size];
        var at = 0;
        foreach (var id in ids)
        {
            id.TryWriteBytes(packed.AsSpan(at));
            at += Size;
        }

        return packed;
    }
}
