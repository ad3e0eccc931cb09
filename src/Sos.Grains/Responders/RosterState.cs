using Orleans;

namespace Sos.Grains.Responders;

/// <summary>The responders on duty of one bucket of an area.</summary>
[GenerateSerializer, Alias("sos.responders.roster")]
internal sealed class RosterState
{
    /// <summary>Most responders of a bucket; packed and in base 64 they are 62 KB.</summary>
    public const int Most = 3_000;

    /// <summary>Their ids, 16 bytes each.</summary>
    [Id(0)] public byte[] Packed { get; set; } = [];

    /// <summary>The ids.</summary>
    public HashSet<Guid> Unpack()
    {
        var ids = new HashSet<Guid>(Packed.Length / 16);
        for (var i = 0; i + 16 <= Packed.Length; i += 16) ids.Add(new Guid(Packed.AsSpan(i, 16)));
        return ids;
    }

    /// <summary>Replaces the ids.</summary>
    public void Pack(HashSet<Guid> ids)
    {
        var packed = new byte[ids.Count * 16];
        var at = 0;
        foreach (var id in ids)
        {
            id.TryWriteBytes(packed.AsSpan(at));
            at += 16;
        }

        Packed = packed;
    }
}
