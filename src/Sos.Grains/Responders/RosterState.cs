using Orleans;
using Sos.Grains.State;

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
    public HashSet<Guid> Unpack() => PackedIds.Unpack(Packed);

    /// <summary>Replaces the ids.</summary>
    public void Pack(HashSet<Guid> ids) => Packed = PackedIds.Pack(ids);
}
