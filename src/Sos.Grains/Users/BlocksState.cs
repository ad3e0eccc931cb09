using System.Text.Json.Serialization;
using Orleans;

namespace Sos.Grains.Users;

/// <summary>Whom a person has blocked. Members have short names, so that 200 blocks fit into 64 KB.</summary>
[GenerateSerializer, Alias("sos.users.blocks-state")]
internal sealed class BlocksState
{
    /// <summary>Oldest first.</summary>
    [Id(0), JsonPropertyName("b")] public List<BlockEntry> Blocks { get; set; } = [];

    /// <summary>People whose separations may not yet be as the blocks say: an outbox of at least once.</summary>
    [Id(1), JsonPropertyName("u")] public List<Guid> Unsettled { get; set; } = [];
}

/// <summary>One block.</summary>
[GenerateSerializer, Alias("sos.users.block-entry")]
internal sealed class BlockEntry
{
    [Id(0), JsonPropertyName("i")] public Guid Id { get; set; }

    /// <summary>Who it is; empty while the number belongs to nobody.</summary>
    [Id(1), JsonPropertyName("p")] public Guid Person { get; set; }

    /// <summary>E.164, where that is what was known.</summary>
    [Id(2), JsonPropertyName("n")] public string? Phone { get; set; }

    /// <summary>Key of the number's grain.</summary>
    [Id(3), JsonPropertyName("k")] public string? AddressKey { get; set; }

    /// <summary>The alert that she came to, where that is what was known.</summary>
    [Id(4), JsonPropertyName("a")] public Guid? AlertId { get; set; }

    /// <summary>Her first name there.</summary>
    [Id(5), JsonPropertyName("f")] public string? Name { get; set; }

    [Id(6), JsonPropertyName("t")] public DateTimeOffset At { get; set; }

    /// <summary>The number has not been found to be anybody's yet.</summary>
    public bool IsOpen => Person == Guid.Empty;
}
